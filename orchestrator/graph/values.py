"""Params of a stage: references found and checked, every value validated by the stage's own model."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from orchestrator.errors import Diagnostic, Label, Span, did_you_mean
from orchestrator.graph.model import ItemReference
from orchestrator.graph.proposals import Names, fitting
from orchestrator.recipe.model import Entry, Node, Recipe, Record, StageEntry
from orchestrator.stage import Params, Resource
from orchestrator.stage.params import resource_class
from orchestrator.stage.plain_check import plainly_sound
from orchestrator.stage.validated import problems_in

if TYPE_CHECKING:
    from orchestrator.graph.model import Graph, StageNode

Report = Callable[[Diagnostic], None]


@dataclass(slots=True)
class Values:
    """Plain values of a stage's params; a leaf may be an ItemReference. `dimensions` are those they name."""

    plain: dict[str, object] = field(default_factory=dict[str, object])
    dimensions: set[str] = field(default_factory=set[str])
    sound: bool = True


def no_names(room: str) -> tuple[str, ...]:
    """For params that are checked without a library."""
    del room
    return ()


def read_values(
    entry: StageEntry, params: type[Params], recipe: Recipe, report: Report, names: Names = no_names
) -> Values:
    """The params of one stage of the recipe; every finding is reported, and unsound ones are left out."""
    values = Values()

    def tell(finding: Diagnostic) -> None:
        values.sound = False
        report(finding)

    for name, given in entry.params.items():
        if name in params.model_fields:
            values.plain[name] = _with_references(given.node, recipe, values.dimensions, tell)
        else:
            tell(_unknown_param(entry, name, given, params))
    if values.sound:
        _validate(entry, params, recipe, values, tell, names)
    return values


def params_at(graph: Graph, node: StageNode, coordinates: Mapping[str, str]) -> Params:
    """The params at an item: references replaced, digests of resources filled in."""
    values = {**node.values, **graph.review.values(node.name, coordinates)}
    plain = {name: _replaced(value, graph.recipe, coordinates) for name, value in values.items()}
    checked = node.spec.params.checked(plain)
    digests = {
        name: resource.model_copy(update={"digest": graph.resources[resource.room, resource.name].digest})
        for name in type(checked).model_fields
        if isinstance(resource := getattr(checked, name), Resource) and resource.name
    }
    return checked.model_copy(update=digests) if digests else checked


def resource_names(
    node_values: Mapping[str, object], params: type[Params], recipe: Recipe
) -> Iterator[tuple[str, str, str]]:
    """(param, room, name) of every resource that some item of the stage will read."""
    for param, declared in params.model_fields.items():
        kind = resource_class(declared.annotation)
        if kind is None:
            continue
        if param in node_values:
            names = {_replaced(node_values[param], recipe, at) for at in _members(node_values[param], recipe)}
        else:
            default = declared.get_default(call_default_factory=True)
            names = {default.name} if isinstance(default, Resource) else set[object]()
        yield from (
            (param, kind.room, name) for name in sorted(name for name in names if isinstance(name, str))
        )


def _with_references(node: Node, recipe: Recipe, dimensions: set[str], tell: Report) -> object:
    if isinstance(node.value, tuple):
        return [_with_references(member, recipe, dimensions, tell) for member in node.value]
    if isinstance(node.value, Mapping):
        return {
            key: _with_references(entry.node, recipe, dimensions, tell) for key, entry in node.value.items()
        }
    if not isinstance(node.value, str) or not node.value.startswith("$"):
        return node.value
    if node.value.startswith("$$"):
        return node.value[1:]
    reference = _reference(node.value, node.span, recipe, tell)
    if reference is not None:
        dimensions.add(reference.dimension)
    return reference


def _reference(text: str, span: Span, recipe: Recipe, tell: Report) -> ItemReference | None:
    head, *rest = text[1:].split(".")
    if head != "item" or len(rest) not in {1, 2} or not all(rest):
        tell(_not_a_reference(text, span, recipe))
        return None
    dimension = recipe.dimension(rest[0])
    if dimension is None:
        tell(_unknown_dimension(text, rest[0], span, recipe))
        return None
    name = rest[1] if len(rest) > 1 else "value"
    lacking = [record for record in dimension.records if name not in record.fields]
    if lacking:
        tell(_no_such_field(text, name, span, lacking))
        return None
    return ItemReference(rest[0], name, span)


