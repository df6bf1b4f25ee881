"""`remove-background`: the subject of a picture on a plain ground, cut out with a soft edge."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from orchestrator.builtin.pictures.cells import cell_size, one_each, spread
from orchestrator.builtin.pictures.pixels import as_floats, as_picture, has_alpha
from orchestrator.builtin.pictures.regions import grown, joined, smaller_than, touching_border
from orchestrator.stage import Context, Field, Image, Params, StageFailure, stage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from orchestrator.builtin.pictures.pixels import Floats
    from orchestrator.builtin.pictures.regions import Mask

_BORDER_PARTS = 32
_WHITE = 255
_COARSE = 16
_PLAIN = 0.5
_LEAST_SUBJECT = 0.001
_LEAST_TRANSPARENT = 0.001
"""A pixel or two of alpha is what an editor left, no picture that is cut already."""
_GENTLE = 6.5
"""How much of 255 a ground that fades changes from one pixel to the next; edges change more."""
_MOST_FADED = 0.02
_LEAST_SIDE = 8
_TOLERATED = 120
"""Beyond this a subject of any colour would be cleared too."""
_MOST_NOISE = 0.25
_OPAQUE = 0.996
_STEPS = (0, 1, 2, 3, 4, 6, 8, 12, 16)
"""Where the subject's colour is looked for: thin lines are near; where edges are blurred, fewer places do."""


class RemoveBackground(Params):
    """Cut the subject out of a plain ground; a picture that has transparency already stays as it is."""

    tolerance: int = Field(
        default=32, ge=0, le=200, description="how far a channel of the ground may be from its colour, of 255"
    )
    softness: int = Field(
        default=2, ge=0, le=8, description="reach of the soft edge to either side, px; 0: a hard edge"
    )
    holes: bool = Field(
        default=False, description="whether areas of the ground's colour inside the subject are cleared too"
    )
    specks: int = Field(
        default=0, ge=0, le=10_000, description="spots of fewer pixels are cleared too; 0 keeps them all"
    )


@stage("remove-background", version=2)
def remove_background(image: Image, params: RemoveBackground, ctx: Context) -> Image:
    """Clears what has the ground's colour and is joined to the border; RGBA. Pixel art is cut by cells."""
    import numpy as np

    values = as_floats(image)
    own = values[:, :, -1] if has_alpha(image.mode) else np.ones(values.shape[:2], np.float32)
    if (own < 1).mean() >= _LEAST_TRANSPARENT:
        ctx.note("background", "transparent already")
        return image if image.mode == "RGBA" else Image.of(image.pil.convert("RGBA"))
    cell = cell_size(values)
    made = _cut(_three_channels(one_each(values, cell or (1, 1)), image.mode), cell, params, ctx)
    made = spread(made, cell or (1, 1))
    made[:, :, 3] = np.minimum(made[:, :, 3], own)
    return Image.of(as_picture(made, "RGBA"))


def _cut(colours: Floats, cell: tuple[int, int] | None, params: RemoveBackground, ctx: Context) -> Floats:
    """RGBA of a picture, or of pixel art with one value a cell, whose edges are hard."""
    ground = _ground(colours, params)
    area = cell[0] * cell[1] if cell else 1
    cleared = _cleared(colours, ground, params, area)
    if 1 - cleared.mean() < _LEAST_SUBJECT:
        raise StageFailure(
            f"the whole picture is ground of the colour {_hex(ground)}, and no subject would be left",
            code="E541",
            help=f"lower `tolerance` (now {params.tolerance}), or have the subject drawn in another colour",
        )
    pixel_art = {"cells": f"{cell[1]}x{cell[0]} px"} if cell else {}
    ctx.note("background", {"colour": _hex(ground), "cleared": f"{cleared.mean():.0%}", **pixel_art})
    return _matte(colours, ground, cleared, 0 if cell else params.softness)


def _three_channels(values: Floats, mode: str) -> Floats:
    import numpy as np

    colours = values[:, :, :-1] if has_alpha(mode) else values
    return np.repeat(colours, 3, axis=2) if colours.shape[2] == 1 else colours


