"""Seeds and keys: pure functions of what decides an output. A change of either is a broken promise."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, cast

from pydantic_core import to_jsonable_python

from orchestrator.stage import CardRole, Params, Resource, Role
from orchestrator.stage.canonical import canonical_json, digest_of
from orchestrator.stage.params import earlier_names
from orchestrator.work.model import Coordinates, InputRef, WorkItem

if TYPE_CHECKING:
    from orchestrator.graph import Graph, StageNode

_VARIANT = "variant"
_FIRST_VARIANT = "1"


def seed_of(recipe_seed: int, node: StageNode, coordinates: Coordinates, attempt: int = 0) -> int:
    """The 63-bit seed of a stage at an item.

    Style, state and painter do not enter, so they compare on the same noise; the first variant and attempt 0
    do not either, so asking for more of them moves no picture.
    """
    at = dict(coordinates)
    causes: dict[str, object] = {
        "recipe": recipe_seed,
        "stage": node.spec.first_name,
        "rank": node.rank,
        "ids": {name: at[name] for name in node.seed_dimensions if name != _VARIANT},
    }
    if at.get(_VARIANT, _FIRST_VARIANT) != _FIRST_VARIANT:
        causes["variant"] = at[_VARIANT]
    if attempt:
        causes["attempt"] = attempt
    return int.from_bytes(hashlib.sha256(canonical_json(causes)).digest()[:8], "big") >> 1


def seed_at(graph: Graph, node: StageNode, coordinates: Coordinates) -> int:
    """The seed of a stage at an item, the attempts of the review file counted."""
    attempt = graph.review.attempt(node, dict(coordinates)) if graph.review.entries else 0
    return seed_of(graph.recipe.seed, node, coordinates, attempt)


def identity_of(graph: Graph, item: WorkItem, digests: Callable[[InputRef], str | None]) -> dict[str, object]:
    """Everything that decides the output of a work item, as plain JSON values.

    `digests` gives the digest of the artifact behind an input, None where a gathered member is missing.
    """
    node = graph.nodes[item.stage]
    return {
        "stage": node.spec.first_name,
        "version": node.spec.version,
        "source": node.spec.source,
        "params": _params_identity(graph, item.params),
        "seed": item.seed if node.spec.seeded else None,
        "inputs": {name: _input_identity(item, given, digests) for name, given in item.inputs.items()},
    }


def key_of(identity: Mapping[str, object]) -> str:
    """The key of a work item: the digest of its identity."""
    return digest_of(canonical_json(identity))


def plain_params(params: Params) -> dict[str, object]:
    """Params as a person wrote them: plain JSON values, roles and resources by name."""
    return {name: _named(getattr(params, name)) for name in type(params).model_fields}


def _input_identity(
    item: WorkItem,
    given: InputRef | tuple[InputRef, ...],
    digests: Callable[[InputRef], str | None],
) -> object:
    if isinstance(given, InputRef):
        return digests(given)
    return [
        {"at": [list(pair) for pair in at], "artifact": digests(member)}
        for at, member in zip(item.gathered, given, strict=True)
    ]


def _params_identity(graph: Graph, params: Params) -> dict[str, object]:
    """By the first name that each param ever had: renaming one moves no key."""
    return {
        (earlier_names(declared) or (name,))[0]: _identity(graph, getattr(params, name))
        for name, declared in type(params).model_fields.items()
    }


def _identity(graph: Graph, value: object) -> object:
    """A param's value, names replaced by digests of what they name."""
    if isinstance(value, CardRole):
        return {"card": _card_digest(graph, cast("CardRole[Any]", value).name)}
    if isinstance(value, Role):
        return {"model": graph.models[cast("Role[Any]", value).name].identity}
    if isinstance(value, Resource):
        return {"digest": value.identity()}
    return _members(value, lambda member: _identity(graph, member))


def _card_digest(graph: Graph, role: str) -> str:
    """A field that came later counts where it says something, so that its coming moved no key."""
    card = graph.models[role].card
    said = card.model_dump(mode="json")
    usual = {name for name, value in card.LATER.items() if said[name] == value}
    return digest_of(canonical_json({name: value for name, value in said.items() if name not in usual}))


def _named(value: object) -> object:
    if isinstance(value, (Role, Resource)):
        return cast("Role[Any] | Resource", value).name
    return _members(value, _named)


def _members(value: object, each: Callable[[object], object]) -> object:
    if fields := getattr(type(value), "model_fields", None):  # of ours, or of a model of pydantic's within
        return {name: each(getattr(value, name)) for name in fields}
    if isinstance(value, Mapping):
        return {str(name): each(member) for name, member in cast("Mapping[object, object]", value).items()}
    if isinstance(value, (list, tuple)):
        return [each(member) for member in cast("Sequence[object]", value)]
    if isinstance(value, AbstractSet):
        return sorted((each(member) for member in cast("AbstractSet[object]", value)), key=canonical_json)
    return cast("object", to_jsonable_python(value))
