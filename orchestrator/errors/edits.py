"""Changes of a text as data: exact replacements, from which a finding's fix can be applied by a machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

from orchestrator.errors.span import Span
from orchestrator.frozen import Frozen


class Edit(Frozen):
    """`text` in place of what stands in `span`; an empty span inserts, an empty text deletes.

    Lines of `text` are parted by a line feed, and become what parts the lines of the file.
    """

    span: Span
    text: str


class OutOfText(ValueError):  # noqa: N818 - it names where the edit lies
    """An edit whose place the text does not have."""


def respelt(given: str, span: Span, name: str) -> tuple[Edit, ...]:
    """`name` in place of a word; quotes round it stay.

    None where the place is not that of the word alone: it was written with escapes, over several lines, or
    stands inside something else.
    """
    wide = span.end_column - span.column - len(given)
    if span.line != span.end_line or wide not in {0, 2} or span.file.startswith("<"):
        return ()
    inner = span if not wide else within(span, 1, 1 + len(given))
    return (Edit(inner, name),)


def within(span: Span, start: int, end: int) -> Span:
    """A stretch of a span of one line, counted in characters from its start."""
    return Span(span.file, span.line, span.column + start, span.line, span.column + end)


def put_before(span: Span, text: str) -> tuple[Edit, ...]:
    """A text that is inserted where a span begins."""
    return (Edit(Span(span.file, span.line, span.column, span.line, span.column), text),)


def put_behind(span: Span, text: str) -> tuple[Edit, ...]:
    """A text that is inserted where a span ends."""
    return (Edit(Span(span.file, span.end_line, span.end_column, span.end_line, span.end_column), text),)


def without_clashes(edits: Iterable[tuple[Edit, ...]]) -> list[tuple[Edit, ...]]:
    """Those groups that touch none before them; each group is taken whole or not at all."""
    taken: list[Edit] = []
    kept: list[tuple[Edit, ...]] = []
    for group in edits:
        if group and not any(_touch(each, other) for each in group for other in taken):
            taken += group
            kept.append(group)
    return kept


def applied(text: str, edits: Sequence[Edit]) -> str:
    """The text after edits of one file that do not touch each other; the rest stays, character for character.

    Raises:
        OutOfText: a place that the text does not have.
    """
    starts = _line_starts(text)
    line_end = "\r\n" if "\r\n" in text else "\n"
    done = text
    for edit in sorted(edits, key=lambda each: each.span.place, reverse=True):
        start = _offset(starts, len(text), edit.span.line, edit.span.column)
        end = _offset(starts, len(text), edit.span.end_line, edit.span.end_column)
        if end < start:
            raise OutOfText(f"{edit.span} ends before it begins")
        done = done[:start] + edit.text.replace("\n", line_end) + done[end:]
    return done


def _touch(one: Edit, other: Edit) -> bool:
    if one.span.file != other.span.file:
        return False
    return _start(one) <= _end(other) and _start(other) <= _end(one)


def _start(edit: Edit) -> tuple[int, int]:
    return edit.span.line, edit.span.column


def _end(edit: Edit) -> tuple[int, int]:
    return edit.span.end_line, edit.span.end_column


def _line_starts(text: str) -> list[int]:
    return [0, *accumulate(len(line) for line in text.splitlines(keepends=True))]


def _offset(starts: Sequence[int], length: int, line: int, column: int) -> int:
    if not 1 <= line <= len(starts):
        raise OutOfText(f"there is no line {line}")
    at = starts[line - 1] + column - 1
    if at > (starts[line] if line < len(starts) else length):
        raise OutOfText(f"line {line} has no column {column}")
    return at
