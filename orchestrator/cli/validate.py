"""`orchestrator validate`: all findings at once, of one recipe or many; nothing is loaded or run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from orchestrator.cli.arguments import change_options, examples
from orchestrator.cli.console import say, say_findings
from orchestrator.cli.request import named_config
from orchestrator.cli.status import FINE, WRONG

if TYPE_CHECKING:
    from orchestrator.api import Checked, Outcomes, RecipeOutcome

_EXAMPLES = examples(
    "orchestrator validate item-icons",
    "orchestrator validate icons.yaml --set plan.steps=40",
    "orchestrator validate recipes/ icons.yaml --format concise",
    "orchestrator validate . --format github       annotations in a pull request",
    "orchestrator validate . --format sarif > findings.sarif",
)


@click.command("validate", epilog=_EXAMPLES, short_help="Checks recipes without running them.")
@click.argument("recipes", nargs=-1, required=True, metavar="RECIPE...")
@change_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["full", "concise", "json", "github", "sarif"]),
    default="full",
    show_default=True,
    help="How findings are printed.",
)
def command(
    recipes: tuple[str, ...],
    ideas: tuple[str, ...],
    overrides: tuple[str, ...],
    stages_files: tuple[str, ...],
    form: str,
) -> int:
    """Checks recipes without running them: files, names of ready recipes, or folders of recipes.

    A review file stands for the recipe beside it.

    Prints every finding with its place and a fix; exit code 2 if one is an error. `orchestrator explain CODE`
    tells more about a finding.
    """
    from orchestrator.api import check_many, command_line_request

    request = command_line_request(ideas, overrides, stages_files)
    outcomes = check_many(recipes, request, config=named_config())
    if outcomes.skipped:
        say(f"Skipped, for they have no key `recipe`: {', '.join(outcomes.skipped)}", err=True)
    say_findings(outcomes.findings, outcomes.sources, form=form, err=False)
    if outcomes.are_many and form in {"full", "concise"}:
        gap = "\n" if outcomes.findings and form == "full" else ""
        say(gap + _summary(outcomes))
    elif outcomes.sound and form == "full":
        say(_verdict(outcomes.each[0]))
    return FINE if outcomes.sound else WRONG


def _verdict(outcome: RecipeOutcome) -> str:
    checked = outcome.checked
    return f"{outcome.recipe} is a part of others." if checked is None else _shape(outcome.recipe, checked)


def _shape(recipe: str, checked: Checked) -> str:
    graph = checked.graph
    factors = graph.recipe.axes()
    over = " × ".join(f"{len(axis[0].records)} {'+'.join(each.name for each in axis)}" for axis in factors)
    less = ", some of them excluded" if graph.recipe.exclude else ""
    return f"{recipe} is valid: {_counted(len(graph.nodes), 'stage')} over {over or 'one item'}{less}."


def _summary(outcomes: Outcomes) -> str:
    """As `3 recipes, 2 valid: 4 errors, 1 warning.`."""
    count = sum(bool(outcome.recipe) for outcome in outcomes.each)
    if not count:
        return "No recipe was checked."
    findings = outcomes.findings
    valid = sum(outcome.sound for outcome in outcomes.each)
    errors = sum(finding.severity == "error" for finding in findings)
    counts = {"error": errors, "warning": len(findings) - errors}
    told = ", ".join(_counted(number, word) for word, number in counts.items() if number)
    good = f"all {valid}" if valid == count > 1 else str(valid)
    return f"{_counted(count, 'recipe')}, {good} valid{': ' if told else ''}{told}."


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
