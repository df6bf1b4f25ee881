"""What a run need not make, because the pictures that would come of it are approved already."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from orchestrator.graph import Graph, StageNode
from orchestrator.work import Coordinates, Selection, WorkItem, dimensions_at

Approves: TypeAlias = Callable[[str, Coordinates], bool]
"""(review stage, coordinates) to whether the picture there is approved."""


class Needs:
    """Whether an item leads to anything but approved pictures; what the store has is taken all the same."""

    def __init__(
        self, graph: Graph, nodes: Sequence[StageNode], selection: Selection, approves: Approves
    ) -> None:
        self._graph, self._approves = graph, approves
        self._approvals = any(decision.approved for decision in graph.review.decisions)
        self._handed_over = _handed_over(graph, selection)
        self._consumers: dict[str, list[tuple[StageNode, bool]]] = {}
        for node in nodes:
            for port, wire in node.wires.items():
                self._consumers.setdefault(wire.source, []).append((node, port in node.gathered))

    def wants(self, item: WorkItem) -> bool:
        """Whether an item that the store lacks is to be made."""
        if not self._approvals:
            return True
        fixed = {name: id_ for name, id_ in item.coordinates if name in self._graph.lattice.names}
        points = self._graph.lattice.members(self._graph.lattice.names, fixed)
        whole = ({**dict(point), **dict(item.coordinates)} for point in points)
        wanted = (at for at in whole if not self._graph.review.dropped(at))
        return any(self._leads_on(item.stage, at) for at in wanted)

    def _leads_on(self, stage: str, at: Mapping[str, str]) -> bool:
        """Whether somebody wants the output at a point."""
        consumers = self._consumers.get(stage, [])
        if stage in self._handed_over or not consumers:
            return True
        return any(self._wanted_by(consumers, at))

    def _wanted_by(
        self, consumers: Sequence[tuple[StageNode, bool]], at: Mapping[str, str]
    ) -> Iterator[bool]:
        for node, gathered in consumers:
            if gathered:
                yield True
            elif node.spec.gate:
                yield not self._is_approved(node, at)
            else:
                yield self._leads_on(node.name, at)

    def _is_approved(self, node: StageNode, at: Mapping[str, str]) -> bool:
        names = dimensions_at(self._graph, node, at)
        if not all(name in at for name in names):
            return False
        return self._approves(node.name, tuple((name, at[name]) for name in names))


def _handed_over(graph: Graph, selection: Selection) -> set[str]:
    """The stages whose output the run writes or exports."""
    files = [end for end in graph.open_ends if graph.nodes[end].gives_files]
    exported = (stage.value for entry in graph.recipe.exports for stage in entry.sources.values())
    return {*(files or graph.open_ends), *exported, *([selection.to] if selection.to else [])}
