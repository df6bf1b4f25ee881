"""Hand-made graphs for tests: a recipe's dimensions and stages wired outright, with no YAML."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from orchestrator.errors import Span
from orchestrator.graph import IDEA_SOURCE, Graph, ItemReference, ResolvedResource, StageNode, Wire
from orchestrator.recipe.model import Dimension, Recipe, Record
from orchestrator.stage import Card, Description
from orchestrator.stage.declaration import spec_of
from orchestrator.stage.params import role_class

HERE = Span.point("recipe.yaml")


def dimension(name: str, members: Sequence[str] | Mapping[str, Mapping[str, Any]]) -> Dimension:
    fields = members if isinstance(members, Mapping) else {member: {"value": member} for member in members}
    records = tuple(Record(member, {"id": member, **values}, HERE) for member, values in fields.items())
    return Dimension(name, records, HERE)


def reference(name: str, field: str = "value") -> ItemReference:
    return ItemReference(name, field, HERE)


def model(role: str, kind: str = "diffusion", identity: str = "", **card: Any) -> Description:
    own = Card(name=role, kind=kind, **card)
    return Description(role, kind, "embedded", identity or f"sha256:{role}", own)


def node(
    name: str,
    function: Callable[..., Any],
    wires: Mapping[str, str],
    over: tuple[str, ...],
    *,
    gather: tuple[str, ...] = (),
    rank: int = 0,
    roles: Mapping[str, str] | None = None,
    **values: object,
) -> StageNode:
    spec = spec_of(function)
    assert spec is not None
    ports = {port.name: port for port in spec.inputs}
    declared = {
        param: values[param]
        for param, field in spec.params.model_fields.items()
        if role_class(field.annotation) is not None and param in values
    }
    return StageNode(
        name=name,
        spec=spec,
        values=values,
        wires={port: Wire(source, ports[port].type) for port, source in wires.items()},
        dimensions=over,
        gather=gather,
        roles=roles or {param: str(role) for param, role in declared.items()},
        rank=rank,
        seed_dimensions=tuple(name for name in over if name == "idea"),
        span=HERE,
    )


def graph(
    dimensions: Mapping[str, Sequence[str] | Mapping[str, Mapping[str, Any]]],
    nodes: Sequence[StageNode],
    *,
    models: Sequence[Description] = (),
    resources: Mapping[tuple[str, str], ResolvedResource] | None = None,
    seed: int = 1234,
) -> Graph:
    recipe = Recipe(
        file="recipe.yaml",
        name="test",
        seed=seed,
        models=(),
        dimensions=tuple(dimension(name, members) for name, members in dimensions.items()),
        stages=(),
    )
    return Graph(
        recipe=recipe,
        nodes={each.name: each for each in nodes},
        models={each.role: each for each in models},
        resources=resources or {},
        open_ends=tuple(each.name for each in nodes[-1:]),
    )


IDEA = IDEA_SOURCE
