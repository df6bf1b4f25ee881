"""Whether two items would be written to one file, known before anything runs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from orchestrator.errors import Diagnostic, InvalidInput
from orchestrator.export import findings as told
from orchestrator.export.planned import PlannedExport, Source
from orchestrator.format import OutputFile
from orchestrator.graph import Graph
from orchestrator.work import EVERYTHING, points

_RUN_TIME_ID = "0"


def clashes(graph: Graph, planned: Sequence[PlannedExport]) -> Iterator[Diagnostic]:
    """A finding for each entry whose names meet, and for each two entries that would write one file."""
    alone = {at: finding for at, plan in enumerate(planned) if (finding := _within(graph, plan)) is not None}
    yield from alone.values()
    sound = [plan for at, plan in enumerate(planned) if at not in alone]
    for at, plan in enumerate(sound):
        near = [other for other in sound[:at] if _may_meet(plan, other)]
        if near and (finding := _between(graph, plan, near)) is not None:
            yield finding


def unmet(
    plan: PlannedExport, taken: Collection[str], files: Iterable[OutputFile]
) -> list[OutputFile]:
    """The files of an entry, where none has a name that an earlier entry of the folder has (`taken`, folded).

    `clashes` has told this beforehand of all files but those that a format adds beside the pieces.

    Raises:
        InvalidInput: one of them has (E436).
    """
    own = list(files)
    met = next((file.name for file in own if file.name.casefold() in taken), None)
    if met is not None:
        raise InvalidInput([told.added_twice(plan.entry, met)])
    return own


def _within(graph: Graph, plan: PlannedExport) -> Diagnostic | None:
    """Names of one entry. They are written out only where the pattern alone does not tell them apart."""
    frames = [
        name
        for source in plan.sources
        for name in graph.nodes[source.stage].dimensions
        if graph.recipe.dimension(name) is None and name not in source.pattern.fields
    ]
    if frames:
        return told.run_time_clash(plan.entry, frames[0])
    if len(plan.sources) == 1 and _surely_apart(graph, plan.sources[0]):
        return None
    seen: dict[str, str] = {}
    for name, item in _names(graph, plan):
        if (first := seen.setdefault(name.casefold(), item)) != item:
            return told.same_name(plan.entry, name, first, item, _lacking(graph, plan))
    return None


def _between(graph: Graph, plan: PlannedExport, others: Iterable[PlannedExport]) -> Diagnostic | None:
    taken = {
        str(other.folder / name).casefold(): other for other in others for name, _ in _names(graph, other)
    }
    for name, _ in _names(graph, plan):
        other = taken.get(str(plan.folder / name).casefold())
        if other is not None:
            return told.two_entries(plan.entry, other.entry, name, plan.sources[0].pattern.text)
    return None


def _may_meet(one: PlannedExport, other: PlannedExport) -> bool:
    return one.folder.is_relative_to(other.folder) or other.folder.is_relative_to(one.folder)


def _surely_apart(graph: Graph, source: Source) -> bool:
    return source.pattern.tells_apart(_varying(graph, source))


def _varying(graph: Graph, source: Source) -> set[str]:
    """Dimensions of the stage that have more than one member."""
    sizes = {dimension.name: len(dimension.records) for dimension in graph.recipe.dimensions}
    return {name for name in graph.nodes[source.stage].dimensions if sizes.get(name, 1) > 1}


def _lacking(graph: Graph, plan: PlannedExport) -> tuple[str, ...]:
    """Fields that would keep names apart, and are not in the pattern."""
    fields = {name for source in plan.sources for name in source.pattern.fields}
    wanted = [name for source in plan.sources for name in sorted(_varying(graph, source))]
    if len(plan.sources) > 1:
        wanted.append("map")
    return tuple(name for name in dict.fromkeys(wanted) if name not in fields)


def _names(graph: Graph, plan: PlannedExport) -> Iterator[tuple[str, str]]:
    """(file name, the item in words) of everything that an entry will write."""
    for source in plan.sources:
        endings = plan.format.endings(graph.nodes[source.stage].spec.output)
        for coordinates in _items(graph, graph.nodes[source.stage].dimensions):
            stem = source.stem(coordinates)
            item = " ".join([source.map or source.stage, *coordinates.values()])
            yield from ((stem + ending, item) for ending in endings)


def _items(graph: Graph, dimensions: Sequence[str]) -> Iterator[Mapping[str, str]]:
    """Coordinates of a stage's items, each once; a run-time dimension stands with its first id."""
    late = {name: _RUN_TIME_ID for name in dimensions if graph.recipe.dimension(name) is None}
    seen: set[tuple[tuple[str, str], ...]] = set()
    for point in points(graph, EVERYTHING):
        at = tuple(pair for pair in point if pair[0] in dimensions)
        if at not in seen:
            seen.add(at)
            yield {**dict(at), **late}
