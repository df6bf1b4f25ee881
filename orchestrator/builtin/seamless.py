"""`seamless`: a picture becomes a tile whose opposite borders go on into each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.builtin.pictures.pixels import as_floats, as_picture, has_alpha
from orchestrator.stage import Context, Field, Image, Params, stage

if TYPE_CHECKING:
    from orchestrator.builtin.pictures.pixels import Floats

_SMALLEST = 4
_GRAIN_PARTS = 16


class Seamless(Params):
    """Make a texture tileable by blending it, near its borders, with itself moved by half."""

    margin: float = Field(
        default=0.25, ge=0.02, le=0.5, description="width of the blend at each border, part of the side"
    )


@stage("seamless", version=1)
def seamless(image: Image, params: Seamless, ctx: Context) -> Image:
    """First the left and right borders are joined, then the upper and lower ones; the size stays."""
    values = _premultiplied(as_floats(image), image.mode)
    coarse = _coarse(values)
    fine = values - coarse
    for axis in (1, 0):
        weights = _weights(values.shape[axis], params.margin, axis)
        coarse, fine = _blended(coarse, weights, axis), _blended(fine, weights, axis, as_noise=True)
    tile = Image.of(as_picture(_straight(coarse + fine, image.mode), image.mode))
    ctx.note("seam", {"before": _seam(as_floats(image)), "after": _seam(as_floats(tile))})
    return tile


def _weights(length: int, margin: float, axis: int) -> Floats:
    """How much of the picture itself stays at each place of an axis: 0 at both borders, 1 in the middle.

    The moved copy has a seam of its own in the middle; there it must count nothing.
    """
    import numpy as np

    at = np.arange(length, dtype=np.float32)
    reach = max(1.0, min(margin * length, length // 2 - 1))
    part = np.minimum(np.minimum(at, length - 1 - at) / np.float32(reach), 1)
    smooth = part * part * part * (part * (part * 6 - 15) + 10)
    return smooth.reshape((1, -1, 1) if axis == 1 else (-1, 1, 1)).astype(np.float32)


def _blended(values: Floats, weights: Floats, axis: int, *, as_noise: bool = False) -> Floats:
    """A picture cross-faded with itself moved by half along an axis.

    Two independent parts mixed half and half have only 0.7 of the contrast of one. `as_noise` makes up for
    it (Heitz & Neyret 2018, variance-preserving blending); it is right for grain, whose mean is 0.
    """
    import numpy as np

    length = values.shape[axis]
    if length < _SMALLEST:
        return values
    moved = np.roll(values, length // 2, axis)
    mixed = weights * values + (1 - weights) * moved
    return mixed / np.sqrt(weights * weights + (1 - weights) * (1 - weights)) if as_noise else mixed


def _coarse(values: Floats) -> Floats:
    """Large forms and gradients: the mean over a square round each pixel."""
    import numpy as np

    for axis in (0, 1):
        reach = max(1, values.shape[axis] // (2 * _GRAIN_PARTS))
        around = [(reach, reach) if at == axis else (0, 0) for at in range(3)]
        padded = np.moveaxis(np.pad(values, around, mode="edge"), axis, 0)
        # Float64 and integers of 2^-40, so that running sums neither drift nor depend on their order.
        sums = np.cumsum(np.rint(padded.astype(np.float64) * 2**40).astype(np.int64), axis=0)
        sums = np.concatenate([np.zeros_like(sums[:1]), sums])
        width = 2 * reach + 1
        means = (sums[width:] - sums[:-width]) / (width * 2**40)
        values = np.moveaxis(means, 0, axis).astype(np.float32)
    return values


def _premultiplied(values: Floats, mode: str) -> Floats:
    """Colours times alpha, so that what nobody sees does not bleed into what is seen."""
    if has_alpha(mode):
        values[:, :, :-1] *= values[:, :, -1:]
    return values


def _straight(values: Floats, mode: str) -> Floats:
    import numpy as np

    if has_alpha(mode):
        alpha = np.clip(values[:, :, -1:], 0, 1)
        colours = np.divide(values[:, :, :-1], alpha, out=np.zeros_like(values[:, :, :-1]), where=alpha > 0)
        return np.concatenate([colours, alpha], axis=2)
    return values


def _seam(values: Floats) -> dict[str, float]:
    """How much neighbours across the borders differ, as a multiple of what neighbours elsewhere do."""
    return {"left-right": _jump(values, 1), "top-bottom": _jump(values, 0)}


def _jump(values: Floats, axis: int) -> float:
    import numpy as np

    lines = np.moveaxis(values, axis, 0)
    across = float(np.abs(lines[0] - lines[-1]).mean())
    within = float(np.abs(lines[1:] - lines[:-1]).mean()) if len(lines) > 1 else across
    return round(across / within, 2) if within else 0.0
