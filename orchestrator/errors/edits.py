"""Changes of a text as data: exact replacements, from which a finding's fix can be applied by a machine."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from orchestrator.errors.diagnostic import Edit, Span


class OutOfText(ValueError):  # noqa: N818 - it names where the edit lies
    """An edit whose place the text does not have."""


def respelt(given: str, span: Span, name: str) -> tuple[Edit, ...]:
    """`name` in place of a word; quotes round it stay.

    No edit where the place is not that of the word alone: it was written with escapes, over several lines, or
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


def wrapped(span: Span, before: str, after: str) -> tuple[Edit, ...]:
    """What stands in a span, with texts put before and behind it."""
    return (*put_before(span, before), *put_behind(span, after))


def unwrapped(span: Span, inner: Span) -> tuple[Edit, ...]:
    """What stands in a span inside another one, in its place."""
    before = Span(span.file, span.line, span.column, inner.line, inner.column)
    after = Span(span.file, inner.end_line, inner.end_column, span.end_line, span.end_column)
    return (Edit(before, ""), *([] if _is_empty(after) else [Edit(after, "")]))


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
    line_end, done = _line_end(text), text
    for edit in sorted(edits, key=lambda each: each.span.place, reverse=True):
        start = _offset(starts, len(text), edit.span.line, edit.span.column)
        end = _offset(starts, len(text), edit.span.end_line, edit.span.end_column)
        if end < start:
            raise OutOfText(f"{edit.span} ends before it begins")
        done = done[:start] + edit.text.replace("\n", line_end) + done[end:]
    return done


def places_after(text: str, edits: Sequence[Edit]) -> list[Span]:
    """Where each edit's text stands once all of them are made, in order of place."""
    starts, moved = _line_starts(text), 0
    done = applied(text, edits)
    line_starts, line_end = _line_starts(done), _line_end(text)
    places: list[Span] = []
    for edit in sorted(edits, key=lambda each: each.span.place):
        start = _offset(starts, len(text), edit.span.line, edit.span.column)
        end = _offset(starts, len(text), edit.span.end_line, edit.span.end_column)
        length = len(edit.text.replace("\n", line_end))
        first, last = _place(line_starts, start + moved), _place(line_starts, start + moved + length)
        places.append(Span(edit.span.file, *first, *last))
        moved += length - (end - start)
    return places


def _place(starts: Sequence[int], offset: int) -> tuple[int, int]:
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _is_empty(span: Span) -> bool:
    return (span.line, span.column) == (span.end_line, span.end_column)


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
