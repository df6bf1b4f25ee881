"""A record a line, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, cast

from orchestrator.errors import Span
from orchestrator.errors.collector import Findings
from orchestrator.errors.phrases import shown
from orchestrator.recipe.reach import Reach, Spent
from orchestrator.text import Entry, Node, capped, describe_unseen, unseen_in

_WORDS: Final = 2**63
_WHY: Final = "A line is a record."
_HELP: Final = 'write a record, `{"id": "flat", "value": "flat"}`, or a text in double quotes'


def parse_lines(text: str, file: str, reach: Reach) -> list[Node] | None:
    """The value of each line, empty ones left out; None where nothing more was read, with a finding."""
    nodes: list[Node] = []
    findings, caps, spent = reach.findings, reach.caps, reach.spent
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        start = len(line) - len(line.lstrip())
        span = Span(file, number, start + 1, number, max(len(line), start + 1) + 1)
        if not line.strip():
            continue
        if len(line) > caps.scalar:
            findings.add(capped("scalar", caps.scalar, f"a line of {len(line):,} characters", span))
            return None
        node = _line(line, span, findings, spent)
        if spent.cells > caps.cells:
            findings.add(capped("cells", caps.cells, "the tables of the recipe have too many values", span))
            return None
        if node is not None:
            nodes.append(node)
    return nodes


class _Refused(ValueError):  # noqa: N818 - it says what befell
    pass


def _line(line: str, span: Span, findings: Findings, spent: Spent) -> Node | None:
    try:
        value = json.loads(
            line,
            object_pairs_hook=_once,
            parse_constant=_no_constant,
            parse_int=_integer,
            parse_float=_finite,
        )
        return _node(value, span, spent, 0)
    except json.JSONDecodeError as error:
        place = Span.point(span.file, span.line, error.colno)
        what = f"the line is no JSON: {error.msg}"
        findings.error("E158", what, place, why=_WHY, help=_HELP)
    except _Refused as error:
        findings.error("E158", str(error), span, why=_WHY, help=_HELP)
    except RecursionError:
        what = "lists and mappings too deep in one another"
        findings.error("E158", what, span, why=_WHY, help=_HELP)
    return None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Refused(f"the key `{shown(twice)}` stands twice")
    return found


def _no_constant(word: str) -> object:
    raise _Refused(f"`{word}` is no number of JSON")


def _integer(digits: str) -> int:
    number = int(digits) if len(digits) <= 20 else _WORDS  # noqa: PLR2004 - more digits than 64 bits have
    if not -_WORDS <= number < _WORDS:
        raise _Refused(f"`{shown(digits)}` is not a number that can be kept exactly")
    return number


def _finite(digits: str) -> float:
    number = float(digits)
    if number in {float("inf"), float("-inf")}:
        raise _Refused(f"`{shown(digits)}` is not a number that can be kept exactly")
    return number


def _node(value: object, span: Span, spent: Spent, depth: int) -> Node:
    spent.cells += 1
    if depth > 32:  # noqa: PLR2004 - as deep as a recipe
        raise _Refused("lists and mappings too deep in one another")
    if isinstance(value, list):
        members = cast("list[object]", value)
        return Node(tuple(_node(member, span, spent, depth + 1) for member in members), span)
    if isinstance(value, Mapping):
        entries = cast("Mapping[str, object]", value)
        found = {name: Entry(span, _node(each, span, spent, depth + 1)) for name, each in entries.items()}
        return Node(found, span)
    if isinstance(value, str) and (unseen := unseen_in(value)):
        raise _Refused(f"a text holds a character that nobody sees: {describe_unseen(unseen.group())}")
    return Node(cast("str | int | float | bool | None", value), span)
