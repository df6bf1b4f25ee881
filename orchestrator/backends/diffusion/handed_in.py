"""Painters that Python hands in: a diffusers pipeline, or any object that paints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from orchestrator.backends.diffusion.card import card_from_settings
from orchestrator.backends.diffusion.families import FAMILIES
from orchestrator.errors import Diagnostic, ModelUnavailable, Span
from orchestrator.stage import Card


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A pipeline with the name that its owner vouches for; without one it counts as new in each run."""

    pipe: object
    identity: str | None = None


def painter(pipe: object, *, identity: str | None = None) -> HandedIn:
    """Wraps a diffusers pipeline (or an object with `paint`) so that a recipe's role can be filled with it.

    Args:
        pipe: the object; it is used as it stands, on its device, in its precision.
        identity: a name such as "studio-sdxl@3" by which you vouch that the same name always draws the same.
            With it, finished pictures are found again in later runs; without it every run draws anew.
    """
    return HandedIn(pipe, identity or vouched_by(pipe))


def vouched_by(given: object) -> str | None:
    """The identity that an object with `paint` claims for itself; a pipeline claims none."""
    claimed = getattr(given, "identity", None) if callable(getattr(given, "paint", None)) else None
    return claimed if isinstance(claimed, str) else None


def card_of_object(given: HandedIn, role: str, span: Span | None) -> Card:
    """The card of a handed-in object; E314 where it draws nothing from text."""
    pipe: Any = given.pipe
    own = getattr(pipe, "card", None)
    if _paints(pipe) and isinstance(own, Card):
        return own
    name = type(pipe).__name__
    if name not in FAMILIES or not isinstance(getattr(pipe, "components", None), Mapping):
        raise ModelUnavailable(_no_painter(name, role, span))
    configs = {
        part: _settings(component) for part, component in pipe.components.items() if component is not None
    }
    return card_from_settings(name, configs, given.identity or name)


def _paints(pipe: object) -> bool:
    """Whether it is an object, no class, with all that `Painter` asks."""
    has_environment = isinstance(getattr(pipe, "environment", None), Mapping)
    return callable(getattr(pipe, "paint", None)) and has_environment and not isinstance(pipe, type)


def _settings(component: Any) -> Mapping[str, object]:
    if hasattr(component, "model_max_length"):
        return {"model_max_length": component.model_max_length}
    config = getattr(component, "config", None)
    settings = cast("Mapping[str, object]", config) if isinstance(config, Mapping) else {}
    return {**settings, "_class_name": type(component).__name__}


def _no_painter(name: str, role: str, span: Span | None) -> Diagnostic:
    return Diagnostic(
        code="E314",
        message=f"the object handed in for the role {role!r} is a {name}, which draws nothing from text",
        span=span,
        why="A painter is one of diffusers' text-to-image pipelines, or an object (no class) with "
        "`paint`, a mapping `environment` and a `card`.",
        help="hand in a pipeline such as StableDiffusionPipeline.from_pretrained(FOLDER)",
    )
