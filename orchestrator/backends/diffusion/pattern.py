"""A double beside the real painter: draws a pattern that depends on the plan and the seed alone, at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from PIL import Image

from orchestrator.backends.diffusion.post import finished
from orchestrator.errors import Cancelled
from orchestrator.stage import Card, Failure, PaintReply, PaintRequest, RenderPlan

_CELLS = 8
_CARD = Card(
    name="pattern-painter",
    kind="diffusion",
    family="pattern",
    width=64,
    height=64,
    steps=4,
    guidance_scale=2.0,
    schedulers=("PatternScheduler",),
)


@dataclass(frozen=True, slots=True)
class PatternPainter:
    """Paints a mirrored mosaic in two colours. A prompt that holds `refuse` gives a Failure.

    Over a picture it paints the mosaic as thickly as the request's strength says.

    It can be handed in, `models={"painter": PatternPainter()}`, and vouches for itself.
    """

    kinds: ClassVar[tuple[str, ...]] = ("diffusion",)
    identity: ClassVar[str] = "pattern-painter@1"
    card: Card = _CARD
    environment: Mapping[str, str] = field(default_factory=lambda: {"painter": "pattern"}, hash=False)

    def paint(
        self,
        requests: Sequence[PaintRequest],
        cancelled: Callable[[], bool],
        on_step: Callable[[int, int], None],
    ) -> Sequence[PaintReply | Failure]:
        """One mosaic a request; counts the plan's steps, and looks at `cancelled` at each."""
        total = sum(request.plan.steps for request in requests)
        done = 0
        replies: list[PaintReply | Failure] = []
        for request in requests:
            for _ in range(request.plan.steps):
                if cancelled():
                    raise Cancelled
                done += 1
                on_step(done, total)
            replies.append(_reply(request))
        return replies


def _reply(request: PaintRequest) -> PaintReply | Failure:
    if "refuse" in request.plan.prompt:
        return Failure("the painter failed: the prompt asks the double to refuse", "E522")
    mosaic = _mosaic(request.plan, request.seed)
    if request.image is not None:
        mosaic = Image.blend(request.image, mosaic, request.strength)
    notes = {"tokens": {"count": len(request.plan.prompt.split()), "limit": 77}}
    return finished(mosaic, request.plan, notes)


def _mosaic(plan: RenderPlan, seed: int) -> Image.Image:
    bits = hashlib.sha256(f"{seed}|{plan.encode()!r}".encode()).digest()
    ink, ground = (bits[0], bits[1], bits[2]), (255 - bits[0], 255 - bits[1], 255 - bits[2])
    small = Image.new("RGB", (_CELLS, _CELLS), ground)
    for y in range(_CELLS):
        for x in range(_CELLS // 2):
            if bits[3 + (y * _CELLS // 2 + x) % 29] >> (x % 8) & 1:
                small.putpixel((x, y), ink)
                small.putpixel((_CELLS - 1 - x, y), ink)
    return small.resize((plan.width, plan.height), Image.Resampling.NEAREST)
