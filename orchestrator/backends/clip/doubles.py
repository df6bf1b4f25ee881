"""Doubles beside the real scorer: at once, and the same on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from PIL import Image

from orchestrator.stage import Card, Failure


@dataclass(frozen=True, slots=True)
class ConstantScorer:
    """Every picture fits every text by the same value, and a vocabulary has equal shares."""

    value: float = 0.5
    kinds: ClassVar[tuple[str, ...]] = ("clip",)
    environment: Mapping[str, str] = field(default_factory=lambda: {"scorer": "constant"}, hash=False)

    @property
    def identity(self) -> str:
        """It vouches for itself."""
        return f"constant-scorer@1:{self.value}"

    @property
    def card(self) -> Card:
        """A card with an open vocabulary."""
        return Card(name="constant-scorer", kind="clip")

    def score(
        self, images: Sequence[Image.Image], texts: Sequence[str], cancelled: Callable[[], bool]
    ) -> Sequence[float | Failure]:
        """The value, for each."""
        del texts, cancelled
        return [self.value for _ in images]

    def classify(
        self, images: Sequence[Image.Image], vocabulary: Sequence[str], cancelled: Callable[[], bool]
    ) -> Sequence[Mapping[str, float] | Failure]:
        """Equal shares."""
        del cancelled
        return [{text: 1 / len(vocabulary) for text in vocabulary} for _ in images]


@dataclass(frozen=True, slots=True)
class PatternScorer:
    """Scores by a digest of pixels and text; a text that holds `refuse` gives a Failure."""

    kinds: ClassVar[tuple[str, ...]] = ("clip",)
    identity: ClassVar[str] = "pattern-scorer@1"
    card: ClassVar[Card] = Card(name="pattern-scorer", kind="clip")
    environment: Mapping[str, str] = field(default_factory=lambda: {"scorer": "pattern"}, hash=False)

    def score(
        self, images: Sequence[Image.Image], texts: Sequence[str], cancelled: Callable[[], bool]
    ) -> Sequence[float | Failure]:
        """A number in 0 … 1 for each pair."""
        del cancelled
        pairs = zip(images, texts, strict=True)
        return [
            Failure("the double was asked to refuse") if "refuse" in text else _number(image, text)
            for image, text in pairs
        ]

    def classify(
        self, images: Sequence[Image.Image], vocabulary: Sequence[str], cancelled: Callable[[], bool]
    ) -> Sequence[Mapping[str, float] | Failure]:
        """The numbers of `score`, brought to a sum of 1."""
        del cancelled
        rows = ({text: _number(image, text) for text in vocabulary} for image in images)
        return [{text: value / sum(row.values()) for text, value in row.items()} for row in rows]


def _number(image: Image.Image, text: str) -> float:
    digest = hashlib.sha256(image.mode.encode() + image.tobytes() + text.encode()).digest()
    return (1 + int.from_bytes(digest[:4])) / (1 << 32)
