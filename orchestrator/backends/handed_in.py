"""Models of kinds without a backend of their own, handed in from Python as objects."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from orchestrator.backends import identity
from orchestrator.backends.unavailable import unavailable
from orchestrator.config import Settings
from orchestrator.recipe import ModelChoice
from orchestrator.stage import KINDS, Card, Description, Model


def describe_object(choice: ModelChoice, settings: Settings, base: Path) -> Description:
    """What an object says of itself; one with `identity` vouches for itself.

    Raises:
        ModelUnavailable: it cannot do what models of its kind do (E356).
    """
    del settings, base
    given, name = choice.given, type(choice.given).__name__
    if missing := lacking(choice.kind, given):
        raise unavailable(
            "E356",
            f"the {name} handed in as `{choice.role}` is no model of the kind `{choice.kind}`",
            choice.span,
            f"Stages call what the Protocol of this kind in `orchestrator.stage` says; "
            f"this object lacks {', '.join(f'`{method}`' for method in missing)}.",
            "hand in an object that has them all",
        )
    card = getattr(given, "card", None)
    return Description(
        role=choice.role,
        kind=choice.kind,
        source=str(choice.source),
        identity=identity.of_object(choice.kind, str(getattr(given, "identity", "") or "")),
        card=card if isinstance(card, Card) else Card(name=name, kind=choice.kind),
        handed_in=given,
    )


def load_object(description: Description, settings: Settings) -> Model:
    """The object as it stands."""
    del settings
    return cast("Model", description.handed_in)


def lacking(kind: str, model: object) -> tuple[str, ...]:
    """What stages ask of a model of this kind, and this object has not."""
    wanted = ("environment", *KINDS[kind].answers)
    return tuple(name for name in wanted if not hasattr(model, name))
