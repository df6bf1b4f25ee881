"""A stage of one's own: an outline round the subject. The recipe beside this file uses it."""

from PIL import Image as PillowImage
from PIL import ImageChops, ImageFilter

from orchestrator.stage import Context, Field, Image, Params, stage


class Outline(Params):
    """Draw an outline round the subject."""

    width: int = Field(default=2, ge=1, le=16, description="outline width, px")


@stage("studio.outline", version=1)
def outline(image: Image, params: Outline, ctx: Context) -> Image:
    """The subject is what differs from the colour of the corner."""
    picture = image.pil.convert("RGB")
    backdrop = PillowImage.new("RGB", picture.size, picture.getpixel((0, 0)))
    subject = ImageChops.difference(picture, backdrop).convert("L").point([0] * 30 + [255] * 226)
    grown = subject.filter(ImageFilter.MaxFilter(2 * params.width + 1))
    picture.paste("black", None, ImageChops.subtract(grown, subject))
    ctx.note("outline", f"{params.width} px")
    return Image.of(picture)
