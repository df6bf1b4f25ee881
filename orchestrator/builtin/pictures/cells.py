"""Pixel art: pictures whose cells of several pixels have one colour each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from orchestrator.builtin.pictures.pixels import Floats

_SPRITE = 64
_FEW = 16
_FEWEST_CELLS = 4


def cell_size(values: Floats) -> tuple[int, int] | None:
    """Height and width of the cells in pixels; None for a picture that is no pixel art.

    A small sprite of few colours is pixel art with cells of one pixel. Values are H × W × channels.
    """
    size = _period(values, 0), _period(values, 1)
    cells = values.shape[0] // size[0], values.shape[1] // size[1]
    if min(size) > 1 and min(cells) >= _FEWEST_CELLS:
        return size
    return (1, 1) if max(values.shape[:2]) <= _SPRITE and _few_colours(values) else None


def one_each(values: Floats, cell: tuple[int, int]) -> Floats:
    """One value for each cell."""
    return values[:: cell[0], :: cell[1]]


def spread(values: Floats, cell: tuple[int, int]) -> Floats:
    """Each value over the whole of its cell."""
    return values.repeat(cell[0], axis=0).repeat(cell[1], axis=1)


def _period(values: Floats, axis: int) -> int:
    """The largest size of cells along an axis whose limits hold all changes of colour."""
    import numpy as np

    lines = values.swapaxes(0, axis)
    changes: NDArray[np.intp] = np.nonzero((lines[1:] != lines[:-1]).any(axis=(1, 2)))[0] + 1
    return math.gcd(len(lines), *(int(at) for at in changes))


def _few_colours(values: Floats) -> bool:
    import numpy as np

    return len(np.unique(values.reshape(-1, values.shape[2]), axis=0)) <= _FEW
