"""The part of JSON Schema (2020-12) that a writer's requests use: type, enum, properties, required, items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float),
}  # fmt: skip


def fault_of(value: object, schema: Mapping[str, Any], at: str = "the answer") -> str:
    """What is wrong with a value by the schema, in one line; "" when nothing is."""
    kind = schema.get("type")
    if kind in _TYPES and (not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")):
        return f"{at} is no {kind}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{at} is none of {schema['enum']}"
    if isinstance(value, dict):
        return _fault_of_members(cast("dict[str, object]", value), schema, at)
    if isinstance(value, list) and "items" in schema:
        members = enumerate(cast("Sequence[object]", value))
        return next((fault for i, m in members if (fault := fault_of(m, schema["items"], f"{at}[{i}]"))), "")
    return ""


def _fault_of_members(value: Mapping[str, object], schema: Mapping[str, Any], at: str) -> str:
    if missing := [name for name in schema.get("required", ()) if name not in value]:
        return f"{at} lacks {', '.join(missing)}"
    known: Mapping[str, Any] = schema.get("properties", {})
    if schema.get("additionalProperties") is False and (strangers := sorted(set(value) - set(known))):
        return f"{at} has {', '.join(strangers)}, which the schema does not"
    return next(
        (fault for name, part in known.items() if name in value and (fault := fault_of(value[name], part, name))), ""
    )
