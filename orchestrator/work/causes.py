"""`made_from`: what a picture was made from, told without making it.

A digest over the graph above, stage by stage: names and versions, params, conditions, seeds, the idea's text,
files, resources and models. No artifact enters, so equal digests mean equal causes, and nothing need run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.graph import IDEA_SOURCE, Graph
from orchestrator.work.ideas import idea_of
from orchestrator.work.keys import identity_of, key_of
from orchestrator.work.model import Coordinates, InputRef
from orchestrator.work.planning import Projection

if TYPE_CHECKING:
    from orchestrator.work.model import WorkItem


class Causes:
    """Digests of causes, each worked out once."""

    def __init__(self, graph: Graph) -> None:
        self._graph, self._idea = graph, idea_of(graph)
        self._known: dict[tuple[str, Coordinates], str] = {}
        self._projections: dict[str, Projection] = {}

    def made_from(self, review: str, coordinates: Coordinates) -> str:
        """What the picture that a review stage judges at an item is made from."""
        item = self._item(review, coordinates)
        causes = {
            port: self._of(given) for port, given in item.inputs.items() if isinstance(given, InputRef)
        }
        return next(iter(causes.values())) if len(causes) == 1 else key_of(causes)

    def _of(self, reference: InputRef) -> str:
        """A member of a `Many[T]` counts as the stage that gives all of them."""
        if reference.stage == IDEA_SOURCE:
            return self._idea(reference).digest
        place = reference.stage, reference.coordinates
        if place not in self._known:
            identity = identity_of(self._graph, self._item(*place), self._of)
            condition = self._graph.nodes[reference.stage].when
            self._known[place] = key_of({**identity, "when": condition.text if condition else None})
        return self._known[place]

    def _item(self, stage: str, coordinates: Coordinates) -> WorkItem:
        if stage not in self._projections:
            self._projections[stage] = Projection(self._graph, self._graph.nodes[stage])
        return self._projections[stage].item(coordinates)
