"""Doubles of the kinds that have no backend here yet: at once, and the same on every machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from orchestrator.stage import Card, Failure, UpscaleRequest

if TYPE_CHECKING:
    from PIL import Image


@dataclass(frozen=True, slots=True)
class CornerSegmenter:
    """Takes for the background what has the colour of the upper left corner, exactly."""

    identity: ClassVar[str] = "corner-segmenter@1"
    card: ClassVar[Card] = Card(name="corner-segmenter", kind="segmenter")
    environment: Mapping[str, str] = field(default_factory=lambda: {"segmenter": "corner"}, hash=False)

    def segment(
        self, images: Sequence[Image.Image], cancelled: Callable[[], bool]
    ) -> Sequence[Image.Image | Failure]:
        """A mask of each picture's size: 255 where it differs from its corner."""
        del cancelled
        return [_apart_from_the_corner(image) for image in images]


@dataclass(frozen=True, slots=True)
class NearestUpscaler:
    """Repeats pixels."""

    identity: ClassVar[str] = "nearest-upscaler@1"
    card: ClassVar[Card] = Card(name="nearest-upscaler", kind="upscaler")
    environment: Mapping[str, str] = field(default_factory=lambda: {"upscaler": "nearest"}, hash=False)

    def upscale(
        self, requests: Sequence[UpscaleRequest], cancelled: Callable[[], bool]
    ) -> Sequence[Image.Image | Failure]:
        """Each picture at the size that is asked for."""
        del cancelled
        return [request.image.resize((request.width, request.height), 0) for request in requests]


@dataclass(frozen=True, slots=True)
class ConstantChecker:
    """Says of every picture what it was told to say."""

    labels: Mapping[str, float] = field(default_factory=lambda: {"nsfw": 0.0}, hash=False)
    card: ClassVar[Card] = Card(name="constant-checker", kind="checker")
    environment: Mapping[str, str] = field(default_factory=lambda: {"checker": "constant"}, hash=False)

    @property
    def identity(self) -> str:
        """It vouches for itself."""
        return f"constant-checker@1:{sorted(self.labels.items())}"

    def check(
        self, images: Sequence[Image.Image], cancelled: Callable[[], bool]
    ) -> Sequence[Mapping[str, float] | Failure]:
        """The labels, for each."""
        del cancelled
        return [dict(self.labels) for _ in images]


def _apart_from_the_corner(image: Image.Image) -> Image.Image:
    from PIL import Image as Pillow
    from PIL import ImageChops

    plain = image.convert("RGBA")
    ground = Pillow.new("RGBA", plain.size, plain.getpixel((0, 0)))
    bands = ImageChops.difference(plain, ground).split()
    most = bands[0]
    for band in bands[1:]:
        most = ImageChops.lighter(most, band)
    return most.point(lambda value: 255 if value else 0)
