"""The `export:` block, checked: who writes what, where, under which names. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestrator.errors import Diagnostic, Findings, InvalidInput, in_order_of_place
from orchestrator.export import findings as told
from orchestrator.export.clashes import clashes
from orchestrator.export.formats import format_names, format_of
from orchestrator.export.names import MAP, STAGE, Pattern
from orchestrator.export.options import options_of
from orchestrator.export.planned import PlannedExport, Source
from orchestrator.format import AnyFormat
from orchestrator.graph import Graph
from orchestrator.recipe.model import ExportEntry, Recipe
from orchestrator.stage import Artifact
from orchestrator.stage.file_stem import stem_of


@dataclass(frozen=True, slots=True)
class Allowed:
    """Where exports may go: the recipe's folder, and the roots that the operator allows besides."""

    base: Path
    roots: tuple[Path, ...] = ()

    def folder(self, to: str) -> Path | None:
        """The folder of `to:` with links resolved; None where it lies outside."""
        if "\\" in to or "\0" in to:
            return None
        folder = (self.base / to).resolve()
        allowed = (root.resolve() for root in (self.base, *self.roots))
        return folder if any(folder.is_relative_to(root) for root in allowed) else None


def plan_exports(
    recipe: Recipe, graph: Graph | None, place: Allowed
) -> tuple[tuple[PlannedExport, ...], tuple[Diagnostic, ...]]:
    """The entries that are sound, and all findings; without a graph only what needs none is checked."""
    checks = [_Check(entry, recipe, graph, place) for entry in recipe.exports]
    planned = [plan for check in checks if (plan := check.planned()) is not None]
    findings = [finding for check in checks for finding in check.findings.all()]
    if graph is not None and not findings:
        findings += clashes(graph, planned)
    return tuple(planned), in_order_of_place(findings)


class _Check:
    """One entry."""

    def __init__(self, entry: ExportEntry, recipe: Recipe, graph: Graph | None, place: Allowed) -> None:
        self.findings = Findings()
        self._entry, self._recipe, self._graph, self._place = entry, recipe, graph, place

    def planned(self) -> PlannedExport | None:
        """The entry, or None with findings."""
        kind, folder = self._format(), self._folder()
        options = None if kind is None else options_of(self._entry, kind, self.findings)
        sources = tuple(self._sources(kind))
        if len(self.findings) or kind is None or folder is None or options is None:
            return None
        return PlannedExport(self._entry, folder, kind, options, sources)

    def _format(self) -> AnyFormat | None:
        given = self._entry.format
        try:
            found = format_of(given.value)
        except InvalidInput as broken:
            self.findings.add_all(broken.placed(given.span))
            return None
        if found is None:
            self.findings.add(told.unknown_format(given, format_names()))
        return found

    def _endings(self, kind: AnyFormat, stage: str, output: type[Artifact]) -> tuple[str, ...]:
        """What the stage's files will end in; () with a finding."""
        try:
            found = kind.endings(output)
        except InvalidInput as broken:
            self.findings.add_all(broken.placed(self._entry.format.span))
            return ()
        if not found:
            self.findings.add(told.not_taken(self._entry, stage, output))
        return found

    def _folder(self) -> Path | None:
        folder = self._place.folder(self._entry.to.value)
        if folder is None:
            self.findings.add(told.outside(self._entry.to))
        return folder

    def _sources(self, kind: AnyFormat | None) -> Iterator[Source]:
        known = [entry.name for entry in self._recipe.stages]
        for map_name, stage in self._entry.sources.items():
            if stage.value not in known and self._recipe.is_unread(stage.value):
                continue
            if stage.value not in known:
                self.findings.add(told.unknown_stage(stage, known))
            elif self._graph is not None and stage.value in self._graph.nodes:
                yield from self._source(self._graph, map_name, stage.value, kind)

    def _source(self, graph: Graph, map_name: str, stage: str, kind: AnyFormat | None) -> Iterator[Source]:
        node = graph.nodes[stage]
        endings = () if kind is None else self._endings(kind, stage, node.spec.output)
        if kind is not None and not endings:
            return
        pattern = self._pattern(node.dimensions)
        valid = (*node.dimensions, *([MAP] if map_name else []), STAGE)
        unknown = [name for name in pattern.fields if name not in valid]
        for name in unknown:
            self.findings.add(told.unknown_field(self._entry, name, valid))
        problem = pattern.problem(endings)
        if problem:
            plain = pattern.without_ending(endings)
            mended = plain if not plain.problem(endings) else self._default(node.dimensions)
            self.findings.add(told.bad_name(self._entry, problem, mended.text))
        if not unknown and not problem:
            yield Source(stage, map_name, pattern)

    def _pattern(self, dimensions: Sequence[str]) -> Pattern:
        if self._entry.pattern is not None:
            return Pattern.of(self._entry.pattern.value)
        return self._default(dimensions)

    def _default(self, dimensions: Sequence[str]) -> Pattern:
        names = [*(dimensions or [STAGE]), *([MAP] if len(self._entry.sources) > 1 else [])]
        return Pattern.of(stem_of(f"{{{name}}}" for name in names))
