"""Recipe + registry -> graph: names, ports, types, dimensions, roles. Returns all findings."""

from orchestrator.graph.build import build
from orchestrator.graph.item_reference import ItemReference
from orchestrator.graph.model import Graph, ResolvedResource
from orchestrator.graph.stage_node import IDEA_SOURCE, Condition, StageNode, Wire
from orchestrator.graph.surroundings import Surroundings

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
