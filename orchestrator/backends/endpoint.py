"""Endpoints: models that the operator configured, which a recipe names by a bare word."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from orchestrator.errors import ModelUnavailable, unknown
from orchestrator.errors.edits import respelt
from orchestrator.recipe import ModelChoice


def no_endpoint(choice: ModelChoice, name: str, base: Path) -> ModelUnavailable:
    """E350: a bare word that is neither `embedded` nor an endpoint of this machine."""
    is_folder = (base / name).is_dir()
    found = unknown(
        "E350",
        f"no endpoint is called `{name}`",
        name,
        choice.span,
        () if is_folder else ["embedded"],
        why="A bare word is `embedded` or an endpoint that the operator configured; none is configured. "
        "A folder is written with a `/`.",
        otherwise=f"did you mean `./{name}`?"
        if is_folder
        else "name a folder, or a model on Hugging Face with its commit",
        otherwise_fix=f"./{name}",
    )
    edits = respelt(name, choice.span, f"./{name}") if is_folder else found.edits
    return ModelUnavailable(replace(found, edits=edits))
