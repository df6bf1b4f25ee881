"""The part of JSON Schema (2020-12) that a writer's requests use: type, enum, properties, required, items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float),
}  # fmt: skip


def fault_of(value: object, schema: Mapping[str, Any], at: str = "the answer") -> str:
    """What is wrong with a value by the schema, in one line; "" when nothing is."""
    kind = schema.get("type")
    expected = _TYPES.get(str(kind), object)
    if not isinstance(value, expected) or (isinstance(value, bool) and kind in {"integer", "number"}):
        return f"{at} is no {kind}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{at} is none of {schema['enum']}"
    if isinstance(value, dict):
        return _fault_of_members(cast("dict[str, object]", value), schema, at)
    if isinstance(value, list) and "items" in schema:
        members = enumerate(cast("Sequence[object]", value))
        return _first(fault_of(member, schema["items"], f"{at}[{index}]") for index, member in members)
    return ""


def _fault_of_members(value: Mapping[str, object], schema: Mapping[str, Any], at: str) -> str:
    if missing := [name for name in schema.get("required", ()) if name not in value]:
        return f"{at} lacks {', '.join(missing)}"
    known: Mapping[str, Any] = schema.get("properties", {})
    if schema.get("additionalProperties") is False and (strangers := sorted(set(value) - set(known))):
        return f"{at} has {', '.join(strangers)}, which the schema does not"
    return _first(fault_of(value[name], part, name) for name, part in known.items() if name in value)


def _first(faults: Iterable[str]) -> str:
    return next(filter(None, faults), "")
