"""The order in which a gathering stage sees its members."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from orchestrator.graph import Graph, StageNode
from orchestrator.work.model import Coordinates


def gather_points(graph: Graph, node: StageNode) -> Iterator[Coordinates]:
    """The whole product of the gathered dimensions: every gathered port of the stage is aligned along it.

    A selection does not narrow it: a sheet of some of the ideas would be another sheet.
    """
    return itertools.product(
        *(
            [(dimension.name, record.id) for record in dimension.records]
            for dimension in graph.recipe.dimensions
            if dimension.name in node.gather
        )
    )
