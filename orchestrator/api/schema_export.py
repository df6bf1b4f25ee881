"""An entry of `export:` as a JSON Schema: `format:` decides which keys it has besides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TypeAlias, cast

from orchestrator.api.schema_stage import STAGE_NAME
from orchestrator.errors import InvalidInput
from orchestrator.export.formats import format_names, format_of
from orchestrator.format import FormatOptions

Schema: TypeAlias = dict[str, object]

_MAP_NAME = "^[a-z][a-z0-9_]{0,63}$"


def export_rules() -> Schema:
    """`export`, and for each format `export-NAME`; formats of packages that cannot be used are left out."""
    options = dict(_usable())
    rules: Schema = {"export": _entry(tuple(options))}
    for name, model in options.items():
        rules |= _format(name, model)
    return rules


def _usable() -> Iterator[tuple[str, type[FormatOptions]]]:
    for name in format_names():
        try:
            found = format_of(name)
        except InvalidInput:
            continue  # `orchestrator formats` and a recipe that names it say why
        if found is not None:
            yield name, found.options


def _entry(names: tuple[str, ...]) -> Schema:
    keys = {**_keys(), "format": {"enum": list(names), "description": "Who writes it."}}
    return {
        "type": "object",
        "required": ["from", "to", "format"],
        "properties": keys,
        "allOf": [
            {
                "if": {"required": ["format"], "properties": {"format": {"const": name}}},
                "then": {"$ref": f"#/definitions/export-{name}"},
            }
            for name in names
        ],
    }


def _keys() -> Schema:
    stage: Schema = {"type": "string", "pattern": STAGE_NAME}
    maps = {
        "type": ["object", "null"],
        "description": "Stage by the name of its map, `{map}` in `name`.",
        "propertyNames": {"pattern": _MAP_NAME},
        "additionalProperties": stage,
    }
    return {
        "from": {"anyOf": [stage, maps], "description": "The stage, or several: `{albedo: tile}`."},
        "to": {"type": "string", "description": "A folder under the recipe's."},
        "name": {
            "type": "string",
            "description": "Names of the files: `{DIMENSION}`, `{stage}`, `{map}`.",
            "examples": ["{idea}", "{idea}_{map}"],
        },
    }


def _format(name: str, options: type[FormatOptions]) -> Schema:
    """The keys of one format; what its model defines has the format's name before its own."""
    prefix = f"export-{name}-"
    made = cast("Schema", json.loads(json.dumps(
        options.model_json_schema(ref_template=f"#/definitions/{prefix}{{model}}"), default=str
    )))  # fmt: skip
    defined = cast("Schema", made.pop("$defs", {}))
    own = cast("Schema", made.get("properties", {}))
    rule: Schema = {
        "properties": {**dict.fromkeys((*_keys(), "format"), True), **own},
        "required": made.get("required", []),
        "additionalProperties": False,
    }
    return {f"export-{name}": rule, **{f"{prefix}{model}": schema for model, schema in defined.items()}}
