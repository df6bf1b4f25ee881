"""`orchestrator validate`: all findings at once; nothing is loaded or run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from orchestrator.cli.arguments import examples, recipe_options
from orchestrator.cli.console import say, say_findings
from orchestrator.cli.status import FINE, WRONG

if TYPE_CHECKING:
    from orchestrator.api import Checked

_EXAMPLES = examples(
    "orchestrator validate item-icons",
    "orchestrator validate icons.yaml --set plan.steps=40",
    "orchestrator validate icons.yaml --format concise",
)


@click.command("validate", epilog=_EXAMPLES, short_help="Checks a recipe without running it.")
@recipe_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["full", "concise", "json"]),
    default="full",
    show_default=True,
    help="How findings are printed.",
)
def command(
    recipe: str, ideas: tuple[str, ...], overrides: tuple[str, ...], stages_files: tuple[str, ...], form: str
) -> int:
    """Checks RECIPE, a file or the name of a ready recipe, without running it.

    Prints every finding with its place and a fix; exit code 2 if one is an error.
    """
    from orchestrator.cli.request import checked_recipe
    from orchestrator.errors import InvalidInput

    try:
        checked = checked_recipe(recipe, ideas, overrides, stages_files)
    except InvalidInput as error:
        say_findings(error.findings, error.sources, form=form, err=False)
        return WRONG
    say_findings(checked.findings, checked.sources, form=form, err=False)
    if form == "full":
        say(_verdict(recipe, checked))
    return FINE


def _verdict(recipe: str, checked: Checked) -> str:
    graph = checked.graph
    over = " × ".join(f"{len(dimension.records)} {dimension.name}" for dimension in graph.recipe.dimensions)
    return f"{recipe} is valid: {len(graph.nodes)} stages over {over or 'one item'}."
