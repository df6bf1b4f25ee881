"""`orchestrator run`: does what is not done yet, and says where it lies."""

from __future__ import annotations

import gc
import shutil
import sys
from contextlib import closing, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO, cast

import click

from orchestrator.cli.arguments import examples, only_of, recipe_options
from orchestrator.cli.console import Enduring, say, say_findings, say_json, show_error
from orchestrator.cli.interrupt import Interrupt
from orchestrator.cli.status import FAILED, FINE, STOPPED, WRONG

if TYPE_CHECKING:
    from orchestrator.api import Checked, Exported, Run, Session, Written
    from orchestrator.errors import OrchestratorError
    from orchestrator.report import Progress


@dataclass(frozen=True, slots=True)
class Choices:
    """The options of one call that are not the recipe's."""

    out: str | None
    only: tuple[str, ...]
    limit: int | None
    to: str | None
    as_json: bool
    export: bool = False
    write: bool = True


_EXAMPLES = examples(
    "orchestrator run item-icons",
    'orchestrator run item-icons --idea "fire sword" --idea 一只可爱的猫咪',
    "orchestrator run icons.yaml --only idea=fire-sword --set plan.steps=40",
    "orchestrator run icons.yaml --to plan",
    "orchestrator run icons.yaml --stages outline.py --out build/icons",
)


@click.command("run", epilog=_EXAMPLES, short_help="Runs a recipe; does only what is not done yet.")
@recipe_options
@click.option("--out", metavar="DIR", type=click.Path(), help="Where files are written.  [default: out/NAME]")
@click.option(
    "--only", multiple=True, metavar="DIM=ID,...", help="Only these items: idea=fire-sword,style=flat."
)
@click.option("--limit", type=int, metavar="N", help="Only the first N items.")
@click.option("--to", metavar="STAGE", help="Only up to this stage; --to plan prints the structured prompts.")
@click.option("--export", is_flag=True, help="Write the recipe's export: block too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout; progress as JSON lines.")
def command(  # noqa: PLR0913 - an argument for each option
    recipe: str,
    ideas: tuple[str, ...],
    overrides: tuple[str, ...],
    stages_files: tuple[str, ...],
    *,
    out: str | None,
    only: tuple[str, ...],
    limit: int | None,
    to: str | None,
    export: bool,
    as_json: bool,
) -> int:
    """Runs RECIPE, a file or the name of a ready recipe.

    What is finished already is not made again: stop it, change it, add ideas, and run the same command.
    Exit code 1 if an item failed, 2 if the recipe is wrong, 130 after Ctrl-C.
    """
    choices = Choices(out, only, limit, to, as_json, export=export)
    return carried_out(recipe, ideas, overrides, stages_files, choices)


def carried_out(
    recipe: str,
    ideas: tuple[str, ...],
    overrides: tuple[str, ...],
    stages_files: tuple[str, ...],
    choices: Choices,
) -> int:
    """Checks, runs, tells; the exit code."""
    from orchestrator.api import Session, command_line_request
    from orchestrator.cli.request import named_config
    from orchestrator.errors import OrchestratorError

    try:
        with Session(config=named_config()) as session:
            checked = session.check_request(recipe, command_line_request(ideas, overrides, stages_files))
            if not choices.as_json:
                say_findings(checked.findings, checked.sources)
            with Interrupt() as interrupt:
                return _told(_executed(checked, session, choices, interrupt), choices)
    except OrchestratorError as error:
        return _refused(error, as_json=choices.as_json)


def _executed(checked: Checked, session: Session, choices: Choices, interrupt: Interrupt) -> Run:
    from orchestrator.api import Part, Watch, output_folder

    gc.enable()
    part = Part(only=only_of(choices.only), limit=choices.limit, to=choices.to)
    folder = output_folder(checked, choices.out, part) if choices.write else None
    with closing(_progress(as_json=choices.as_json)) as progress, redirect_stdout(sys.stderr):
        # what a stage prints is no part of our answer
        watch = Watch(listener=interrupt.watching(progress), cancelled=interrupt)
        return session.carry_out(checked, out=folder, part=part, watch=watch, export=choices.export)


def _progress(*, as_json: bool) -> Progress:
    from orchestrator.report import JsonProgress, PlainProgress, TerminalProgress

    stream = cast("TextIO", Enduring(sys.stderr))
    if as_json:
        return JsonProgress(stream)
    if stream.isatty():
        return TerminalProgress(stream, columns=lambda: shutil.get_terminal_size().columns)
    return PlainProgress(stream)


def _told(run: Run, choices: Choices) -> int:
    """Says what came of it; the exit code."""
    from orchestrator.api import run_document
    from orchestrator.report import prompts_text, summary

    report = run.report
    if choices.as_json:
        _say_document(run_document(run, exported=choices.export))
    else:
        if report.prompts and choices.write:
            say(prompts_text(report.prompts) + "\n")
        say(summary(report))
        for export in run.exported:
            say(_export_line(export))
    say_findings(run.blocked, {})
    for written in _all_written(run):
        _tell_kept(written)
    failed = [finding for export in run.exported for finding in export.findings]
    if not choices.as_json:
        say_findings(failed, run.checked.sources)
    if run.stopped:
        return STOPPED
    return FAILED if report.failures or run.blocked or failed else FINE


def _all_written(run: Run) -> list[Written]:
    return [*([run.written] if run.written else []), *(export.written for export in run.exported)]


def _export_line(export: Exported) -> str:
    """`Exported 12 files to build/icons/ (3 new or changed, 1 removed).`."""
    written = export.written
    count = len(written.added) + len(written.unchanged)
    changed = {"new or changed": len(written.added), "removed": len(written.removed)}
    parts = ", ".join(f"{number} {word}" for word, number in changed.items() if number) or "all as they were"
    return f"Exported {count} file{'' if count == 1 else 's'} to {export.folder.as_posix()}/ ({parts})."


def _tell_kept(written: Written) -> None:
    if written.kept:
        kept = ", ".join(written.kept)
        say(f"Kept, because somebody edited them: {kept}. Delete one to have it written again.", err=True)


def _refused(error: OrchestratorError, *, as_json: bool) -> int:
    """An error before or instead of a run; with --json its findings are the document."""
    import json

    from orchestrator.errors import InvalidInput
    from orchestrator.errors.render import as_json as findings_json

    if as_json and isinstance(error, InvalidInput):
        _say_document({"findings": json.loads(findings_json(error.findings))})
        return WRONG
    return show_error(error)


def _say_document(document: dict[str, object]) -> None:
    import json

    say_json(json.dumps(document, ensure_ascii=False, indent=2))
