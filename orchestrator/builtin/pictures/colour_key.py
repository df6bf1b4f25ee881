"""The one colour that a PNG says is transparent (its chunk tRNS), in every depth that PNG has."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from orchestrator.builtin.pictures.pixels import as_rgba

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image as PillowImage
    from PIL.ImageFile import ImageFile

_SCALE = {"L;2": 85, "L;4": 17}
"""Pillow spreads the values of fewer bits over eight, and leaves the colour as the file has it."""
_DEEP = "RGB;16B"


def has_colour_key(opened: PillowImage.Image) -> bool:
    """Whether one colour of a picture without alpha and palette means transparent."""
    return opened.mode in {"1", "L", "RGB", "I;16"} and "transparency" in opened.info


def without_colour(opened: PillowImage.Image) -> PillowImage.Image:
    """RGBA, transparent where the picture has the colour; not loaded before. Sixteen bits become eight."""
    import numpy as np
    from PIL import Image as PillowImage

    from orchestrator.stage import Image

    raw = str(cast("ImageFile", opened).tile[0].args)
    low = _low_bytes(opened) if raw == _DEEP else None
    opened.load()
    meant = _means_transparent(np.asarray(opened), low, opened.info["transparency"], _SCALE.get(raw, 1))
    seen = as_rgba(Image(opened.mode, opened.size, opened.tobytes())) if opened.mode == "I;16" else opened
    made = seen.convert("RGB").convert("RGBA")
    made.putalpha(PillowImage.fromarray(np.where(meant, 0, 255).astype(np.uint8)))
    return made


def _means_transparent(
    values: NDArray[np.generic], low: NDArray[np.uint8] | None, key: object, scale: int
) -> NDArray[np.bool_]:
    """Which pixels have the colour. A colour of three numbers is compared in all of its bits."""
    import numpy as np

    if values.ndim == 2:  # noqa: PLR2004 - grey
        grey = values.astype(np.int64) * (255 if values.dtype == np.bool_ else 1)
        return grey == int(cast("int", key)) * scale
    whole = values.astype(np.int64) if low is None else values.astype(np.int64) * 256 + low
    return (whole == np.asarray(key, dtype=np.int64)).all(axis=2)


def _low_bytes(opened: PillowImage.Image) -> NDArray[np.uint8]:
    """The lower halves of sixteen bits, which Pillow leaves out: read as if their order were the other."""
    import io

    import numpy as np
    from PIL.PngImagePlugin import PngImageFile

    opened.fp.seek(0)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    data = cast("bytes", opened.fp.read())  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    with PngImageFile(io.BytesIO(data)) as again:
        again.tile = [tile._replace(args="RGB;16L") for tile in again.tile]
        return np.asarray(again).copy()
