"""Recipe + registry -> graph: names, ports, types, dimensions, roles. Returns all findings."""

from orchestrator.graph.build import Surroundings, build
from orchestrator.graph.model import (
    IDEA_SOURCE,
    Condition,
    Graph,
    ItemReference,
    ResolvedResource,
    StageNode,
    Wire,
)

__all__ = [
    "IDEA_SOURCE",
    "Condition",
    "Graph",
    "ItemReference",
    "ResolvedResource",
    "StageNode",
    "Surroundings",
    "Wire",
    "build",
]
