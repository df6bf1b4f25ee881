"""How many frames there are, so that the numbers in the names of their files sort as they play."""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator.graph import Graph
from orchestrator.runtime import Results
from orchestrator.work import Coordinates


class FrameCounts:
    """Counts the items of a stage along the dimensions whose length only a run knows."""

    def __init__(self, graph: Graph, results: Results, stage: str) -> None:
        dimensions = graph.nodes[stage].dimensions
        self._late = frozenset(name for name in dimensions if graph.recipe.dimension(name) is None)
        self._counts: dict[tuple[str, Coordinates], int] = {}
        if self._late:
            for name, at in results.items:
                if name == stage:
                    self._count(at)

    def of(self, at: Coordinates) -> Mapping[str, int]:
        """How many there are beside an item, by dimension."""
        return {name: self._counts[name, self._place(at)] for name, _ in at if name in self._late}

    def _count(self, at: Coordinates) -> None:
        place = self._place(at)
        for name, id_ in at:
            if name in self._late:
                self._counts[name, place] = max(self._counts.get((name, place), 0), int(id_) + 1)

    def _place(self, at: Coordinates) -> Coordinates:
        return tuple(pair for pair in at if pair[0] not in self._late) if self._late else ()


def numbered_ids(coordinates: Mapping[str, str], counts: Mapping[str, int]) -> dict[str, str]:
    """The ids with as many digits as the last of `counts` has; others as they are."""
    return {
        name: id_.zfill(len(str(counts[name] - 1))) if name in counts else id_
        for name, id_ in coordinates.items()
    }
