"""`animate`: a few frames that go away from a picture and come back to it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from orchestrator.builtin.pictures.canvas import canvas
from orchestrator.stage import (
    Context,
    Failure,
    Field,
    Image,
    Many,
    Painter,
    PaintReply,
    PaintRequest,
    Params,
    RenderPlan,
    Role,
    StageFailure,
    stage,
)

_LEAST = 0.02


class Animate(Params):
    """Make a loop of frames by painting a picture over, more and more, then less and less.

    The first frame is the picture itself. Every frame has the same noise, so a frame differs from its
    neighbours by its strength alone: a sway, not a walk. Frames on the way back equal those on the way there.
    """

    frames: int = Field(default=4, ge=2, le=64, description="number of frames in the loop")
    strength: float = Field(default=0.4, ge=_LEAST, le=1, description="how far the farthest frame may change")
    ground: str = Field(
        default="#ffffff", pattern="^#[0-9a-fA-F]{6}$", description="colour behind what is transparent"
    )
    painter: Role[Painter] = Field(
        default=Role[Painter].called(), description="left out: the painter planned for"
    )


@stage("animate", version=1, variants=True, seeded=True)
def animate(plan: RenderPlan, image: Image, params: Animate, ctx: Context) -> Many[Image]:
    """All frames of one loop; the strength rises to the middle of the loop and falls again, as a cosine."""
    path = strengths(params.frames, params.strength)
    under = canvas(image, plan, params.ground)
    wanted = sorted({strength for strength in path if strength})
    requests = [PaintRequest(plan, ctx.seed, under, strength) for strength in wanted]
    replies = ctx.model(params.painter).paint(requests, ctx.cancelled, ctx.on_step)
    painted = _painted(wanted, replies)
    ctx.note("strengths", path)
    for name, value in replies[0].notes.items():
        ctx.note(name, value)
    base = Image.of(under)
    return Many([painted.get(strength, base) for strength in path])


def strengths(frames: int, most: float) -> list[float]:
    """The strength of each frame: 0 for the picture itself, `most` in the middle of the loop.

    What is too weak to be painted is 0.
    """
    away = (min(at, frames - at) / frames for at in range(frames))  # the same number there and back
    path = (most * (1 - math.cos(2 * math.pi * part)) / 2 for part in away)
    return [strength if strength >= _LEAST else 0.0 for strength in (round(one, 3) for one in path)]


def _painted(wanted: Sequence[float], replies: Sequence[PaintReply | Failure]) -> Mapping[float, Image]:
    """The picture of each strength; a loop with a frame missing is none."""
    pictures: dict[float, Image] = {}
    for strength, reply in zip(wanted, replies, strict=True):
        if isinstance(reply, Failure):
            raise StageFailure(
                f"the frame of strength {strength} failed: {reply.message}", code=reply.code, help=reply.help
            )
        pictures[strength] = Image.of(reply.image)
    return pictures
