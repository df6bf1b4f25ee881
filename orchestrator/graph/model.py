"""The checked recipe: stages with their wires, dimensions, roles and params."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Protocol

from orchestrator.errors import Span
from orchestrator.frozen import Frozen
from orchestrator.graph.lattice import Lattice
from orchestrator.graph.review import NO_REVIEW, ReviewPlan
from orchestrator.recipe.model import Recipe
from orchestrator.stage import Artifact, Description, Params, StageSpec

IDEA_SOURCE = "items.idea"
"""The source of wires that carry the idea itself; no stage can have this name."""


class ItemReference(Frozen):
    """`$item.DIMENSION.FIELD` in a param: the field of the item's record, `value` unless named."""

    dimension: str
    field: str
    span: Span


class Wire(Frozen):
    """Where an input comes from: a stage of the recipe, or IDEA_SOURCE.

    `type` is what the source gives. `each` names the run-time dimension along which a plain port takes the
    members of a `Many[T]` one by one; "" where it takes the source's output as it is.
    """

    source: str
    type: type[Artifact]
    each: str = ""


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


class Condition(Protocol):
    """A checked `when:`."""

    @property
    def text(self) -> str:
        """As the recipe has it, blanks made single."""
        ...

    @property
    def ports(self) -> frozenset[str]:
        """Inputs of the stage whose fields it reads."""
        ...

    def holds(
        self, item: Mapping[str, str], params: Params, inputs: Mapping[str, Artifact | None]
    ) -> bool:
        """Whether the stage runs at an item: ids by dimension, its params, the artifacts of `ports`.

        Raises:
            LookupError: a field that it reads is not there at this item.
        """
        ...


class StageNode(Frozen):
    """A stage of the recipe, ready to be planned.

    Attributes:
        values: params as plain JSON values, in which a leaf may be an ItemReference; roles filled in.
        wires: a wire for each wired port.
        dimensions: where it runs, in declared order; () for a stage that runs once.
        gather: dimensions that its gathered ports take whole, in declared order.
        roles: role name by name of the Role param, where it is the same at all items.
        item_roles: all roles that a Role param can have which follows the item.
        rank: number of stages of the same registered name upstream of it along the wires.
        seed_dimensions: those of `dimensions` whose ids enter the seed (`variant` is treated apart).
        when: the checked condition, None where there is none.
    """

    name: str
    spec: StageSpec
    values: Mapping[str, object]
    wires: Mapping[str, Wire]
    dimensions: tuple[str, ...]
    gather: tuple[str, ...]
    roles: Mapping[str, str]
    rank: int
    seed_dimensions: tuple[str, ...]
    span: Span
    when: Condition | None = None
    item_roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    @property
    def all_roles(self) -> tuple[tuple[str, str], ...]:
        """(param, role) for every role that it has at some item."""
        by_item = ((param, role) for param, roles in self.item_roles.items() for role in roles)
        return (*self.roles.items(), *by_item)


class Graph(Frozen):
    """All stages in the order of the recipe, which is an order of work.

    `resources` is keyed by (room, name); `open_ends` names the stages whose output nothing closed;
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

    def params_of(self, node: StageNode, coordinates: Mapping[str, str]) -> Params:
        """The params of a stage at an item, references resolved, resources with their digests."""
        from orchestrator.graph.values import params_at

        return params_at(self, node, coordinates)
