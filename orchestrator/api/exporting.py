"""export: the `export:` block of a run that has ended, as files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, cast

from orchestrator.api.assets import Asset, steps_of
from orchestrator.api.finished_run import FinishedRun
from orchestrator.api.frame_counts import FrameCounts
from orchestrator.api.outputs import metadata_of
from orchestrator.errors import Diagnostic, InvalidInput, Span
from orchestrator.export import OutputFile, Owner, Written, check_out, place_of, write_run
from orchestrator.export.clashes import unmet
from orchestrator.export.package_format import PackageFormat
from orchestrator.export.planned import PlannedExport
from orchestrator.format import Piece
from orchestrator.graph import Graph
from orchestrator.graph.stage_node import with_all_above
from orchestrator.runtime import ItemResult, Results
from orchestrator.store import DamagedResultError
from orchestrator.work import Coordinates

if TYPE_CHECKING:
    from orchestrator.api.validate import Checked


@dataclass(frozen=True, slots=True)
class Exported:
    """What became of one folder of the `export:` block; `findings` are of entries that were not written."""

    folder: Path
    written: Written
    findings: tuple[Diagnostic, ...] = ()


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


def stages_to_export(checked: Checked) -> tuple[str, ...]:
    """The stages that `export:` takes from, and the reviews below them, which say what may go out."""
    graph = checked.graph
    sources = {source.stage for plan in checked.exports for source in plan.sources}
    gates = (node for node in graph.nodes.values() if node.spec.gate)
    return (*sources, *(gate.name for gate in gates if sources & with_all_above(graph.nodes, gate.sources)))


def export_run(run: FinishedRun, stopped: Callable[[], bool] = lambda: False) -> tuple[Exported, ...]:
    """Writes every entry; what a recipe no longer makes goes, unless something failed or was left out.

    Raises:
        InvalidInput: the recipe has no `export:` (E438). What cannot be written is told in `Exported`.
    """
    if not run.checked.exports:
        raise InvalidInput([_nothing(run.checked.located.file)], dict(run.checked.sources))
    by_folder = sorted(run.checked.exports, key=lambda plan: plan.folder)
    exported: list[Exported] = []
    for folder, plans in groupby(by_folder, key=lambda plan: plan.folder):
        exported.append(_Export(run, folder, list(plans)).written(stopped))
        if exported[-1].written.stopped:
            break
    return tuple(exported)


class _Export:
    """One folder. An entry whose format fails leaves what is there as it is, and the others go on."""

    def __init__(self, run: FinishedRun, folder: Path, plans: Sequence[PlannedExport]) -> None:
        self._run, self._folder, self._plans = run, folder, plans
        self._lost: dict[str, str] = {}
        self._findings: list[Diagnostic] = []

    def written(self, stopped: Callable[[], bool]) -> Exported:
        """Writes the files of all entries, one by one."""
        owner = Owner(f"{self._run.name}:export", place_of(self._run.file, self._folder))
        written = write_run(
            self._files(), self._folder, partial=self._incomplete, owner=owner, stopped=stopped,
            root=self._folder,
        )  # fmt: skip
        return Exported(_shown(self._folder), written, tuple(self._findings))

    def _incomplete(self) -> bool:
        return self._run.partial or bool(self._run.failures) or bool(self._findings)

    def _files(self) -> Iterator[OutputFile]:
        taken = set[str]()
        for plan in self._plans:
            try:
                for file in self._of_entry(plan, frozenset(taken)):
                    taken.add(file.name.casefold())
                    yield file
            except InvalidInput as error:
                self._findings += error.placed(plan.entry.format.span)
        yield from _lost(self._lost)

    def _of_entry(self, plan: PlannedExport, taken: Collection[str]) -> Iterable[OutputFile]:
        """Of a package's format all at once, so that they are written whole or not at all."""
        files = plan.format.files(_pieces(self._run, plan, self._lost), plan.options)
        return unmet(plan, taken, files) if isinstance(plan.format, PackageFormat) else files


def _lost(items: Mapping[str, str]) -> Iterator[OutputFile]:
    """Files that cannot be made, so that they count among those that could not be written."""

    def fail(reason: str) -> bytes:
        raise DamagedResultError(reason)

    for stem, reason in items.items():
        yield OutputFile(stem, partial(fail, reason))


def _pieces(run: FinishedRun, plan: PlannedExport, lost: dict[str, str]) -> Iterator[Piece]:
    """The items of an entry, one by one; those that were lost since go into `lost`."""
    graph, located = run.checked.graph, run.checked.located
    for source in plan.sources:
        approved = Approved(graph, run.results, source.stage)
        counts = FrameCounts(graph, run.results, source.stage)
        for (stage, at), result in run.results.items.items():
            if stage != source.stage or not result.artifact_digest or not approved.has(at, result):
                continue
            steps = steps_of(graph, run.results, stage, at)
            asset = Asset(graph, stage, dict(at), result, steps, counts.of(at))
            stem = source.stem(asset.file_ids)
            try:
                artifact = result.artifact()
            except DamagedResultError as error:
                lost[stem] = str(error)
                continue
            yield Piece(stem, artifact, source.map, asset.coordinates, metadata_of(asset, located))


class Approved:
    """Which items of a stage may be exported: all, but above a review stage those that it let pass.

    Where several pictures that are judged come of one item, such as the frames of an animation, none waits.
    """

    def __init__(self, graph: Graph, results: Results, stage: str) -> None:
        self._dimensions = graph.nodes[stage].dimensions
        gates = (node for node in graph.nodes.values() if node.spec.gate)
        below = [gate for gate in gates if stage in with_all_above(graph.nodes, gate.sources)]
        judged = {node.name for node in below if stage in node.sources}
        self._passed: dict[Coordinates, set[str]] | None = {} if below else None
        self._waiting = set[Coordinates]()
        names = {node.name for node in below}
        for (name, at), result in results.items.items() if below else ():
            place = tuple(pair for pair in at if pair[0] in self._dimensions)
            if name in names and result.artifact_digest:
                found = cast("dict[Coordinates, set[str]]", self._passed).setdefault(place, set())
                found.add(result.artifact_digest if name in judged else "")
            elif name in names and result.outcome == "waiting":
                self._waiting.add(place)

    def has(self, at: Coordinates, result: ItemResult) -> bool:
        """Whether the item may go out; a picture that was judged itself must be the one that was approved."""
        if len(at) != len(self._dimensions):
            return False  # it was made for another item alone
        if at in self._waiting:
            return False
        digests = {result.artifact_digest} if self._passed is None else self._passed.get(at, set())
        return bool(digests & {"", result.artifact_digest})


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
