"""From the command's arguments to a checked recipe."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from orchestrator.api import Checked


def checked_recipe(
    recipe: str, ideas: Sequence[str], overrides: Sequence[str], stages_files: Sequence[str]
) -> Checked:
    """The recipe, checked with the ideas, settings and stages of the command line.

    Raises:
        InvalidInput: with all findings.
    """
    from orchestrator.api import check_request, command_line_request

    request = command_line_request(ideas, overrides, stages_files)
    return check_request(recipe, request, config=named_config())


def named_config() -> Path | None:
    """The file after `orchestrator --config`."""
    context = click.get_current_context(silent=True)
    named: object = context.find_root().params.get("config") if context else None
    return Path(named) if isinstance(named, str) else None
