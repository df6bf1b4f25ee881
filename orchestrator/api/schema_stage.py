"""A stage of a recipe as a JSON Schema: which stages there are, and what `use:` means for the other keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, cast

from orchestrator.library import Library, shipped_folder
from orchestrator.stage import StageSpec
from orchestrator.stage.params import earlier_names, resource_class, role_class

Schema: TypeAlias = dict[str, object]

STAGE_NAME = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$"
_DIMENSIONS: Schema = {"type": "array", "items": {"type": "string"}, "uniqueItems": True}
_REFERENCE: Schema = {
    "type": "string",
    "pattern": r"^\$(item|vars)\.",
    "description": "`$item.DIMENSION`, `$item.DIMENSION.FIELD` or `$vars.NAME`.",
}
_DROPPED = frozenset({"title", "$ref", "default", "anyOf", "was"})


def stage_rules(specs: Sequence[StageSpec], ready: Sequence[str]) -> Schema:
    """`stage`, and for each registered stage `with-NAME` and `inputs-NAME`."""
    rules: Schema = {"stage": _stage(specs), "include": _include(ready), "reference": _REFERENCE}
    library = Library([shipped_folder("prompts")], packages=True)
    for spec in specs:
        rules[f"with-{spec.name}"] = _params(spec, library)
        rules[f"inputs-{spec.name}"] = _inputs(spec)
    return rules


def _stage(specs: Sequence[StageSpec]) -> Schema:
    """`use:` decides about `with:` and `inputs:`; `include:` in its place takes in another recipe."""
    keys = {"use": _use(specs), **_keys()}
    used = {"required": ["use"], "properties": keys, "additionalProperties": False}
    taken_in = {"description": "Takes in the stages of another recipe, in place of `use`."}
    return {
        "type": "object",
        "properties": {"include": taken_in},
        "if": {"required": ["include"]},
        "then": {"$ref": "#/definitions/include"},
        "else": {**used, "allOf": [_when_used(spec) for spec in specs]},
        "examples": [{"use": "plan", "with": {"steps": 25}}],
    }


def _use(specs: Sequence[StageSpec]) -> Schema:
    named = {spec.name: _summary(spec) for spec in specs}
    named |= {old: f"now called {spec.name}" for spec in specs for old in spec.was}
    return {
        "type": "string",
        "description": "The registered stage; `orchestrator stages` lists them.",
        "enum": list(named),
        "enumDescriptions": list(named.values()),  # read by editors; validators pass over it
    }


def _summary(spec: StageSpec) -> str:
    inputs = ", ".join(f"{port.name}: {port.type_name}" for port in spec.inputs)
    return f"{spec.summary}\n\n{inputs or 'no input'} → {spec.output.__name__}".strip()


def _when_used(spec: StageSpec) -> Schema:
    names = {"enum": [spec.name, *spec.was]} if spec.was else {"const": spec.name}
    return {
        "if": {"required": ["use"], "properties": {"use": names}},
        "then": {
            "properties": {
                "with": {"$ref": f"#/definitions/with-{spec.name}"},
                "inputs": {"$ref": f"#/definitions/inputs-{spec.name}"},
            },
            **_required(spec),
        },
    }


def _required(spec: StageSpec) -> Schema:
    """`with:` itself must stand where a param must be given."""
    must = any(declared.is_required() for declared in spec.params.model_fields.values())
    return {"required": ["with"]} if must else {}


def _keys() -> Schema:
    return {
        "with": {"type": ["object", "null"], "description": "Its params."},
        "inputs": _of_stages("`{PORT: STAGE}`: where a wire is not plain."),
        "gather": {**_DIMENSIONS, "description": "Dimensions that its gathering ports take whole."},
        "per": {**_DIMENSIONS, "description": "Dimensions over which it runs besides."},
        "each": _of_stages("`{DIMENSION: STAGE}`: runs for each member of a stage that gives many."),
        "when": {
            "type": "string",
            "description": "A condition; where it is false, the input passes on, or the item is skipped.",
            "examples": ['$item.state != "rest" and image.width >= 64'],
        },
        "seed_by": {**_DIMENSIONS, "description": "Dimensions whose ids enter the seed, in place of `idea`."},
    }


def _of_stages(description: str) -> Schema:
    stage = {"type": "string", "pattern": STAGE_NAME}
    return {"type": "object", "description": description, "additionalProperties": stage}


def _include(ready: Sequence[str]) -> Schema:
    described = "A recipe under this one's folder (`parts/cut.yaml`), or a ready one."
    anything = {"type": ["string", "number", "boolean", "array", "object"]}
    return {
        "required": ["include"],
        "additionalProperties": False,
        "properties": {
            "include": {"description": described, "anyOf": [{"enum": list(ready)}, {"type": "string"}]},
            "with": {
                "type": ["object", "null"],
                "description": "Its `vars:`.",
                "additionalProperties": anything,
            },
            "inputs": _of_stages("`{PORT: STAGE}` for its open ports."),
        },
    }


def _inputs(spec: StageSpec) -> Schema:
    ports = {
        port.name: {
            "type": "string",
            "pattern": STAGE_NAME,
            "description": f"{port.type_name}: the stage above that gives it{_wired(optional=port.optional)}",
        }
        for port in spec.inputs
    }
    return {"type": "object", "properties": ports, "additionalProperties": False}


def _wired(*, optional: bool) -> str:
    return "; wired only by its name" if optional else ""


def _params(spec: StageSpec, library: Library) -> Schema:
    whole = spec.params.model_json_schema()
    made = cast("dict[str, dict[str, Any]]", whole.get("properties", {}))
    definitions = cast("dict[str, dict[str, Any]]", whole.get("$defs", {}))
    properties, required = dict[str, object](), list[str]()
    for name, declared in spec.params.model_fields.items():
        value = _named(declared.annotation, library) or _inlined(made.get(name, {}), definitions)
        param = _param(value, made.get(name, {}), declared.description or "")
        if declared.is_required():
            required.append(name)
        else:
            param |= _default(declared.get_default(call_default_factory=True))
        if declared.deprecated:
            param |= {"deprecated": True, "deprecationMessage": str(declared.deprecated)}
        properties[name] = param
        for old in earlier_names(declared):
            properties[old] = {**param, "deprecated": True, "deprecationMessage": f"now called {name}"}
    described = {"description": f"Params of {spec.name}. {spec.summary}".strip()}
    kind = "object" if required else ["object", "null"]
    return {
        "type": kind, **described, "properties": properties,
        "additionalProperties": False, **({"required": required} if required else {}),
    }  # fmt: skip


def _param(value: Schema, made: Mapping[str, Any], description: str) -> Schema:
    """A value of its own kind, or a reference; the description says what limits an editor shows nowhere."""
    options = cast("list[Schema]", value.get("anyOf", [value]))
    said = {key: made[key] for key in ("examples",) if key in made}
    return {"description": description, "anyOf": [*options, {"$ref": "#/definitions/reference"}], **said}


def _default(value: object) -> Schema:
    """As a recipe would say it; a name that is empty, and None, mean that it is chosen later."""
    plain = getattr(value, "name", value)
    plain = list(cast("tuple[object, ...]", plain)) if isinstance(plain, tuple) else plain
    return {} if plain in (None, "") or not isinstance(plain, (str, int, float, list)) else {"default": plain}


def _named(annotation: object, library: Library) -> Schema | None:
    """A Role, or a Resource: a text in the recipe, whatever it is behind it."""
    role, resource = role_class(annotation), resource_class(annotation)
    text: Schema = {"type": "string"}
    if role is not None:
        described = f"A role of `models:` whose kind is {' or '.join(role.kinds()) or 'any'}."
        return {"anyOf": [{**text, "description": described}]}
    if resource is None:
        return None
    shipped = library.names(resource.shelf) if resource.shelf != "file" else ()
    return {"anyOf": [*([{"enum": list(shipped)}] if shipped else []), text]}


def _inlined(made: Mapping[str, Any], definitions: Mapping[str, Mapping[str, Any]]) -> Schema:
    """A param's schema without names of definitions, in which every text may be a reference."""
    if "$ref" in made:
        return _inlined(definitions[str(made["$ref"]).rpartition("/")[2]], definitions)
    if "anyOf" in made:
        return {"anyOf": [_inlined(option, definitions) for option in made["anyOf"]]}
    plain: Schema = {key: value for key, value in made.items() if key not in _DROPPED}
    if "items" in made:
        reference: Schema = {"$ref": "#/definitions/reference"}
        plain["items"] = {"anyOf": [_inlined(made["items"], definitions), reference]}
    if isinstance(made.get("properties"), dict):
        inside = cast("dict[str, Mapping[str, Any]]", made["properties"])
        plain["properties"] = {name: _inlined(part, definitions) for name, part in inside.items()}
    return plain
