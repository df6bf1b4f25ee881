"""export: the `export:` block of a run that has ended, as files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from orchestrator.api.assets import assets_of
from orchestrator.api.outputs import metadata_of
from orchestrator.errors import Diagnostic, InvalidInput, Span
from orchestrator.export import Written, check_out, write_run
from orchestrator.export.formats import Piece
from orchestrator.export.plan import PlannedExport

if TYPE_CHECKING:
    from orchestrator.api.result import Run
    from orchestrator.api.validate import Checked


@dataclass(frozen=True, slots=True)
class Exported:
    """What became of one folder of the `export:` block."""

    folder: Path
    written: Written


def check_exports(checked: Checked) -> None:
    """Whether there is something to export, and every folder can be written.

    Raises:
        InvalidInput: the recipe has no `export:` (E438), or a folder cannot be made or written (E420, E421).
    """
    if not checked.exports:
        raise InvalidInput([_nothing(checked.located.file)], dict(checked.sources))
    advice = "name another folder in `to:`"
    found = [check_out(_shown(plan.folder), plan.entry.to.span, advice) for plan in checked.exports]
    findings = [finding for finding in found if finding is not None]
    if findings:
        raise InvalidInput(findings, dict(checked.sources))


def export_run(run: Run) -> tuple[Exported, ...]:
    """Writes every entry; what a recipe no longer makes goes, unless something failed or was left out."""
    check_exports(run.checked)
    by_folder = sorted(run.checked.exports, key=lambda plan: plan.folder)
    return tuple(
        Exported(_shown(folder), _write(run, folder, list(plans)))
        for folder, plans in groupby(by_folder, key=lambda plan: plan.folder)
    )


def _write(run: Run, folder: Path, plans: Sequence[PlannedExport]) -> Written:
    files = [file for plan in plans for file in plan.format.files(_pieces(run, plan), plan.options)]
    incomplete = run.partial or bool(run.failures)
    return write_run(files, folder, partial=incomplete, owner=f"{run.name}:export")


def _pieces(run: Run, plan: PlannedExport) -> Iterator[Piece]:
    for source in plan.sources:
        for asset in assets_of(run.checked.graph, run.results, (source.stage,)):
            stem, metadata = source.stem(asset.coordinates), metadata_of(asset)
            yield Piece(stem, asset.artifact, source.map, asset.coordinates, metadata)


def _shown(folder: Path) -> Path:
    """From the current folder where it lies below it."""
    here = Path.cwd().resolve()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def _nothing(file: str) -> Diagnostic:
    return Diagnostic(
        code="E438",
        message="the recipe has no `export:`",
        span=Span.point(file),
        why="It says which pictures go where, and in which format.",
        help="add it at the end of the recipe; `orchestrator run` writes pictures and a page without it",
        fix='export:\n  - {from: render, to: build, format: files, name: "{idea}"}',
    )
