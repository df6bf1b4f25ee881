"""What `render` and `repaint` do alike: requests go to the painter, its pictures and notes come back."""

from __future__ import annotations

from collections.abc import Sequence

from orchestrator.stage import Batch, Context, Failure, Image, Painter, PaintRequest, Role


def painted(requests: Sequence[PaintRequest], painter: Role[Painter], ctx: Context) -> Batch[Image | Failure]:
    """A picture or failure for each request; what the painter has to say stands in the notes."""
    replies = ctx.model(painter).paint(requests, ctx.cancelled, ctx.on_step)
    results: list[Image | Failure] = []
    for at, reply in enumerate(replies):
        for name, value in reply.notes.items():
            ctx.note(name, value, at)
        results.append(reply if isinstance(reply, Failure) else Image.of(reply.image))
    return Batch(results)
