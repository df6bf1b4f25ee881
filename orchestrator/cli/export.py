"""`orchestrator export`: the recipe's `export:` block, running what is missing."""

from __future__ import annotations

import click

from orchestrator.cli.arguments import examples, recipe_options
from orchestrator.cli.run import Choices, carried_out

_EXAMPLES = examples(
    "orchestrator export icons.yaml",
    "orchestrator export icons.yaml --only style=flat",
)


@click.command("export", epilog=_EXAMPLES, short_help="Writes the export: block; runs what is missing.")
@recipe_options
@click.option("--only", multiple=True, metavar="DIM=ID,...", help="Only these items; removes nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout; progress as JSON lines.")
def command(
    recipe: str,
    ideas: tuple[str, ...],
    overrides: tuple[str, ...],
    stages_files: tuple[str, ...],
    *,
    only: tuple[str, ...],
    as_json: bool,
) -> int:
    """Writes what RECIPE says under `export:`, and nothing else; what is missing is run first.

    Files that the recipe no longer makes are removed from those folders, unless somebody edited them.
    """
    choices = Choices(None, only, None, None, as_json, export=True, write=False)
    return carried_out(recipe, ideas, overrides, stages_files, choices)
