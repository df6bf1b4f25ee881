"""From the command's arguments to a checked recipe."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestrator.api.locate import locate
from orchestrator.api.validate import Request, check_located
from orchestrator.config import settings_from

if TYPE_CHECKING:
    from orchestrator.api import Checked


def checked_recipe(
    recipe: str, ideas: Sequence[str], overrides: Sequence[str], stages_files: Sequence[str]
) -> Checked:
    """The recipe, checked with the ideas, settings and stages of the command line.

    Raises:
        InvalidInput: with all findings.
    """
    request = Request(
        items={"idea": list(ideas)} if ideas else None,
        overrides=[_from_here(override) for override in overrides],
        stages_files=stages_files,
        items_from="<--idea>",
    )
    located = locate(recipe)
    return check_located(located, request, settings_from(config=named_config(), project=located.home))


def named_config() -> Path | None:
    """The file after `orchestrator --config`."""
    context = click.get_current_context(silent=True)
    named: object = context.find_root().params.get("config") if context else None
    return Path(named) if isinstance(named, str) else None


def _from_here(override: str) -> str:
    """A model's folder on the command line counts from the current folder; in a recipe, from the recipe's."""
    name, equals, source = override.partition("=")
    if not name.startswith("models.") or not equals:
        return override
    kind, colon, folder = source.rpartition(":")
    if not set(folder) & {"/", "\\"} or not Path(folder).is_dir():
        return override
    return f"{name}={kind}{colon}{Path(folder).resolve().as_posix()}"
