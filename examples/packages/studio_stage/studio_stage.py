"""A stage: a shadow under the subject. `orchestrator.stages` names this module."""

from PIL import Image as PillowImage
from PIL import ImageFilter

from orchestrator.stage import Context, Field, Image, Params, StageFailure, stage


class Shadow(Params):
    """Lay a soft shadow under the subject."""

    down: int = Field(default=2, ge=0, le=64, description="how far it falls, px")
    blur: float = Field(default=1.5, ge=0, le=32, description="how soft it is, px")


@stage("studio.shadow", version=1)
def shadow(image: Image, params: Shadow, ctx: Context) -> Image:
    """What is opaque casts it, so the ground must be transparent."""
    subject = image.pil.convert("RGBA")
    cover = subject.getchannel("A")
    if cover.getextrema()[0] == 255:  # noqa: PLR2004
        raise StageFailure(
            "nothing is transparent, so all would lie in shadow", help="put remove-background above"
        )
    under = PillowImage.new("L", subject.size, 0)
    under.paste(cover, (0, params.down))
    black = PillowImage.new("RGBA", subject.size, "black")
    black.putalpha(under.filter(ImageFilter.GaussianBlur(params.blur)))
    ctx.note("shadow", f"{params.down} px down")
    return Image.of(PillowImage.alpha_composite(black, subject))
