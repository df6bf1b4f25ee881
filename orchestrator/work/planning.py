"""Planning as a stream: points of the product of the dimensions, and the work of each stage at them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping

from orchestrator.graph import IDEA_SOURCE, Graph, StageNode
from orchestrator.graph.values import references_in
from orchestrator.recipe.model import Dimension
from orchestrator.stage import Params
from orchestrator.work.gathering import gather_points
from orchestrator.work.keys import seed_of
from orchestrator.work.model import Coordinates, InputRef, Selection, WorkItem

_PARAMS_KEPT = 1024


def points(graph: Graph, selection: Selection) -> Iterator[Coordinates]:
    """The chosen points of the product of all dimensions, in declared order, one at a time."""
    if not set(selection.only) <= {dimension.name for dimension in graph.recipe.dimensions}:
        return iter(())
    axes = [_chosen_ids(dimension, selection) for dimension in graph.recipe.dimensions]
    return itertools.islice(itertools.product(*axes), selection.limit)


def chosen(graph: Graph, selection: Selection) -> tuple[StageNode, ...]:
    """The stages that a run takes on, in the recipe's order: all, or `selection.to` and what it needs."""
    if selection.to is None:
        return tuple(graph.nodes.values())
    wanted, queue = set[str](), [selection.to]
    while queue:
        name = queue.pop()
        if name != IDEA_SOURCE and name not in wanted:
            wanted.add(name)
            queue += [wire.source for wire in graph.nodes[name].wires.values()]
    return tuple(node for node in graph.nodes.values() if node.name in wanted)


def count_of(graph: Graph, node: StageNode, selection: Selection) -> int:
    """How many items a stage has; the stream is walked only where a limit cuts through the product."""
    if selection.limit is not None:
        projection = Projection(graph, node)
        return sum(projection.at(point) is not None for point in points(graph, selection))
    if next(points(graph, selection), None) is None:
        return 0
    return math.prod(
        len(_chosen_ids(dimension, selection))
        for dimension in graph.recipe.dimensions
        if dimension.name in node.dimensions
    )


def items_of(graph: Graph, node: StageNode, at: Iterable[Coordinates]) -> Iterator[WorkItem]:
    """The work of a stage at these points: each item once, at its first point."""
    return Projection(graph, node).items(at)


class Projection:
    """Points to items of one stage; it remembers which it gave, so that windows can follow each other."""

    def __init__(self, graph: Graph, node: StageNode) -> None:
        self._graph, self._node = graph, node
        names = tuple(dimension.name for dimension in graph.recipe.dimensions)
        self._in_order = names[: len(node.dimensions)] == node.dimensions
        self._last: Coordinates | None = None
        self._seen: set[int] = set()
        self._places = {
            dimension.name: {record.id: place for place, record in enumerate(dimension.records)}
            for dimension in graph.recipe.dimensions
            if dimension.name in node.dimensions and not self._in_order
        }
        self._params = _ParamsAt(graph, node)
        self._gathered = frozenset(port.name for port in node.spec.inputs if port.gathered)

    def items(self, at: Iterable[Coordinates]) -> Iterator[WorkItem]:
        """The items at these points that were not given before."""
        for point in at:
            coordinates = self.at(point)
            if coordinates is not None:
                yield self._item(coordinates)

    def at(self, point: Coordinates) -> Coordinates | None:
        """The coordinates of the item at a point; None if that item was given before."""
        coordinates = tuple(pair for pair in point if pair[0] in self._node.dimensions)
        return coordinates if self._is_new(coordinates) else None

    def _is_new(self, coordinates: Coordinates) -> bool:
        if self._in_order:  # over the first dimensions of the product, equal items follow each other
            new, self._last = coordinates != self._last, coordinates
            return new
        rank = 0  # a number for the coordinates takes a tenth of their memory
        for name, record in coordinates:
            places = self._places[name]
            rank = rank * len(places) + places[record]
        if rank in self._seen:
            return False
        self._seen.add(rank)
        return True

    def _item(self, coordinates: Coordinates) -> WorkItem:
        return WorkItem(
            stage=self._node.name,
            coordinates=coordinates,
            seed=seed_of(self._graph.recipe.seed, self._node, coordinates),
            params=self._params.at(coordinates),
            inputs={name: self._input(name, coordinates) for name in self._node.wires},
        )

    def _input(self, port: str, coordinates: Coordinates) -> InputRef | tuple[InputRef, ...]:
        source = self._node.wires[port].source
        if port not in self._gathered:
            return InputRef(source, self._projected(source, dict(coordinates)))
        return tuple(
            InputRef(source, self._projected(source, {**dict(coordinates), **dict(member)}))
            for member in gather_points(self._graph, self._node)
        )

    def _projected(self, source: str, at: Mapping[str, str]) -> Coordinates:
        """The coordinates of the source's item, in declared order."""
        dimensions = ("idea",) if source == IDEA_SOURCE else self._graph.nodes[source].dimensions
        return tuple((name, at[name]) for name in dimensions)


class _ParamsAt:
    """The params of a stage, made once for each combination of the ids that they name."""

    def __init__(self, graph: Graph, node: StageNode) -> None:
        self._graph, self._node = graph, node
        self._named = {ref.dimension for value in node.values.values() for ref in references_in(value)}
        self._kept: dict[Coordinates, Params] = {}

    def at(self, coordinates: Coordinates) -> Params:
        named = tuple(pair for pair in coordinates if pair[0] in self._named)
        if named not in self._kept:
            if len(self._kept) >= _PARAMS_KEPT:
                self._kept.clear()
            self._kept[named] = self._graph.params_of(self._node, dict(coordinates))
        return self._kept[named]


def _chosen_ids(dimension: Dimension, selection: Selection) -> list[tuple[str, str]]:
    only = selection.only.get(dimension.name)
    return [
        (dimension.name, record.id) for record in dimension.records if only is None or record.id in only
    ]