def _replaced(value: object, recipe: Recipe, coordinates: Mapping[str, str]) -> object:
    if isinstance(value, ItemReference):
        return _record_at(recipe, value.dimension, coordinates).fields[value.field]
    if isinstance(value, list):
        return [_replaced(member, recipe, coordinates) for member in cast("list[object]", value)]
    if isinstance(value, dict):
        members = cast("dict[str, object]", value)
        return {key: _replaced(member, recipe, coordinates) for key, member in members.items()}
    return value


def _record_at(recipe: Recipe, name: str, coordinates: Mapping[str, str]) -> Record:
    dimension = recipe.dimension(name)
    record = dimension.record(coordinates[name]) if dimension else None
    if record is None:
        raise LookupError(f"no member {coordinates[name]!r} in the dimension {name!r}")
    return record


def references_in(value: object) -> Iterator[ItemReference]:
    """Every reference in a plain value, depth first."""
    if isinstance(value, ItemReference):
        yield value
    elif isinstance(value, list):
        for member in cast("list[object]", value):
            yield from references_in(member)
    elif isinstance(value, dict):
        for member in cast("dict[str, object]", value).values():
            yield from references_in(member)


def _members(value: object, recipe: Recipe) -> Iterator[dict[str, str]]:
    """Coordinates of every combination of the members that a value names; one empty one if it names none."""
    names = sorted({reference.dimension for reference in references_in(value)})
    axes = [dimension.records for name in names if (dimension := recipe.dimension(name)) is not None]
    for records in itertools.product(*axes):
        yield {name: record.id for name, record in zip(names, records, strict=True)}


def _validate(
    entry: StageEntry, params: type[Params], recipe: Recipe, values: Values, tell: Report, names: Names
) -> None:
    """Each param is tried at every member it names, beside the others at their first members.

    A value that fails at several members is reported once, at the first.
    """
    first = {
        name: dimension.records[0].id
        for name in values.dimensions
        if (dimension := recipe.dimension(name)) is not None
    }
    seen: set[tuple[str, str]] = set()
    varied = [name for name, value in values.plain.items() if any(references_in(value))] or [""]
    for name in varied:
        for at in _members(values.plain.get(name), recipe):
            plain = {key: _replaced(value, recipe, {**first, **at}) for key, value in values.plain.items()}
            for error in _errors(params, plain):
                if error not in seen:
                    seen.add(error)
                    tell(
                        _invalid(
                            entry,
                            params,
                            plain,
                            error,
                            _records(recipe, values.plain, error[0], {**first, **at}),
                            names,
                        )
                    )


def _errors(params: type[Params], plain: Mapping[str, object]) -> list[tuple[str, str]]:
    """(param, what pydantic says) for each error; the param is "" for a rule over several."""
    if plainly_sound(params, plain):
        return []
    try:
        params.checked(plain)
    except ValueError as error:
        return problems_in(error)
    return []


def _records(
    recipe: Recipe, plain: Mapping[str, object], name: str, at: Mapping[str, str]
) -> tuple[Label, ...]:
    references = references_in(plain.get(name.split(".", maxsplit=1)[0]))
    records = [_record_at(recipe, reference.dimension, at) for reference in references]
    return tuple(Label(record.span, f"the value comes from {record.id!r}") for record in records)


def _invalid(
    entry: StageEntry,
    params: type[Params],
    plain: Mapping[str, object],
    error: tuple[str, str],
    labels: tuple[Label, ...],
    names: Names,
) -> Diagnostic:
    path, said = error
    name = path.split(".")[0]
    given = entry.params.get(name)
    declared = params.model_fields.get(name)
    description = f"{name}: {declared.description}" if declared is not None and declared.description else ""
    if given is None and declared is not None:
        return Diagnostic(
            code="E204",
            message=f"the stage {entry.use.value!r} needs the param {name!r}",
            span=entry.use.span,
            why=description or "It has no default.",
            fix=f"with: {{{name}: …}}",
        )
    return Diagnostic(
        code="E203",
        message=f"{path or 'these params'} of {entry.use.value!r}: {_lower(said)}"
        + (f", not {_shown(plain[name])}" if name in plain else ""),
        span=given.node.span if given is not None else entry.use.span,
        why="The stage's own params model says which values it takes.",
        help=description or f"`orchestrator stages {entry.use.value}` lists its params with their limits",
        fix=_fix(entry, params, name, plain, names, labels) if given is not None else "",
        labels=labels,
    )


