"""`picture`: a picture out of a file, as something to paint over, cut or measure."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from orchestrator.builtin.pictures.colour_key import has_colour_key, without_colour
from orchestrator.stage import Context, Field, File, Image, Params, StageFailure, stage

if TYPE_CHECKING:
    from PIL import Image as PillowImage

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF")
"""What Pillow may decode here; its other decoders are rarely needed and more often at fault."""

_MILLION = 1_000_000
_TAKEN = "PNG, JPEG, WebP, BMP and GIF"


class FromFile(Params):
    """Take a picture from a file under the recipe's folder."""

    file: File = Field(description="the file (`refs/knight.png`)")
    largest: float = Field(
        default=32.0, gt=0, le=128, description="most pixels that are decoded, width × height, in millions"
    )


@stage("picture", version=2)
def picture(params: FromFile, ctx: Context) -> Image:
    """Upright, with its alpha; of an animation the first frame; colours as the file has them."""
    data = ctx.file(params.file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of sizes that `largest` allows
            return _decoded(data, params, ctx)
    except StageFailure:
        raise
    except Exception as error:  # a decoder raises anything over a stranger's bytes
        raise _damaged(params, error) from error


def _decoded(data: bytes, params: FromFile, ctx: Context) -> Image:
    with _opened(data, params) as opened:
        if opened.width * opened.height > params.largest * _MILLION:
            raise _too_large(opened, params)
        ctx.note("file", {"format": opened.format, "size": list(opened.size), "mode": opened.mode})
        return _transformed(opened)


def _transformed(opened: PillowImage.Image) -> Image:
    """Upright and in a mode that is kept."""
    from PIL import ImageOps

    if has_colour_key(opened):
        return Image.of(ImageOps.exif_transpose(without_colour(opened)))
    opened.load()
    return Image.of(opened)


def _opened(data: bytes, params: FromFile) -> PillowImage.Image:
    """Only the header is read."""
    from PIL import Image as PillowImage

    try:
        return PillowImage.open(io.BytesIO(data), formats=FORMATS)
    except PillowImage.UnidentifiedImageError as error:
        raise StageFailure(
            f"{params.file.name} is no picture that can be read" if data else f"{params.file.name} is empty",
            code="E544",
            help=f"these are read: {_TAKEN}; save it as one of them",
        ) from error
    except PillowImage.DecompressionBombError as error:
        raise StageFailure(
            f"{params.file.name} has too many pixels: {error}", code="E545", help="scale it down"
        ) from error


def _too_large(opened: PillowImage.Image, params: FromFile) -> StageFailure:
    return StageFailure(
        f"{params.file.name} has {opened.width} × {opened.height} pixels, more than `largest` allows "
        f"({params.largest:g} million)",
        code="E545",
        help="scale it down, or raise `largest`",
    )


def _damaged(params: FromFile, error: Exception) -> StageFailure:
    text = (str(error).strip() or type(error).__name__).splitlines()[0]
    return StageFailure(
        f"{params.file.name} is damaged: {text}", code="E546", help="save it again from where it came"
    )
