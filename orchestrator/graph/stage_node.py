"""A stage of the checked recipe: its wires, dimensions, roles, params and condition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Protocol

from orchestrator.errors import Span
from orchestrator.frozen import Frozen
from orchestrator.graph.walk import reached
from orchestrator.stage import Artifact, Params, Picture, StageSpec
from orchestrator.stage.many import member_type

IDEA_SOURCE = "items.idea"
"""The source of wires that carry the idea itself; no stage can have this name."""


class Wire(Frozen):
    """Where an input comes from: a stage of the recipe, or IDEA_SOURCE.

    `type` is what the source gives. `each` names the run-time dimension along which a plain port takes the
    members of a `Many[T]` one by one; "" where it takes the source's output as it is.
    """

    source: str
    type: type[Artifact]
    each: str = ""


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

    @property
    def sources(self) -> frozenset[str]:
        """The stages whose output it takes, and IDEA_SOURCE where it takes the idea."""
        return frozenset(wire.source for wire in self.wires.values())

    @property
    def gathered(self) -> frozenset[str]:
        """Its ports that take a whole gather."""
        return self.spec.gathered

    @property
    def gives_files(self) -> bool:
        """Whether what it gives is written as files: a picture, or several at once."""
        return issubclass(member_type(self.spec.output), Picture)


def with_all_above(nodes: Mapping[str, StageNode], names: Iterable[str]) -> set[str]:
    """The stages of these names, and all that stand above them along the wires."""
    above = reached(names, lambda name: nodes[name].sources if name in nodes else ())
    return {name for name in above if name in nodes}
