"""The source of all wires: the idea of an item as an artifact."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from orchestrator.graph import Graph
from orchestrator.stage import Idea
from orchestrator.work.model import InputRef


def idea_of(graph: Graph) -> Callable[[InputRef], Idea]:
    """Looks up the idea at a reference: NFC, blanks trimmed; the records are indexed once."""
    dimension = graph.recipe.dimension("idea")
    records = dimension.records if dimension else ()
    texts = {record.id: record.fields.get("value", record.id) for record in records}

    def idea(reference: InputRef) -> Idea:
        ((_, name),) = reference.coordinates
        return Idea(text=unicodedata.normalize("NFC", str(texts[name])).strip())

    return idea
