"""The painter itself: blots whose places come from the prompt and the seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from PIL import Image, ImageColor, ImageDraw

from orchestrator.provider import Wanted
from orchestrator.stage import Cancelled, Failure, PaintReply, PaintRequest
from studio_inkpad.card import ink

BLOTS = 12


class Inkpad:
    """Stamps blots of one ink on white paper."""

    def __init__(self, colour: tuple[int, ...]) -> None:
        self._colour = colour
        self.environment: Mapping[str, str] = {"ink": str(colour)}

    def paint(
        self,
        requests: Sequence[PaintRequest],
        cancelled: Callable[[], bool],
        on_step: Callable[[int, int], None],
    ) -> Sequence[PaintReply | Failure]:
        """A picture for each request; nothing but its own prompt and seed decides it."""
        replies: list[PaintReply | Failure] = []
        for request in requests:
            if cancelled():
                raise Cancelled
            replies.append(self._stamped(request))
            on_step(len(replies), len(requests))
        return replies

    def _stamped(self, request: PaintRequest) -> PaintReply | Failure:
        if request.image is not None:
            return Failure("an ink pad stamps on white paper alone", "E525")
        width, height = request.plan.width, request.plan.height
        dice = random.Random(f"{request.seed} {request.plan.prompt}")  # noqa: S311 - chance for a picture
        paper = Image.new("RGB", (width, height), "white")
        pen = ImageDraw.Draw(paper)
        for _ in range(BLOTS):
            x, y, radius = dice.randrange(width), dice.randrange(height), dice.randrange(1, 1 + width // 8)
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=self._colour)
        return PaintReply(paper, {"blots": BLOTS})


def load(wanted: Wanted) -> Inkpad:
    """The painter with its ink."""
    return Inkpad(ImageColor.getrgb(ink(wanted)))
