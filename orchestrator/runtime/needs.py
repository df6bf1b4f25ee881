"""What a run need not make, because the pictures that would come of it are approved already."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from orchestrator.graph import Graph, StageNode
from orchestrator.graph.walk import reached
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
        return any(self._is_wanted(name, at) for name in reached([stage], self._plain_consumers))

    def _plain_consumers(self, stage: str) -> Iterator[str]:
        """Stages that take an output as it is; a gather and a review stage end the walk."""
        taken = self._consumers.get(stage, [])
        return (node.name for node, gathered in taken if not gathered and not node.spec.gate)

    def _is_wanted(self, stage: str, at: Mapping[str, str]) -> bool:
        """Whether an output is handed over, gathered, or waits to be approved."""
        consumers = self._consumers.get(stage, [])
        if not consumers or stage in self._handed_over:
            return True
        gates = (node for node, gathered in consumers if node.spec.gate and not gathered)
        gathers = any(gathered for _, gathered in consumers)
        return gathers or any(not self._is_approved(node, at) for node in gates)

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
