"""schema: the recipe language as a JSON Schema, for editors; made from the registry, so it cannot lag behind.

Draft-07, which every language server for YAML knows. It says what can be said without wiring: keys, stages,
params with limits, ports. `validate` says the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from orchestrator.api.schema_export import export_rules
from orchestrator.api.schema_stage import stage_rules
from orchestrator.api.stage_files import stages_with
from orchestrator.config import Settings
from orchestrator.library import ready_recipes
from orchestrator.recipe.parse import VERSION
from orchestrator.recipe.seed import SEEDS
from orchestrator.recipe.source import EMBEDDED
from orchestrator.stage import KINDS
from orchestrator.text import DEFAULT_CAPS

Schema: TypeAlias = dict[str, object]

_NAME = "^[a-z][a-z0-9_]{0,63}$"
_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
_COLUMN: Schema = {"type": ["string", "integer"]}
_EXAMPLE = {
    "recipe": VERSION,
    "items": {"idea": ["fire sword"]},
    "stages": {"expand": {"use": "expand"}, "plan": {"use": "plan"}, "render": {"use": "render"}},
}


def schema(*, stages_files: Sequence[str | Path] = (), settings: Settings | None = None) -> Schema:
    """The JSON Schema of a recipe, with all stages: built in, installed, and of the files.

    Raises:
        InvalidInput: a stage file cannot be used (E406, E408).
    """
    registry = stages_with(stages_files, settings).registry
    registry.scan()
    specs = [spec for name in registry.names() if (spec := registry.find(name)) is not None]
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Recipe of orchestrator",
        "description": "Which models, items and stages; `orchestrator validate` says all that is wrong.",
        "type": "object",
        "required": ["recipe", "stages"],
        "additionalProperties": False,
        "properties": _top(),
        "definitions": {**_shared(), **stage_rules(specs, tuple(ready_recipes())), **export_rules()},
        "examples": [_EXAMPLE],
    }


def _top() -> Schema:
    return {
        "recipe": {"const": VERSION, "description": "The version of the language.", "default": VERSION},
        "name": {
            "type": ["string", "integer"],
            "description": "Names files and folders. Left out: the name of the file.",
            "examples": ["item-icons"],
        },
        "seed": {
            "type": "integer", "minimum": 0, "maximum": SEEDS - 1, "default": 0,
            "description": "Moves all pictures at once.",
        },
        "models": _mapping("Roles: `{painter: {diffusion: embedded}}`.", {"$ref": "#/definitions/model"}),
        "vars": _mapping(
            "Values said once, `$vars.NAME`; `--set vars.NAME=VALUE` overrides them.",
            {"type": ["string", "number", "boolean", "array", "object"]},
        ),
        "items": _items(),
        "zip": {
            "description": "Dimensions that go in step, in place of their product.",
            "anyOf": [{"$ref": "#/definitions/together"}, _list({"$ref": "#/definitions/together"})],
            "examples": [["idea", "ref"]],
        },
        "exclude": {
            **_list(_mapping("Dimension to id, or ids.", {"$ref": "#/definitions/ids"})),
            "description": "Items that are left out: where every named dimension has one of the ids.",
            "examples": [[{"idea": "fire-sword", "style": "flat"}]],
        },
        "stages": {
            "type": "object", "minProperties": 1,
            "propertyNames": {"pattern": _NAME},
            "additionalProperties": {"$ref": "#/definitions/stage"},
            "description": "The steps, in their order; a stage sees the ones above it.",
        },
        "export": {
            **_list({"$ref": "#/definitions/export"}), "type": ["array", "null"],
            "description": "What is written where, for the game: `orchestrator export`.",
        },
    }  # fmt: skip


def _items() -> Schema:
    most = DEFAULT_CAPS.variants
    variant = {"type": "integer", "minimum": 1, "maximum": most, "description": "Pictures of each item."}
    return {
        **_mapping("Dimensions; their product is what gets made.", {"$ref": "#/definitions/dimension"}),
        "properties": {
            "idea": {"$ref": "#/definitions/ideas", "description": "The texts a studio begins with."},
            "variant": variant,
        },
    }


def _shared() -> Schema:
    return {
        "model": {
            "type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": False,
            "properties": {kind: {"$ref": "#/definitions/source"} for kind in KINDS},
            "description": "Kind and source.",
            "examples": [{"diffusion": str(EMBEDDED)}],
        },
        "source": {
            "type": "string",
            "description": "`embedded`, a folder with `/`, `huggingface:REPO@COMMIT`, or an endpoint's name.",
            "examples": [str(EMBEDDED)],
        },
        "ideas": _dimension("idea"),
        "dimension": _dimension("member"),
        "idea": _member({"type": "string"}, {"type": "string"}),
        "member": _member(_SCALAR, {}),
        "ids": {"anyOf": [_SCALAR, _list(_SCALAR)]},
        "together": {**_list({"type": "string", "pattern": _NAME}), "minItems": 2},
    }  # fmt: skip


def _dimension(member: str) -> Schema:
    return {
        "anyOf": [
            {**_list({"$ref": f"#/definitions/{member}"}), "minItems": 1},
            _file("csv", "A table; headers become field names.", columns=True),
            _file("jsonl", "A record or a value a line.", columns=True),
            _file("glob", "Files, sorted: `refs/*.png`.", columns=False),
        ]
    }


def _member(plain: Schema, value: Schema) -> Schema:
    record: Schema = {
        "type": "object",
        "propertyNames": {"pattern": _NAME},
        "properties": {"id": _SCALAR, "value": value},
        "anyOf": [{"required": ["id"]}, {"required": ["value"]}],
    }
    described = "A value, or a record with `id`, `value` and fields of its own."
    return {"anyOf": [plain, record], "description": described}


def _mapping(description: str, member: Schema) -> Schema:
    return {
        "type": ["object", "null"],
        "description": description,
        "propertyNames": {"pattern": _NAME},
        "additionalProperties": member,
    }


def _list(member: Schema) -> Schema:
    return {"type": "array", "items": member}


def _file(kind: str, description: str, *, columns: bool) -> Schema:
    named: Schema = {kind: {"type": "string", "description": description}}
    if columns:
        named["id"] = {**_COLUMN, "description": "The column of the id; left out: made from the value."}
        named["value"] = {**_COLUMN, "description": "The column of the value."}
    return {"type": "object", "required": [kind], "additionalProperties": False, "properties": named}