def _distance(colours: Floats, ground: Floats) -> Floats:
    """The largest difference of a channel; what `tolerance` is compared with."""
    import numpy as np

    return np.abs(colours - ground).max(axis=2)


def _cleared(colours: Floats, ground: Floats, params: RemoveBackground, area: int) -> Mask:
    """The pixels (cells of `area` pixels) that are ground, before edges are softened."""
    similar = _distance(colours, ground) <= _allowed(params)
    cleared = similar if params.holes else touching_border(similar)
    specks = -(-params.specks // area)
    return cleared | smaller_than(~cleared, specks) if specks else cleared


def _ground(colours: Floats, params: RemoveBackground) -> Floats:
    """The colour of the ground: the commonest one along the border.

    A subject that runs over the border moves neither the mode nor the median of what is near it, as it
    would move a mean.
    """
    import numpy as np

    border = _border(colours)
    coarse = np.floor(border * (_COARSE - 1) + np.float32(0.5)).astype(np.int64) @ [1, _COARSE, _COARSE**2]
    colour = np.median(border[coarse == np.bincount(coarse).argmax()], axis=0)
    near = np.abs(border - colour).max(axis=1) <= max(_allowed(params), 1 / _COARSE)
    colour = np.median(border[near], axis=0)
    share = float((np.abs(border - colour).max(axis=1) <= _allowed(params)).mean())
    if share < _PLAIN:
        raise StageFailure(
            f"the border is no plain ground: its commonest colour {_hex(colour)} covers {share:.0%} of it",
            code="E540",
            help=f"ask for a plain background in the prompt, or raise `tolerance` (now {params.tolerance})",
        )
    _refuse_fading(colours, colour, params)
    return colour.astype(np.float32)


def _refuse_fading(colours: Floats, ground: Floats, params: RemoveBackground) -> None:
    """E540 where the ground goes over, little by little, into what `tolerance` does not clear.

    Looked for along the border alone: a soft shadow within the picture is the subject's.
    """
    import numpy as np

    if min(colours.shape[:2]) < _LEAST_SIDE:
        return
    ring = _smooth(_ring(colours))
    away = np.abs(ring - ground).max(axis=1)
    steps = np.abs(ring - np.roll(ring, 1, axis=0)).max(axis=1) > _GENTLE / _WHITE
    stretch = np.cumsum(steps) % max(1, int(steps.sum()))  # the last goes on in the first
    near = away <= _allowed(params)
    faded = ~near & np.isin(stretch, stretch[near])
    if faded.mean() <= _MOST_FADED:
        return
    reach = int(np.ceil(float(away[faded].max()) * _WHITE))
    plain = "ask for a plain background in the prompt"
    raise StageFailure(
        f"the ground fades: from {_hex(ground)} it changes by {reach} of 255 along the border, "
        f"and {faded.mean():.0%} of the border would be left standing",
        code="E540",
        help=f"raise `tolerance` to {reach + 1} (now {params.tolerance}), or {plain}"
        if reach < _TOLERATED
        else plain,
    )


def _ring(colours: Floats) -> Floats:
    """The outermost pixels, once round."""
    import numpy as np

    return np.concatenate([colours[0, :-1], colours[:-1, -1], colours[-1, :0:-1], colours[:0:-1, 0]])


def _smooth(ring: Floats) -> Floats:
    """Medians of five neighbours: noise goes, edges stay."""
    import numpy as np

    return np.median([np.roll(ring, step, axis=0) for step in range(-2, 3)], axis=0)


def _allowed(params: RemoveBackground) -> float:
    """The tolerance as a part of white; half a step more, so that rounding decides nothing."""
    return (params.tolerance + 0.5) / _WHITE


def _border(colours: Floats) -> Floats:
    """The pixels of a frame along the border, as a list of colours."""
    import numpy as np

    width = max(1, min(colours.shape[:2]) // _BORDER_PARTS)
    frame = np.ones(colours.shape[:2], dtype=bool)
    frame[width:-width, width:-width] = False
    return colours[frame]


def _matte(colours: Floats, ground: Floats, cleared: Mask, softness: int) -> Floats:
    """RGBA. An edge pixel is a mixture of the ground and of a colour of the subject nearby.

    Its alpha is the subject's part in the mixture, and the ground's part of its colour is replaced by the
    subject's, so that no halo is left on another ground. Hard edges have no mixtures and stay hard.
    """
    import numpy as np

    edge = grown(cleared, softness) & grown(~cleared, softness)
    noise = _noise(_distance(colours, ground), cleared & ~edge)
    own = (colours - ground)[edge]
    full = _subject(colours - ground, edge, cleared, 2 * softness)
    part, alpha = _parts(own, full, noise)
    result = np.concatenate([colours, ~cleared[:, :, np.newaxis]], axis=2).astype(np.float32)
    # What is fully transparent has the subject's mean colour: an engine that filters mixes it in.
    result[cleared, :3] = colours[~cleared].mean(axis=0)
    soft = result.copy()
    soft[edge, :3] = np.clip(ground + own + (1 - part)[:, np.newaxis] * full, 0, 1)
    soft[edge, 3] = alpha
    # What lies behind something opaque is no edge: the fill of a figure with a dark outline.
    seen = joined(cleared | (edge & (soft[:, :, 3] < _OPAQUE)), cleared)
    return np.where(seen[:, :, np.newaxis], soft, result)


def _parts(own: Floats, full: Floats, noise: float) -> tuple[Floats, Floats]:
    """The subject's part in each mixture, and the alpha that follows from it.

    Noise of the ground must not be seen, and as much of it in the subject must not be seen through.
    """
    import numpy as np

    square = _dot(full, full)
    part = np.clip(_dot(own, full) / np.maximum(square, 1e-6), 0, 1)
    least = np.minimum(noise / np.maximum(np.sqrt(square), 1e-3), _MOST_NOISE)
    return part, np.clip((part - least) / (1 - 2 * least), 0, 1)


def _subject(offsets: Floats, edge: Mask, cleared: Mask, reach: int) -> Floats:
    """For each edge pixel the colour of the subject that it is mixed with, as the offset from the ground.

    Mixtures lie on the line from the ground's colour to the subject's. So it is the colour nearby that lies
    far from the ground in the direction of the pixel's own: a black outline, not the brighter red within it.
    """
    import numpy as np

    rows, columns = np.nonzero(edge)
    own = offsets[edge]
    length = np.sqrt(np.maximum(_dot(own, own), 1e-6))
    best, found = np.zeros(len(own), dtype=np.float32), np.where(cleared[edge][:, np.newaxis], 0, own)
    steps = sorted({sign * step for step in _STEPS if step <= reach for sign in (-1, 1)})
    for down, right in itertools.product(steps, steps):
        at = (rows + down).clip(0, edge.shape[0] - 1), (columns + right).clip(0, edge.shape[1] - 1)
        there = offsets[at]
        far = np.sqrt(np.maximum(_dot(there, there), 1e-6))
        cosine = np.maximum(_dot(own, there), 0) / (length * far)
        merit = np.where(cleared[at], 0, far * cosine * cosine * cosine * cosine)
        better = merit > best
        best[better], found[better] = merit[better], there[better]
    return found


def _dot(one: Floats, other: Floats) -> Floats:
    """Products of rows; a matrix product would sum in an order of the machine."""
    return one[:, 0] * other[:, 0] + one[:, 1] * other[:, 1] + one[:, 2] * other[:, 2]


def _noise(distance: Floats, certain: Mask) -> float:
    """How far ground that is far from any edge is from its colour; less than that is no subject."""
    import numpy as np

    return float(np.quantile(distance[certain], 0.95)) if certain.any() else 0.0


def _hex(colour: NDArray[np.floating]) -> str:
    red, green, blue = (round(float(value) * _WHITE) for value in colour)
    return f"#{red:02x}{green:02x}{blue:02x}"
