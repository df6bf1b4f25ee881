"""`orchestrator validate`: all findings at once, of one recipe or many; nothing is loaded or run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from orchestrator.cli.arguments import change_options, examples
from orchestrator.cli.console import say, say_findings
from orchestrator.cli.request import named_config
from orchestrator.cli.status import FINE, WRONG

if TYPE_CHECKING:
    from orchestrator.api import Checked, Outcomes, RecipeOutcome, Request
    from orchestrator.errors import Diagnostic

_EXAMPLES = examples(
    "orchestrator validate item-icons",
    "orchestrator validate icons.yaml --set plan.steps=40",
    "orchestrator validate icons.yaml --fix        mends what is clear, and says what is left",
    "orchestrator validate icons.yaml --fix --diff shows that and writes nothing",
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
@click.option("--fix", is_flag=True, help="Mends in the files what is clear: misspelt names and the like.")
@click.option("--diff", is_flag=True, help="With --fix: shows the changes and writes nothing.")
def command(
    recipes: tuple[str, ...],
    ideas: tuple[str, ...],
    overrides: tuple[str, ...],
    stages_files: tuple[str, ...],
    form: str,
    *,
    fix: bool,
    diff: bool,
) -> int:
    """Checks recipes without running them: files, names of ready recipes, or folders of recipes.

    A review file stands for the recipe beside it.

    Prints every finding with its place and a fix; exit code 2 if one is an error. `orchestrator explain CODE`
    tells more about a finding.

    With --fix, files in and below the recipe's folder are mended where only one thing can be meant; comments,
    order and line ends stay. Then what is left is told.
    """
    from orchestrator.api import check_many, command_line_request

    request = command_line_request(ideas, overrides, stages_files)
    if diff and not fix:
        raise click.UsageError("--diff shows what --fix would change: write both")
    if diff:
        return _shown_changes(recipes, request)
    unwritten = fix and not _mended(recipes, request, err=form not in {"full", "concise"})
    outcomes = check_many(recipes, request, config=named_config())
    if outcomes.skipped:
        say(f"Skipped, for they have no key `recipe`: {', '.join(outcomes.skipped)}", err=True)
    say_findings(outcomes.findings, outcomes.sources, form=form, err=False)
    if outcomes.are_many and form in {"full", "concise"}:
        gap = "\n" if outcomes.findings and form == "full" else ""
        say(gap + _summary(outcomes))
    elif outcomes.sound and form == "full":
        say(_verdict(outcomes.each[0]))
    return FINE if outcomes.sound and not unwritten else WRONG


def _shown_changes(recipes: Sequence[str], request: Request) -> int:
    """The changes as a unified diff; the exit code is that of the files as they are."""
    from difflib import unified_diff

    from orchestrator.api import check_many, mend_many

    mended = mend_many(recipes, request, config=named_config(), writes=False)
    for file in mended.files:
        before, after = (text.splitlines(keepends=True) for text in (file.before, file.after))
        lines = unified_diff(before, after, file.file, file.file)
        say("\n".join(line.rstrip("\r\n") for line in lines))
    say(_counted(len(mended.findings), "finding") + " would be mended.", err=True)
    return FINE if check_many(recipes, request, config=named_config()).sound else WRONG


def _mended(recipes: Sequence[str], request: Request, *, err: bool) -> bool:
    """Mends the files and says what was done; whether all of them could be written."""
    from orchestrator.api import mend_many
    from orchestrator.errors.render import where

    mended = mend_many(recipes, request, config=named_config())
    for finding in mended.findings:
        say(f"{where(finding.span)}: mended[{finding.code}]: {finding.message} {_done(finding)}", err=err)
    if mended.refused:
        say_findings(mended.refused, {})
    if mended.files:
        written = ", ".join(file.file for file in mended.files)
        say(f"{_counted(len(mended.findings), 'finding')} mended in {written}.\n", err=err)
    return not mended.refused


def _done(finding: Diagnostic) -> str:
    """As `→ render`."""
    written = " … ".join(" ".join(edit.text.split()) or "(taken out)" for edit in finding.edits)
    return f"→ {written}"


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
