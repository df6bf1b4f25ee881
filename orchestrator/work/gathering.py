"""What is known only as a run goes on: how many members a `Many[T]` has, and where items stand along them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from orchestrator.graph import IDEA_SOURCE, Graph, StageNode
from orchestrator.stage.many import is_many
from orchestrator.work.model import Coordinates

Lengths: TypeAlias = Callable[[str, Coordinates], int | None]
"""(stage, coordinates) to the number of members of its `Many[T]`; None where it has no result."""

UNKNOWN = "?"
"""The only id along a run-time dimension whose `Many[T]` was not made."""
INDEX = "index"


def nothing_known(stage: str, coordinates: Coordinates) -> int | None:
    """For plans that are made before anything has run."""
    del stage, coordinates
    return None


def projected(graph: Graph, source: str, at: Mapping[str, str]) -> Coordinates:
    """The coordinates of a source's item, in declared order."""
    if source == IDEA_SOURCE:
        return (("idea", at["idea"]),)
    return tuple((name, at[name]) for name in dimensions_at(graph, graph.nodes[source], at))


def dimensions_at(graph: Graph, node: StageNode, at: Mapping[str, str]) -> tuple[str, ...]:
    """The dimensions of a stage at an item: its own, and those of an item for which it runs apart."""
    further = graph.review.apart(node.name, at) if graph.review.entries else frozenset[str]()
    if further <= set(node.dimensions):
        return node.dimensions
    wanted = {*node.dimensions, *further}
    return tuple(name for name in (*graph.lattice.names, *graph.run_time) if name in wanted)


def extended(
    graph: Graph, names: Sequence[str], at: Coordinates, lengths: Lengths
) -> Iterator[Coordinates]:
    """Coordinates along run-time dimensions, one after the other; UNKNOWN where the number is not known."""
    if not names:
        yield at
        return
    source = graph.run_time[names[0]]
    for member in _ids(lengths(source, projected(graph, source, dict(at)))):
        yield from extended(graph, names[1:], (*at, (names[0], member)), lengths)


def member_of(at: Mapping[str, str], name: str) -> int:
    """The index that an item has along a run-time dimension; -1 where it is not known."""
    return -1 if at[name] == UNKNOWN else int(at[name])


def whole_sources(node: StageNode) -> tuple[str, ...]:
    """Stages whose `Many[T]` a gathered port takes whole."""
    return tuple(
        wire.source for name, wire in node.wires.items() if name in node.gathered and is_many(wire.type)
    )


def index_name(graph: Graph) -> str:
    """The name of the coordinate that numbers the members of a `Many[T]` taken whole."""
    taken = {*graph.lattice.names, *graph.run_time}
    return INDEX if INDEX not in taken else f"{INDEX}_of_many"


def gather_points(
    graph: Graph, node: StageNode, coordinates: Coordinates = (), lengths: Lengths = nothing_known
) -> Iterator[Coordinates]:
    """What a stage gathers at an item, in declared order, frames by index; all gathered ports follow it.

    A selection does not narrow it: a sheet of some of the ideas would be another sheet.
    """
    declared = [name for name in node.gather if name not in graph.run_time]
    counted = [name for name in node.gather if name in graph.run_time]
    whole = whole_sources(node)
    fixed = {name: record for name, record in coordinates if name not in graph.run_time}
    for point in graph.lattice.members(declared, fixed):
        before = (*coordinates, *point)
        for at in extended(graph, counted, before, lengths):
            if graph.review.entries and graph.review.dropped(dict(at)):
                continue  # not wanted, so nobody waits for it
            gathered = at[len(coordinates) :]
            if whole:
                numbers = [lengths(source, projected(graph, source, dict(at))) for source in whole]
                number = max((number for number in numbers if number is not None), default=None)
                yield from ((*gathered, (index_name(graph), member)) for member in _ids(number))
            else:
                yield gathered


def _ids(number: int | None) -> Iterator[str]:
    return iter((UNKNOWN,)) if number is None else map(str, range(number))
