"""What the graph is told of the world outside the recipe."""

from __future__ import annotations

from collections.abc import Callable

from orchestrator.frozen import Frozen
from orchestrator.graph.model import ResolvedResource
from orchestrator.recipe import ModelChoice
from orchestrator.stage import Description
from orchestrator.stage.registry import Registry

Describe = Callable[[ModelChoice], Description]
FindResource = Callable[[str, str], ResolvedResource | None]
"""(shelf, name) to the resource; None where there is none; InvalidInput where it is broken."""
ResourceNames = Callable[[str], tuple[str, ...]]
"""The names in a shelf of the library."""


class Surroundings(Frozen):
    """The stages that there are, what is known of models, and the resources by shelf and name."""

    registry: Registry
    describe: Describe
    find_resource: FindResource
    resource_names: ResourceNames
