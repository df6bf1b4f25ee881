"""Connected regions of a mask, and what lies near them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Numbers = NDArray[np.intp]


def touching_border(mask: Mask) -> Mask:
    """The regions of a mask that reach the border of the picture."""
    import numpy as np

    border = np.zeros_like(mask)
    border[0], border[-1], border[:, 0], border[:, -1] = True, True, True, True
    return joined(mask, border)


def joined(mask: Mask, seeds: Mask) -> Mask:
    """The regions of a mask in which there is a seed.

    Pixels are neighbours by their sides alone, so nothing leaks through a diagonal line one pixel wide.
    """
    import numpy as np

    regions = _regions(mask, corners=False)
    reached = np.zeros(mask.size + 1, dtype=bool)
    reached[regions[mask & seeds]] = True
    return mask & reached[regions]


def smaller_than(mask: Mask, pixels: int) -> Mask:
    """The regions of a mask that have fewer pixels; pixels are neighbours by their corners too."""
    import numpy as np

    regions = _regions(mask, corners=True)
    counts = np.bincount(regions[mask], minlength=mask.size + 1)
    return mask & (counts < pixels)[regions]


def grown(mask: Mask, reach: int) -> Mask:
    """All pixels within a square of this reach round a pixel of the mask."""
    for axis in (0, 1):
        lines = mask.swapaxes(0, axis)
        wider = lines.copy()
        for step in range(1, min(reach, len(lines) - 1) + 1):
            wider[step:] |= lines[:-step]
            wider[:-step] |= lines[step:]
        mask = wider.swapaxes(0, axis)
    return mask


def _regions(mask: Mask, *, corners: bool) -> Numbers:
    """A number for each pixel, equal within a region; of no meaning outside the mask.

    Runs of pixels in a row are joined with the runs that touch them in the next one: each round hooks a
    root under a smaller one that it touches, and at least halves the roots that still have one to join,
    so even a maze takes few rounds.
    """
    import numpy as np

    runs = np.cumsum(_starts(mask).ravel(), dtype=np.intp).reshape(mask.shape)
    above, below = _contacts(mask, runs, corners=corners)
    root = cast("Numbers", np.arange(mask.size + 1))
    while True:
        one, other = root[above], root[below]
        if np.array_equal(one, other):
            return root[runs]
        np.minimum.at(root, np.maximum(one, other), np.minimum(one, other))
        while not np.array_equal(root, root[root]):
            root = root[root]


def _starts(mask: Mask) -> Mask:
    """The first pixel of each run in its row."""
    starts = mask.copy()
    starts[:, 1:] &= ~mask[:, :-1]
    return starts


def _contacts(mask: Mask, runs: Numbers, *, corners: bool) -> tuple[Numbers, Numbers]:
    """Pairs of runs, one in a row and one in the next, that touch."""
    import numpy as np

    pairs: list[tuple[Numbers, Numbers]] = []
    for step in (-1, 0, 1) if corners else (0,):
        width = mask.shape[1] - abs(step)
        left, right = max(0, -step), max(0, step)
        upper, lower = np.s_[:-1, left : left + width], np.s_[1:, right : right + width]
        both = _starts(mask[upper] & mask[lower])
        pairs.append((runs[upper][both], runs[lower][both]))
    return np.concatenate([pair[0] for pair in pairs]), np.concatenate([pair[1] for pair in pairs])
