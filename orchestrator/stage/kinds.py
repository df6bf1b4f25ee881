"""The kinds of model, each said once: what it is called by, what it can do, how it is called on.

A further kind is a row here, its Protocol in `stage/models.py`, and a row in `backends/registry.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Final

from orchestrator.frozen import Frozen
from orchestrator.stage.models import (
    Checker,
    Painter,
    PaintReply,
    Scorer,
    Segmenter,
    Upscaler,
    Writer,
    WriteReply,
)


class Kind(Frozen):
    """A kind of model.

    Attributes:
        name: as a recipe writes it, `{NAME: SOURCE}`.
        protocol: what a model of this kind can do.
        usual_role: the role of this kind where a recipe declares none.
        does: what it is there for, in a few words.
        draws: whether it makes the pictures that a run is about.
        sizes_own_batches: whether the loaded model says how many requests it takes at once; else its card.
        answers: what a model of this kind is asked, by method, and the type of one answer; a type out of a
            library that is imported late is written `module:name`.
    """

    name: str
    protocol: object
    usual_role: str
    does: str
    draws: bool = False
    sizes_own_batches: bool = False
    answers: Mapping[str, type | str] = field(default_factory=dict[str, "type | str"])


_PICTURE: Final = "PIL.Image:Image"
KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind("llm", Writer, "writer", "writes", sizes_own_batches=True, answers={"write": WriteReply}),
        Kind("diffusion", Painter, "painter", "draws", draws=True, answers={"paint": PaintReply}),
        Kind("gan", Painter, "gan", "draws in one pass", draws=True, answers={"paint": PaintReply}),
        Kind(
            "clip", Scorer, "judge", "compares pictures with texts",
            answers={"score": float, "classify": Mapping},
        ),
        Kind("segmenter", Segmenter, "segmenter", "finds the subject", answers={"segment": _PICTURE}),
        Kind("upscaler", Upscaler, "upscaler", "draws a picture larger", answers={"upscale": _PICTURE}),
        Kind("checker", Checker, "checker", "says what a picture must not show", answers={"check": Mapping}),
    )
}  # fmt: skip
USUAL_ROLES: Final[Mapping[str, str]] = {kind.usual_role: kind.name for kind in KINDS.values()}
"""The kind of a role that a recipe does not declare, by its usual name."""


def draws(kind: str) -> bool:
    """Whether models of this kind make the pictures that a run is about."""
    return kind in KINDS and KINDS[kind].draws


def sizes_own_batches(kind: str) -> bool:
    """Whether a loaded model of this kind says itself how many requests it takes at once."""
    return kind in KINDS and KINDS[kind].sizes_own_batches


def kinds_of(protocol: object) -> tuple[str, ...]:
    """The kinds whose models can do what a Protocol says; one of a package's own names them as `kinds`."""
    own: tuple[str, ...] = getattr(protocol, "kinds", ())
    return (*(kind.name for kind in KINDS.values() if kind.protocol is protocol), *own)
