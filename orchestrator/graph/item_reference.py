"""`$item.DIMENSION.FIELD` in params: found in plain values, and replaced by what an item has there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from orchestrator.errors import Span
from orchestrator.frozen import Frozen
from orchestrator.graph.cells import leaves, typed
from orchestrator.recipe.model import Recipe, Record
from orchestrator.stage import Params


class ItemReference(Frozen):
    """`$item.DIMENSION.FIELD` in a param: the field of the item's record, `value` unless named."""

    dimension: str
    field: str
    span: Span


def references_in(value: object) -> Iterator[ItemReference]:
    """Every reference in a plain value, depth first."""
    return (leaf for leaf in leaves(value) if isinstance(leaf, ItemReference))


def plain_at(
    params: type[Params], values: Mapping[str, object], recipe: Recipe, at: Mapping[str, str]
) -> dict[str, object]:
    """The values at an item; cells of a table as what the params take."""
    return {
        name: typed(replaced(value, recipe, at), params.model_fields[name].annotation)
        if any(references_in(value))
        else value
        for name, value in values.items()
    }


def replaced(value: object, recipe: Recipe, coordinates: Mapping[str, str]) -> object:
    """A plain value with the fields of an item in the places of its references."""
    if isinstance(value, ItemReference):
        return record_at(recipe, value.dimension, coordinates).fields[value.field]
    if isinstance(value, list):
        return [replaced(member, recipe, coordinates) for member in cast("list[object]", value)]
    if isinstance(value, dict):
        members = cast("dict[str, object]", value)
        return {key: replaced(member, recipe, coordinates) for key, member in members.items()}
    return value


def record_at(recipe: Recipe, name: str, coordinates: Mapping[str, str]) -> Record:
    """The record of a dimension at an item.

    Raises:
        LookupError: the dimension has no such member.
    """
    dimension = recipe.dimension(name)
    record = dimension.record(coordinates[name]) if dimension else None
    if record is None:
        raise LookupError(f"no member {coordinates[name]!r} in the dimension {name!r}")
    return record
