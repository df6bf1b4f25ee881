"""`brightness`: the same picture lighter, darker, paler; the states of a button by numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.builtin.pictures.pixels import as_floats, as_picture, has_alpha, luma
from orchestrator.stage import Context, Field, Image, Params, stage

if TYPE_CHECKING:
    from orchestrator.builtin.pictures.pixels import Floats

_THREE = 3


class Brightness(Params):
    """Make a picture lighter or darker, and its colours stronger or paler.

    Both numbers mean what `brightness()` and `saturate()` mean in CSS: colours as they are stored are
    multiplied, without regard to gamma.
    """

    factor: float = Field(default=1.0, ge=0, le=8, description="1 leaves it, 0.5 is half as bright, 0 black")
    saturation: float = Field(default=1.0, ge=0, le=8, description="1 leaves it, 0 is grey")


@stage("brightness", version=1)
def brightness(image: Image, params: Brightness, ctx: Context) -> Image:
    """The picture with its colours multiplied; its alpha is kept."""
    if params.factor == 1 and params.saturation == 1:
        return image
    values = as_floats(image)
    channels = values.shape[2] - has_alpha(image.mode)
    colours = values[:, :, :channels]
    values[:, :, :channels] = params.factor * _saturated(colours, params.saturation)
    ctx.note("clipped", f"{_clipped(values[:, :, :channels]):.1%}")
    return Image.of(as_picture(values, image.mode))


def _saturated(colours: Floats, saturation: float) -> Floats:
    """Each colour drawn away from the grey of its own brightness, or towards it."""
    import numpy as np

    if saturation == 1 or colours.shape[2] < _THREE:
        return colours
    grey = luma(colours)[:, :, np.newaxis]
    return np.clip(grey + np.float32(saturation) * (colours - grey), 0, 1)


def _clipped(colours: Floats) -> float:
    """The share of pixels that became brighter than white."""
    return float((colours > 1).any(axis=2).mean())
