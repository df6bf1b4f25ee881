"""`render`: a plan and a seed become a picture."""

from __future__ import annotations

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


class Render(Params):
    """Draw the picture that a plan describes; style, size and steps are pinned on `plan`."""

    painter: Role[Painter] = Field(
        default=Role[Painter].called(), description="left out: the painter planned for"
    )


@stage("render", version=1, batch=True, variants=True, seeded=True)
def render(plan: Batch[RenderPlan], params: Render, ctx: Context) -> Batch[Image | Failure]:
    """Each plan with the seed of its item; what the painter has to say stands in the notes."""
    requests = [PaintRequest(one, seed) for one, seed in zip(plan, ctx.seeds, strict=True)]
    return painted(requests, params.painter, ctx)
