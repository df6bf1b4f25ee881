"""The checked recipe: all stages in order, with models, resources and what a review file says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Protocol

from orchestrator.frozen import Frozen
from orchestrator.graph.item_reference import plain_at
from orchestrator.graph.lattice import Lattice
from orchestrator.graph.review_plan import NO_REVIEW, ReviewPlan
from orchestrator.graph.stage_node import StageNode
from orchestrator.recipe.model import Recipe
from orchestrator.stage import Description, Params, Resource


class ResolvedResource(Protocol):
    """A template, glossary, lexicon or style that a stage will read; it may be opened on first use."""

    @property
    def digest(self) -> str:
        """Of all its bytes."""
        ...

    @property
    def value(self) -> object:
        """What the stage is handed."""
        ...


class Graph(Frozen):
    """All stages in the order of the recipe, which is an order of work.

    `resources` is keyed by (shelf, name); `open_ends` names the stages whose output nothing closed;
    `run_time` gives the stage whose `Many[T]` a run-time dimension numbers ("0", "1", …), in the order in
    which they follow the declared ones; `lattice` has the points of the declared dimensions.
    """

    recipe: Recipe
    nodes: Mapping[str, StageNode]
    models: Mapping[str, Description]
    resources: Mapping[tuple[str, str], ResolvedResource]
    open_ends: tuple[str, ...]
    run_time: Mapping[str, str] = field(default_factory=dict[str, str])
    review: ReviewPlan = field(default=NO_REVIEW, compare=False)
    lattice: Lattice = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lattice", Lattice(self.recipe))

    @property
    def handed_over(self) -> tuple[str, ...]:
        """Every open end of a file type; where there is none, the last open end."""
        return tuple(end for end in self.open_ends if self.nodes[end].gives_files) or self.open_ends[-1:]

    def params_of(self, node: StageNode, coordinates: Mapping[str, str]) -> Params:
        """The params of a stage at an item, references resolved, resources with their digests."""
        values = {**node.values, **self.review.values(node.name, coordinates)}
        checked = node.spec.params.checked(plain_at(node.spec.params, values, self.recipe, coordinates))
        digests = {
            name: resource.model_copy(update={"digest": self.resources[resource.shelf, resource.name].digest})
            for name in type(checked).model_fields
            if isinstance(resource := getattr(checked, name), Resource) and resource.name
        }
        return checked.model_copy(update=digests) if digests else checked
