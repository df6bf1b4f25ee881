"""`render`: a plan and a seed become a picture."""

from __future__ import annotations

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
    replies = ctx.model(params.painter).paint(requests, ctx.cancelled, ctx.on_step)
    results: list[Image | Failure] = []
    for at, reply in enumerate(replies):
        for name, value in reply.notes.items():
            ctx.note(name, value, at)
        results.append(reply if isinstance(reply, Failure) else Image.of(reply.image))
    return Batch(results)
