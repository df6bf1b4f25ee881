"""What a type checker tells somebody who writes a stage. Never run: `test_typing.py` gives it to two.

A line that must be refused ends in `# refused`; every other line must be taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_type

from PIL import Image as PillowImage

from orchestrator.stage import (
    Batch,
    Context,
    Failure,
    Field,
    Gathered,
    Idea,
    Image,
    Many,
    Painter,
    PaintReply,
    PaintRequest,
    Params,
    Prompt,
    RenderPlan,
    Role,
    Score,
    stage,
)


class Outline(Params):
    """Draw an outline round the subject."""

    width: int = Field(default=2, ge=1, le=16, description="outline width, px")
    painter: Role[Painter] = Field(default=Role[Painter](), description="who draws")


@stage("typing.outline", version=1)
def outline(image: Image, params: Outline, ctx: Context) -> Image:
    assert_type(image.pil, PillowImage.Image)
    assert_type(params.width, int)
    assert_type(ctx.model(params.painter), Painter)
    ctx.note("outline", f"{params.width} px")
    return Image.of(image.pil)


@stage("typing.best", version=1)
def best(images: Gathered[Image], scores: Gathered[Score], params: Outline, ctx: Context) -> Image:
    assert_type(images[0].artifact, Image | None)
    first = images.present[0].artifact
    return first  # refused


@stage("typing.frames", version=1, seeded=True)
def frames(plan: RenderPlan, params: Outline, ctx: Context) -> Many[Image]:
    assert_type(plan.prompt, str)
    assert_type(ctx.seed, int)
    return Many([Image.of(PillowImage.new("RGB", (1, 1)))])


@stage("typing.words", version=1, batch=True)
def words(ideas: Batch[Idea], params: Outline, ctx: Context) -> Sequence[Prompt | Failure]:
    return [Prompt(subject=idea.text) for idea in ideas]


class Dots(Painter):
    """A painter of a studio's own."""

    def paint(
        self, requests: Sequence[PaintRequest], cancelled: object, on_step: object
    ) -> Sequence[PaintReply | Failure]:
        return [PaintReply(PillowImage.new("RGB", (1, 1))) for _ in requests]


def a_unit_test_just_calls_it(image: Image, ctx: Context) -> None:
    assert_type(outline(image, Outline(width=3), ctx), Image)
    outline(image, Outline(width="wide"), ctx)  # refused
    outline("no picture", Outline(), ctx)  # refused
    Outline(colour="red")  # refused
    image.width_of_the_outline  # refused
    ctx.model("painter").write()  # refused
