"""`repaint`: a picture is painted over by a plan, as far as `strength` allows."""

from __future__ import annotations

from orchestrator.builtin.pictures.canvas import canvas
from orchestrator.builtin.pictures.painting import painted
from orchestrator.stage import (
    Batch,
    Context,
    Failure,
    Field,
    Image,
    Painter,
    PaintRequest,
    Params,
    RenderPlan,
    Role,
    stage,
)


class Repaint(Params):
    """Paint a picture over: the plan says what it becomes, `strength` how much of it may change.

    It is scaled and cropped to fill the plan's size. The seed decides the noise: pictures painted over by
    other words on the same seed stay alike.
    """

    strength: float = Field(
        default=0.6, ge=0.02, le=1, description="how much may change: 0.2 a retouch, 0.5 details, 0.8 forms"
    )
    ground: str = Field(
        default="#ffffff", pattern="^#[0-9a-fA-F]{6}$", description="colour behind what is transparent"
    )
    painter: Role[Painter] = Field(
        default=Role[Painter].called(), description="left out: the painter planned for"
    )


@stage("repaint", version=1, batch=True, variants=True, seeded=True)
def repaint(
    plan: Batch[RenderPlan], image: Batch[Image], params: Repaint, ctx: Context
) -> Batch[Image | Failure]:
    """Each picture with its plan and the seed of its item."""
    requests = [
        PaintRequest(one, seed, canvas(under, one, params.ground), params.strength)
        for one, under, seed in zip(plan, image, ctx.seeds, strict=True)
    ]
    return painted(requests, params.painter, ctx)
