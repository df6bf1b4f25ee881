"""Planning as a stream: points of the product of the dimensions, and the work of each stage at them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from orchestrator.graph import Graph, StageNode
from orchestrator.graph.item_reference import references_in
from orchestrator.graph.stage_node import with_all_above
from orchestrator.stage import Params
from orchestrator.stage.many import is_many
from orchestrator.work.gathering import (
    Lengths,
    dimensions_at,
    extended,
    gather_points,
    index_name,
    member_of,
    nothing_known,
    projected,
)
from orchestrator.work.keys import seed_at
from orchestrator.work.model import Coordinates, InputRef, Selection, WorkItem

_PARAMS_KEPT = 1024


def points(graph: Graph, selection: Selection) -> Iterator[Coordinates]:
    """The chosen points of the declared dimensions, in declared order, one at a time."""
    if not set(selection.only) <= set(graph.lattice.names):
        return iter(())
    return itertools.islice(graph.lattice.points(selection.only), selection.limit)


def chosen(graph: Graph, selection: Selection) -> tuple[StageNode, ...]:
    """The stages that a run takes on, in the recipe's order: all, or those named and what they need."""
    if selection.to is None and not selection.ends:
        return tuple(graph.nodes.values())
    wanted = with_all_above(graph.nodes, [selection.to] if selection.to else selection.ends)
    return tuple(node for node in graph.nodes.values() if node.name in wanted)


def count_of(graph: Graph, node: StageNode, selection: Selection) -> int | None:
    """How many items a stage has; None where only the run can tell.

    The stream is walked only where a limit or an exclusion cuts through the product.
    """
    if any(name in graph.run_time for name in node.dimensions):
        return None
    apart = graph.review.runs_apart(node.name)
    if selection.limit is None and set(selection.only) <= set(graph.lattice.names) and not apart:
        number = graph.lattice.count(node.dimensions, selection.only)
        if number is not None:
            return number
    projection = Projection(graph, node)
    return sum(1 for point in points(graph, selection) for _ in projection.places(point))


def items_of(
    graph: Graph, node: StageNode, at: Iterable[Coordinates], lengths: Lengths = nothing_known
) -> Iterator[WorkItem]:
    """The work of a stage at these points: each item once, at its first point."""
    return Projection(graph, node, lengths).items(at)


class Projection:
    """Points to items of one stage; it remembers which it gave, so that windows can follow each other.

    `lengths` is asked when items are taken: whatever gives a `Many[T]` at these points must be done by then.
    """

    def __init__(self, graph: Graph, node: StageNode, lengths: Lengths = nothing_known) -> None:
        self._graph, self._node, self._lengths = graph, node, lengths
        self._declared = frozenset(node.dimensions) & frozenset(graph.lattice.names)
        self._counted = tuple(name for name in node.dimensions if name in graph.run_time)
        touched = [not self._declared.isdisjoint(axis.names) for axis in graph.lattice.axes]
        self._in_order = touched == sorted(touched, reverse=True)
        self._last: Coordinates | None = None
        self._seen: set[int] = set()
        self._axes = {
            next(name for name in axis.names if name in self._declared): axis
            for axis, is_touched in zip(graph.lattice.axes, touched, strict=True)
            if is_touched
        }
        self._params = _ParamsAt(graph, node)
        self._gathered = node.gathered
        self._runs_apart, self._seen_apart = graph.review.runs_apart(node.name), set[Coordinates]()
        self._gathers = any(name in self._gathered for name in node.wires)

    def items(self, at: Iterable[Coordinates]) -> Iterator[WorkItem]:
        """The items at these points that were not given before."""
        return (self.item(coordinates) for point in at for coordinates in self.places(point))

    def places(self, point: Coordinates) -> Iterator[Coordinates]:
        """The coordinates of the items at a point; none if they were given before."""
        declared = self.at(point)
        if declared is not None:
            yield from extended(self._graph, self._counted, declared, self._lengths)
        if self._runs_apart:
            yield from self._apart(point)

    def _apart(self, point: Coordinates) -> Iterator[Coordinates]:
        """The items for which the stage runs once more, since the review file sets it there alone."""
        names = dimensions_at(self._graph, self._node, dict(point))
        coordinates = tuple(pair for pair in point if pair[0] in names)
        if names != self._node.dimensions and coordinates not in self._seen_apart:
            self._seen_apart.add(coordinates)
            yield from extended(self._graph, self._counted, coordinates, self._lengths)

    def at(self, point: Coordinates) -> Coordinates | None:
        """The declared coordinates of the items at a point; None if they were given before."""
        coordinates = tuple(pair for pair in point if pair[0] in self._declared)
        return coordinates if self._is_new(coordinates) else None

    def _is_new(self, coordinates: Coordinates) -> bool:
        if self._in_order:  # over the first factors of the product, equal items follow each other
            new, self._last = coordinates != self._last, coordinates
            return new
        rank = 0  # a number for the coordinates takes a tenth of their memory
        for name, record in coordinates:
            if name in self._axes:
                rank = rank * len(self._axes[name]) + (self._axes[name].place(name, record) or 0)
        if rank in self._seen:
            return False
        self._seen.add(rank)
        return True

    def item(self, coordinates: Coordinates) -> WorkItem:
        """The work at coordinates that this stage has."""
        gathered = (
            tuple(gather_points(self._graph, self._node, coordinates, self._lengths)) if self._gathers else ()
        )
        return WorkItem(
            stage=self._node.name,
            coordinates=coordinates,
            seed=seed_at(self._graph, self._node, coordinates),
            params=self._params.at(coordinates),
            inputs={name: self._input(name, coordinates, gathered) for name in self._node.wires},
            gathered=gathered,
        )

    def _input(
        self, port: str, coordinates: Coordinates, gathered: tuple[Coordinates, ...]
    ) -> InputRef | tuple[InputRef, ...]:
        wire, at = self._node.wires[port], dict(coordinates)
        if port not in self._gathered:
            source = projected(self._graph, wire.source, at)
            return InputRef(wire.source, source, member_of(at, wire.each) if wire.each else None)
        whole = index_name(self._graph) if is_many(wire.type) else ""
        members = ({**at, **dict(member)} for member in gathered)
        return tuple(
            InputRef(
                wire.source,
                projected(self._graph, wire.source, member),
                member_of(member, whole) if whole else None,
            )
            for member in members
        )


class _ParamsAt:
    """The params of a stage, made once for each combination of the ids that they name."""

    def __init__(self, graph: Graph, node: StageNode) -> None:
        self._graph, self._node = graph, node
        self._named = {ref.dimension for value in node.values.values() for ref in references_in(value)}
        self._named |= graph.review.dimensions_of(node.name)
        self._kept: dict[Coordinates, Params] = {}

    def at(self, coordinates: Coordinates) -> Params:
        named = tuple(pair for pair in coordinates if pair[0] in self._named)
        if named not in self._kept:
            if len(self._kept) >= _PARAMS_KEPT:
                self._kept.clear()
            self._kept[named] = self._graph.params_of(self._node, dict(coordinates))
        return self._kept[named]
