"""Pictures as arrays of numbers between 0 and 1, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image as PillowImage

    from orchestrator.stage import Picture

    Floats = NDArray[np.floating]

_SIXTEEN_BITS = 65535
_EIGHT_BITS = 255
_WITH_ALPHA = frozenset({"LA", "RGBA"})


def as_floats(picture: Picture) -> Floats:
    """Height × width × channels (1, 2, 3 or 4; the last is alpha where there are 2 or 4), 0 to 1."""
    import numpy as np

    scale = np.float32(_SIXTEEN_BITS if picture.mode == "I;16" else _EIGHT_BITS)
    values = np.asarray(picture.pil).astype(np.float32) / scale
    return values[:, :, np.newaxis] if values.ndim == 2 else values  # noqa: PLR2004 - no channel axis


def as_picture(values: Floats, mode: str) -> PillowImage.Image:
    """The nearest picture of this mode; values beyond 0 and 1 are clipped."""
    import numpy as np
    from PIL import Image as PillowImage

    sixteen = mode == "I;16"
    scale = _SIXTEEN_BITS if sixteen else _EIGHT_BITS
    whole = np.rint(np.clip(values, 0, 1) * np.float32(scale)).astype("<u2" if sixteen else np.uint8)
    height, width = whole.shape[:2]
    return PillowImage.frombytes(mode, (width, height), whole.tobytes())


def as_rgba(picture: Picture) -> PillowImage.Image:
    """RGBA; sixteen bits of grey are scaled, where Pillow alone would clip them."""
    eight = as_picture(as_floats(picture), "L") if picture.mode == "I;16" else picture.pil
    return eight.convert("RGBA")


def has_alpha(mode: str) -> bool:
    """Whether pictures of this mode have an alpha channel."""
    return mode in _WITH_ALPHA


def luma(colours: Floats) -> Floats:
    """Brightness of each pixel by the weights of Rec. 709; alpha is not looked at."""
    if colours.shape[2] <= 2:  # noqa: PLR2004 - grey, with or without alpha
        return colours[:, :, 0]
    return 0.2126 * colours[:, :, 0] + 0.7152 * colours[:, :, 1] + 0.0722 * colours[:, :, 2]