def _fix(
    entry: StageEntry,
    params: type[Params],
    name: str,
    plain: Mapping[str, object],
    names: Names,
    labels: tuple[Label, ...],
) -> str:
    """A value that fits; of a reference in brackets the reference alone."""
    node = entry.params[name].node
    if isinstance(node.value, tuple) and len(node.value) == 1 and isinstance(node.value[0].value, str):
        members = cast("list[object]", plain[name])
        if not _errors(params, {**plain, name: members[0]}):
            return node.value[0].value
    return "" if labels else fitting(params, name, plain, names)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"  # noqa: PLR2004 - a line of a terminal


def _unknown_param(entry: StageEntry, name: str, given: Entry, params: type[Params]) -> Diagnostic:
    valid = tuple(params.model_fields)
    near = did_you_mean(name, valid)
    return Diagnostic(
        code="E202",
        message=f"the stage {entry.use.value!r} has no param {name!r}",
        span=given.key_span,
        why=f"It has: {', '.join(valid)}." if valid else "It has no params.",
        help=f"did you mean `{near}`?"
        if near
        else f"take the param out, or look at `orchestrator stages {entry.use.value}`",
        fix=near or "",
    )


def _not_a_reference(text: str, span: Span, recipe: Recipe) -> Diagnostic:
    names = [f"$item.{dimension.name}" for dimension in recipe.dimensions]
    return Diagnostic(
        code="E210",
        message=f"{text!r} is no reference",
        span=span,
        why="A text that begins with a dollar refers to the item: `$item.DIMENSION[.FIELD]`.",
        help=f"here one can write {', '.join(names)}; `$$` is a plain dollar"
        if names
        else "`$$` is a plain dollar",
        fix=_meant_reference(text, recipe) or "$" + text,
    )


def _meant_reference(text: str, recipe: Recipe) -> str:
    """`$itm.style`, `$style`, `$item.style.a.b` as they were meant; "" where that is not clear."""
    head, *rest = text[1:].split(".")
    if recipe.dimension(head) is not None:
        return f"$item.{'.'.join([head, *rest])}"
    if rest and did_you_mean(head, ["item"]) and recipe.dimension(rest[0]) is not None:
        return f"$item.{'.'.join(rest[:2])}"
    return ""


def _unknown_dimension(text: str, name: str, span: Span, recipe: Recipe) -> Diagnostic:
    valid = [dimension.name for dimension in recipe.dimensions]
    near = did_you_mean(name, valid)
    return Diagnostic(
        code="E211",
        message=f"{text!r} names a dimension that the recipe does not have",
        span=span,
        why=f"The dimensions under `items:` are: {', '.join(valid)}."
        if valid
        else "`items:` has no dimension.",
        help=f"did you mean `$item.{near}`?" if near else f"add `{name}: […]` under `items:`",
        fix=".".join(["$item", near, *text.split(".")[2:]]) if near else "",
    )


def _no_such_field(text: str, name: str, span: Span, lacking: list[Record]) -> Diagnostic:
    record = lacking[0]
    fields = ", ".join(record.fields)
    near = did_you_mean(name, record.fields)
    return Diagnostic(
        code="E212",
        message=f"{text!r}: {record.id!r} has no field {name!r}",
        span=span,
        why=f"Its fields are: {fields}.",
        help=f"did you mean `{near}`? Else add `{name}:` to the record"
        if near
        else f"name one of them, or add `{name}:` to the record",
        fix=f"{text.removesuffix(name)}{near}" if near and text.endswith(f".{name}") else "",
        labels=(Label(record.span, f"{len(lacking)} without `{name}`; the first stands here"),),
    )
