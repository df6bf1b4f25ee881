"""Endpoints: models that the operator configured, which a recipe names by a bare word."""

from __future__ import annotations

from pathlib import Path

from orchestrator.backends.unavailable import unavailable
from orchestrator.errors import ModelUnavailable, did_you_mean
from orchestrator.recipe import ModelChoice


def no_endpoint(choice: ModelChoice, name: str, base: Path) -> ModelUnavailable:
    """E350: a bare word that is neither `embedded` nor an endpoint of this machine."""
    meant = did_you_mean(name, ["embedded"])
    if (base / name).is_dir():
        meant = f"./{name}"
    return unavailable(
        "E350",
        f"no endpoint is called `{name}`",
        choice.span,
        "A bare word is `embedded` or an endpoint that the operator configured; none is configured. "
        "A folder is written with a `/`.",
        f"did you mean `{meant}`?" if meant else "name a folder, or a model on Hugging Face with its commit",
        meant or f"./{name}",
    )
