"""`orchestrator validate`: all findings at once, of one recipe or many; nothing is loaded or run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestrator.cli.arguments import change_options, examples
from orchestrator.cli.console import say, say_findings
from orchestrator.cli.status import FINE, WRONG
from orchestrator.frozen import Frozen

if TYPE_CHECKING:
    from orchestrator.api import Checked
    from orchestrator.errors import Diagnostic

_EXAMPLES = examples(
    "orchestrator validate item-icons",
    "orchestrator validate icons.yaml --set plan.steps=40",
    "orchestrator validate recipes/ icons.yaml --format concise",
    "orchestrator validate . --format github       annotations in a pull request",
    "orchestrator validate . --format sarif > findings.sarif",
)


class _Outcome(Frozen):
    """What came of one recipe; `verdict` is empty where it is wrong."""

    recipe: str
    findings: Sequence[Diagnostic]
    sources: Mapping[str, str]
    verdict: str = ""


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
    from orchestrator.api.find_recipes import beside_review

    many = len(recipes) > 1 or any(Path(recipe).is_dir() for recipe in recipes)

    def checked(recipe: str) -> _Outcome:
        return _outcome(recipe, ideas, overrides, stages_files)

    outcomes = _outcomes(recipes, checked) if many else [checked(beside_review(each)) for each in recipes]
    findings = list(dict.fromkeys(finding for outcome in outcomes for finding in outcome.findings))
    sources = {file: text for outcome in outcomes for file, text in outcome.sources.items()}
    say_findings(findings, sources, form=form, err=False)
    fine = all(outcome.verdict for outcome in outcomes)
    if many and form in {"full", "concise"}:
        gap = "\n" if findings and form == "full" else ""
        say(gap + _summary(outcomes, findings))
    elif fine and form == "full":
        say(outcomes[0].verdict)
    return FINE if fine else WRONG


def _outcomes(recipes: Sequence[str], checked: Callable[[str], _Outcome]) -> list[_Outcome]:
    """One for each recipe behind the arguments; says which files of a folder are none.

    A recipe of a folder that another one includes is checked there: by itself its ports may be open.
    """
    from orchestrator.api.find_recipes import find_recipes, is_open_port
    from orchestrator.errors import has_errors

    found = find_recipes(recipes)
    if found.skipped:
        say(f"Skipped, for they have no key `recipe`: {', '.join(found.skipped)}", err=True)
    outcomes = [_Outcome("", found.findings, {})] if found.findings else []
    outcomes += [checked(recipe) for recipe in found.recipes]
    included = {file for outcome in outcomes for file in outcome.sources if file != outcome.recipe}
    for at, outcome in enumerate(outcomes):
        if outcome.recipe in found.inside & included:
            rest = [each for each in outcome.findings if not is_open_port(each, outcome.recipe)]
            verdict = "" if has_errors(rest) else f"{outcome.recipe} is a part of others."
            outcomes[at] = replace(outcome, findings=rest, verdict=outcome.verdict or verdict)
    return outcomes


def _outcome(
    recipe: str, ideas: Sequence[str], overrides: Sequence[str], stages_files: Sequence[str]
) -> _Outcome:
    from orchestrator.cli.request import checked_recipe
    from orchestrator.errors import InvalidInput

    try:
        checked = checked_recipe(recipe, ideas, overrides, stages_files)
    except InvalidInput as error:
        return _Outcome(recipe, error.findings, error.sources)
    return _Outcome(recipe, checked.findings, checked.sources, _verdict(recipe, checked))


def _verdict(recipe: str, checked: Checked) -> str:
    graph = checked.graph
    factors = graph.recipe.axes()
    over = " × ".join(f"{len(axis[0].records)} {'+'.join(each.name for each in axis)}" for axis in factors)
    less = ", some of them excluded" if graph.recipe.exclude else ""
    return f"{recipe} is valid: {_counted(len(graph.nodes), 'stage')} over {over or 'one item'}{less}."


def _summary(outcomes: Sequence[_Outcome], findings: Sequence[Diagnostic]) -> str:
    """As `3 recipes, 2 valid: 4 errors, 1 warning.`."""
    count = sum(bool(outcome.recipe) for outcome in outcomes)
    if not count:
        return "No recipe was checked."
    valid = sum(bool(outcome.verdict) for outcome in outcomes)
    errors = sum(finding.severity == "error" for finding in findings)
    counts = {"error": errors, "warning": len(findings) - errors}
    told = ", ".join(_counted(number, word) for word, number in counts.items() if number)
    good = f"all {valid}" if valid == count > 1 else str(valid)
    return f"{_counted(count, 'recipe')}, {good} valid{': ' if told else ''}{told}."


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
