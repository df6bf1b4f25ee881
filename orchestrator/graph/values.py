"""Params of a stage: references found and checked, every value validated by the stage's own model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import cast

from orchestrator.errors import Diagnostic, Edit, Findings, Label, Span, did_you_mean, unknown
from orchestrator.frozen import Frozen, Slotted
from orchestrator.graph.cells import cells_in, leaves
from orchestrator.graph.item_reference import ItemReference, plain_at, record_at, references_in, replaced
from orchestrator.graph.lattice import Lattice
from orchestrator.graph.proposals import Names, Proposal, fitting
from orchestrator.graph.references import UNKNOWN, UNREAD, References
from orchestrator.recipe.model import Recipe, StageEntry
from orchestrator.stage import Params, Resource
from orchestrator.stage.params import resource_class
from orchestrator.stage.plain_check import is_plain, plainly_sound
from orchestrator.stage.validated import problems_in
from orchestrator.text import Entry, Node

_MOST_TOLD = 20
"""Findings of one stage about values that tables give; the rest is told once these are mended."""


class Source(Frozen):
    """Where a value comes from that is not written in the params themselves."""

    cell: Span | None
    labels: tuple[Label, ...]


class Values(Slotted):
    """Plain values of a stage's params; a leaf may be an ItemReference. `dimensions` are those they name.

    `complete` is unset where a reference leads nowhere: what else it should name is not known.
    """

    plain: dict[str, object] = field(default_factory=dict[str, object])
    dimensions: set[str] = field(default_factory=set[str])
    sound: bool = True
    complete: bool = True


def no_names(shelf: str) -> tuple[str, ...]:
    """For params that are checked without a library."""
    del shelf
    return ()


def read_values(
    entry: StageEntry,
    params: type[Params],
    recipe: Recipe,
    findings: Findings,
    names: Names = no_names,
    lattice: Lattice | None = None,
) -> Values:
    """The params of one stage of the recipe; every finding is reported, and unsound ones are left out."""
    values, before = Values(complete="with" not in entry.unknown), findings.told
    reader = References(recipe, entry.scope, values.dimensions, findings)
    for name, given in entry.params.items():
        if name not in params.model_fields:
            findings.add(_unknown_param(entry, name, given, params))
            continue
        value = reader.value(given.node)
        parts = list(leaves(value))
        values.complete = values.complete and UNKNOWN not in parts
        if not ({f"with.{name}"} & entry.unknown or UNKNOWN in parts or UNREAD in parts):
            values.plain[name] = value
    # beside a param that has a finding, what is said of all params together may follow from it
    judged = findings if len(values.plain) == len(entry.params) else findings.not_at(entry.use.span)
    _validate(entry, params, recipe, values, judged, names, lattice or Lattice(recipe))
    values.sound = findings.told == before
    return values


def resource_names(
    node_values: Mapping[str, object], params: type[Params], recipe: Recipe, lattice: Lattice | None = None
) -> Iterator[tuple[str, str, str]]:
    """(param, shelf, name) of every resource that some item of the stage will read."""
    for param, declared in params.model_fields.items():
        kind = resource_class(declared.annotation)
        if kind is None:
            continue
        if param in node_values:
            value = node_values[param]
            named = (replaced(value, recipe, at) for at in _members(value, lattice or Lattice(recipe)))
            names = {name for name in named if isinstance(name, str)}
        else:
            default = declared.get_default(call_default_factory=True)
            names = {default.name} if isinstance(default, Resource) else set[str]()
        yield from ((param, kind.shelf, name) for name in sorted(names))


def _members(value: object, lattice: Lattice, beside: object = None) -> Iterator[dict[str, str]]:
    """Coordinates of every combination of members that a value names and some item has.

    Of a reference alone only those that differ in its field, or in one that stands `beside` it: a table of
    thousands of rows has few values.
    """
    if isinstance(value, ItemReference):
        same = (each for each in references_in(beside) if each.dimension == value.dimension)
        fields = frozenset({value.field, *(each.field for each in same)})
        return ({value.dimension: member} for member in lattice.distinct(value.dimension, fields))
    names = {reference.dimension for reference in references_in(value)}
    return (dict(point) for point in lattice.members(names, {}))


def _validate(
    entry: StageEntry,
    params: type[Params],
    recipe: Recipe,
    values: Values,
    findings: Findings,
    names: Names,
    lattice: Lattice,
) -> None:
    """A value that fails at several members is reported once, at the first; cells of a table each."""
    seen: set[tuple[tuple[str, str], Span | None]] = set()
    unread = entry.params.keys() - values.plain.keys()  # they have findings of their own
    unread |= {did_you_mean(name, params.model_fields) or "" for name in unread}
    lacking_is_told = "with" not in entry.unknown
    for at in _tried(params, values, lattice):
        plain = plain_at(params, values.plain, recipe, at)
        for error in _errors(params, plain):
            name = error[0].partition(".")[0]
            if name in unread or not (name in entry.params or lacking_is_told):
                continue
            source = _source(recipe, values.plain, error[0], at)
            if (error, source.cell) not in seen and len(seen) < _MOST_TOLD:
                seen.add((error, source.cell))
                findings.add(_invalid(entry, params, plain, error, source, names))


def _tried(params: type[Params], values: Values, lattice: Lattice) -> Iterator[dict[str, str]]:
    """Each param at every member it names, beside the others at the first that go with it.

    Where more than its fields decides about the params, every combination that an item has.
    """
    varied = [name for name, value in values.plain.items() if any(references_in(value))] or [""]
    if len(varied) > 1 and len(values.dimensions) > 1 and not is_plain(params):
        yield from (dict(point) for point in lattice.members(values.dimensions, {}))
        return
    for name in varied:
        for member in _members(values.plain.get(name), lattice, values.plain):
            others = dict(next(lattice.members(values.dimensions, member), ())) if len(varied) > 1 else {}
            yield {**member, **others}


def _errors(params: type[Params], plain: Mapping[str, object]) -> list[tuple[str, str]]:
    """(param, what pydantic says) for each error; the param is "" for a rule over several."""
    if plainly_sound(params, plain):
        return []
    try:
        params.checked(plain)
    except ValueError as error:
        return problems_in(error)
    return []


def _source(recipe: Recipe, plain: Mapping[str, object], name: str, at: Mapping[str, str]) -> Source:
    """Where a wrong value comes from: a cell of a table, or records."""
    value = plain.get(name.split(".", maxsplit=1)[0])
    cell = next(cells_in(replaced(value, recipe, at)), None)
    if cell is not None:
        return Source(cell.span, ())
    records = [record_at(recipe, reference.dimension, at) for reference in references_in(value)]
    labels = tuple(Label(record.span, f"the value comes from {record.id!r}") for record in records)
    return Source(None, labels)


def _invalid(
    entry: StageEntry,
    params: type[Params],
    plain: Mapping[str, object],
    error: tuple[str, str],
    source: Source,
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
            help=f"give it in `with:` of `{entry.name}:`",
            fix=_given(name, fitting(params, name, plain, names)),
        )
    proposal = Proposal("") if source.cell else _proposal(entry, params, name, plain, names, source.labels)
    return Diagnostic(
        code="E203",
        message=f"{path or 'these params'} of {entry.use.value!r}: {_lower(said)}"
        + (f", not {_shown(_at(plain, path))}" if name in plain else ""),
        span=source.cell or (given.node.span if given is not None else entry.use.span),
        why="The stage's own params model says which values it takes.",
        help=description or f"`orchestrator stages {entry.use.value}` lists its params with their limits",
        fix=proposal.text,
        labels=(Label(given.node.span, "the cell feeds this"),) if given and source.cell else source.labels,
        edits=_edits(given.node, proposal) if given else (),
    )


def _proposal(
    entry: StageEntry,
    params: type[Params],
    name: str,
    plain: Mapping[str, object],
    names: Names,
    labels: tuple[Label, ...],
) -> Proposal:
    """A value that fits; of a reference in brackets the reference alone."""
    if name not in entry.params:
        return Proposal("")
    node = entry.params[name].node
    if isinstance(node.value, tuple) and len(node.value) == 1 and isinstance(node.value[0].value, str):
        members = cast("list[object]", plain[name])
        if not _errors(params, {**plain, name: members[0]}):
            return Proposal(node.value[0].value, clear=True)
    proposal = Proposal("") if labels else fitting(params, name, plain, names)
    return proposal if node.plain() == plain[name] else replace(proposal, clear=False)


def _given(name: str, proposal: Proposal) -> str:
    return f"with: {{{name}: {proposal.text}}}" if proposal.text else ""


def _edits(node: Node, proposal: Proposal) -> tuple[Edit, ...]:
    """The value in place of one that is written on one line."""
    one_line = node.span.line == node.span.end_line and not node.span.file.startswith("<")
    return (Edit(node.span, proposal.text),) if proposal.clear and one_line else ()


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _at(plain: Mapping[str, object], path: str) -> object:
    """What stands at a path as `add_details.0`; as much of it as there is."""
    name, *rest = path.split(".")
    value = plain[name]
    for part in rest:
        if isinstance(value, Mapping):
            value = cast("Mapping[str, object]", value).get(part, cast("object", value))
        elif isinstance(value, (list, tuple)) and part.isdigit():
            value = next(iter(cast("Sequence[object]", value)[int(part) :]), cast("object", value))
    return cast("object", value)


def _shown(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else text[:57] + "…"  # noqa: PLR2004 - a line of a terminal


def _unknown_param(entry: StageEntry, name: str, given: Entry, params: type[Params]) -> Diagnostic:
    valid = tuple(params.model_fields)
    return unknown(
        "E202",
        f"the stage {entry.use.value!r} has no param {name!r}",
        name,
        given.key_span,
        valid,
        why=f"It has: {', '.join(valid)}." if valid else "It has no params.",
        otherwise=f"take the param out, or look at `orchestrator stages {entry.use.value}`",
    )
