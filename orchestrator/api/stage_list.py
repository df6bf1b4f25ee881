"""stages: what may stand behind `use:`, with ports and params."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from orchestrator.api.stage_files import registry_with
from orchestrator.errors import Diagnostic, InvalidInput, Span, unknown
from orchestrator.stage import StageSpec
from orchestrator.stage.params import resource_class, role_class
from orchestrator.stage.validated import FieldFacts


@dataclass(frozen=True, slots=True)
class ParamFacts:
    """A param as a person reads it: its type in words, its default as JSON ("" if it must be given)."""

    name: str
    type: str
    default: str
    description: str
    limits: str


@dataclass(frozen=True, slots=True)
class StageFacts:
    """A stage as a person reads it; `package` and `release` are "" for what is built in or from a file."""

    name: str
    version: int
    summary: str
    inputs: tuple[tuple[str, str], ...]
    output: str
    params: tuple[ParamFacts, ...]
    variants: bool
    seeded: bool
    package: str = ""
    release: str = ""


def stages(*, stages_files: Sequence[str | Path] = ()) -> tuple[StageFacts, ...]:
    """All registered stages, sorted by name; those of packages that cannot be used are left out."""
    return listed_stages(stages_files=stages_files)[0]


def listed_stages(
    *, stages_files: Sequence[str | Path] = ()
) -> tuple[tuple[StageFacts, ...], tuple[Diagnostic, ...]]:
    """As `stages`, and what is wrong with the stages of packages."""
    registry, findings = registry_with(stages_files)
    specs = (registry.find(name) for name in registry.names())
    return tuple(_facts(spec) for spec in specs if spec is not None), findings


def stage_facts(name: str, *, stages_files: Sequence[str | Path] = ()) -> StageFacts:
    """One stage; InvalidInput (E403) when there is none of this name."""
    registry, _ = registry_with(stages_files)
    spec = registry.find(name)
    if spec is None:
        raise InvalidInput([_unknown(name, registry.names())])
    return _facts(spec)


def _facts(spec: StageSpec) -> StageFacts:
    from orchestrator.stage.installed import package_of

    package, release = package_of(spec) if spec.source else ("", "")
    return StageFacts(
        name=spec.name,
        version=spec.version,
        summary=spec.summary,
        inputs=tuple((port.name, port.type_name) for port in spec.inputs),
        output=spec.output.__name__,
        params=param_facts(spec.params.model_fields, spec.params.model_json_schema()),
        variants=spec.variants,
        seeded=spec.seeded,
        package=package,
        release=release,
    )


def param_facts(fields: Mapping[str, FieldFacts], schema: Mapping[str, Any]) -> tuple[ParamFacts, ...]:
    """The fields of a model, with the types and limits of its JSON Schema."""
    properties = cast("dict[str, dict[str, Any]]", schema.get("properties", {}))
    return tuple(
        ParamFacts(
            name=name,
            type=_type_in_words(declared.annotation, properties.get(name, {})),
            default=""
            if declared.is_required()
            else _default(declared.get_default(call_default_factory=True)),
            description=_description(declared),
            limits=_limits(properties.get(name, {})),
        )
        for name, declared in fields.items()
    )


def _description(declared: FieldFacts) -> str:
    """What it is, and whether it will go."""
    said = declared.deprecated if isinstance(declared.deprecated, str) else ""
    gone = f"(deprecated{f': {said}' if said else ''})" if declared.deprecated else ""
    return " ".join(part for part in (declared.description or "", gone) if part)


def _default(value: object) -> str:
    named = getattr(value, "name", value)
    return json.dumps(named, ensure_ascii=False, default=str)


def _type_in_words(annotation: object, schema: dict[str, Any]) -> str:
    resource, role = resource_class(annotation), role_class(annotation)
    if role is not None:
        return f"role ({' or '.join(role.kinds())})"
    if resource is not None:
        return resource.shelf
    options = [option for option in schema.get("anyOf", [schema]) if option.get("type") != "null"]
    return " or ".join(_one_type(option) for option in options)


def _one_type(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {_one_type(schema.get('items', {}))}"
    return str(schema.get("type", "value"))


def _limits(schema: dict[str, Any]) -> str:
    words = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    options = schema.get("anyOf", [schema])
    return ", ".join(
        f"{sign} {option[key]:g}" for option in options for key, sign in words.items() if key in option
    )


def _unknown(name: str, names: tuple[str, ...]) -> Diagnostic:
    return unknown(
        "E403",
        f"there is no stage {name!r}",
        name,
        Span.point("<command line>"),
        names,
        why=f"The registered stages are: {', '.join(names)}.",
        otherwise="for a stage of your own, name its file: `--stages FILE`",
    )
