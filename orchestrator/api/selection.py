"""Which part of the work: `only`, `limit` and `to`, checked against the graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from orchestrator.errors import Diagnostic, Findings, Span, unknown
from orchestrator.errors.phrases import some
from orchestrator.errors.unknown import NAME
from orchestrator.frozen import Frozen
from orchestrator.graph import Graph
from orchestrator.recipe import Dimension, slug
from orchestrator.work import Selection, points

_COMMAND_LINE = Span.point("<command line>")


class Part(Frozen):
    """Which part of the work a run takes on: ids by dimension, a number of items, a last stage."""

    only: Mapping[str, Sequence[str]] | None = None
    limit: int | None = None
    to: str | None = None


WHOLE: Final = Part()


def select(
    graph: Graph, only: Mapping[str, Sequence[str]] | None, limit: int | None, to: str | None
) -> Selection:
    """The part of the work that the caller names.

    An id may be given as the idea's own words; they are turned into the id.

    Raises:
        InvalidInput: an unknown dimension (E230), id (E231) or stage (E232), a limit below 1 (E233), or ids
            that no item has together (E234).
    """
    findings = Findings()
    chosen = {name: _ids(graph, name, ids, findings) for name, ids in (only or {}).items()}
    if to is not None and to not in graph.nodes:
        findings.add(_unknown("E232", "stage", to, tuple(graph.nodes), "--to"))
    if limit is not None and limit < 1:
        findings.add(_too_low(limit))
    if not len(findings) and chosen and next(points(graph, Selection(only=chosen)), None) is None:
        findings.add(_no_item(chosen))
    findings.raise_if_any({})
    return Selection(only=chosen, limit=limit, to=to)


def _ids(graph: Graph, name: str, ids: Sequence[str], findings: Findings) -> tuple[str, ...]:
    dimension = graph.recipe.dimension(name)
    if dimension is None:
        valid = tuple(dimension.name for dimension in graph.recipe.dimensions)
        findings.add(_unknown("E230", "dimension", name, valid, "--only"))
        return ()
    return tuple(_id(dimension, given, findings) for given in ids)


def _id(dimension: Dimension, given: str, findings: Findings) -> str:
    by_value = {str(record.fields.get("value", "")): record.id for record in dimension.records}
    for candidate in (given, by_value.get(given), slug(given)):
        if candidate is not None and dimension.record(candidate) is not None:
            return candidate
    valid = tuple(record.id for record in dimension.records)
    findings.add(
        _unknown("E231", f"member of {dimension.name!r}", given, valid, f"--only {dimension.name}=")
    )
    return given


def _unknown(code: str, what: str, name: str, valid: tuple[str, ...], option: str) -> Diagnostic:
    why = f"The recipe has: {some(valid)}." if valid else "The recipe has none."
    form = f"{option}{'' if option.endswith('=') else ' '}{NAME}"
    message = f"there is no {what} {name!r}"
    return unknown(code, message, name, _COMMAND_LINE, valid, why=why, form=form, pasted=NAME)


def _no_item(chosen: Mapping[str, Sequence[str]]) -> Diagnostic:
    return Diagnostic(
        code="E234",
        message=f"no item is {', '.join(f'{name}={id_}' for name, ids in chosen.items() for id_ in ids)}",
        span=_COMMAND_LINE,
        why="Each of these ids is there, but `zip:` or `exclude:` leaves no item that has them all.",
        help="name ids after --only that go together",
    )


def _too_low(limit: int) -> Diagnostic:
    return Diagnostic(
        code="E233",
        message=f"--limit {limit} leaves nothing to do",
        span=_COMMAND_LINE,
        why="The limit counts items, beginning with the first.",
        help="give 1 or more",
        fix="--limit 1",
    )
