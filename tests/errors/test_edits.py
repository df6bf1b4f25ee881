"""Edits change what they name and nothing else, whatever the text's line ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.errors import Edit, Span
from orchestrator.errors.edits import OutOfText, applied, put_before, put_behind, respelt, without_clashes

SHOWN = st.characters(codec="utf-8", exclude_categories=["C", "Z"])
LINES = st.lists(st.text(SHOWN, max_size=12), max_size=6)


@given(LINES, st.sampled_from(["\n", "\r\n", "\r"]), st.data())
def test_an_edit_leaves_the_rest_as_it_was(lines: list[str], end: str, data: st.DataObject) -> None:
    text = end.join([*lines, ""])
    line = data.draw(st.integers(1, len(lines) + 1))
    width = len(lines[line - 1]) if line <= len(lines) else 0
    start = data.draw(st.integers(1, width + 1))
    stop = data.draw(st.integers(start, width + 1))
    before = "".join(each + end for each in lines[: line - 1])
    rest = text[len(before) :]
    done = applied(text, [Edit(Span("f", line, start, line, stop), "new")])
    assert done == before + rest[: start - 1] + "new" + rest[stop - 1 :]


def test_lines_that_are_put_in_end_as_those_of_the_file() -> None:
    above = put_before(Span("f", 2, 1, 2, 2), "x: 3\n")
    assert applied("a: 1\r\nb: 2\r\n", above) == "a: 1\r\nx: 3\r\nb: 2\r\n"
    assert applied("a: 1\nb: 2", put_behind(Span("f", 2, 1, 2, 5), "\nx: 3\n")) == "a: 1\nb: 2\nx: 3\n"


def test_several_edits_count_in_the_text_as_it_was() -> None:
    edits = [Edit(Span("f", 1, 1, 1, 2), "long"), Edit(Span("f", 1, 4, 1, 5), "")]
    assert applied("a: 1\n", edits) == "long: \n"


@pytest.mark.parametrize(
    "span", [Span("f", 3, 1, 3, 2), Span("f", 1, 9, 1, 9), Span("f", 0, 1, 0, 1), Span("f", 2, 1, 1, 1)]
)
def test_a_place_that_is_not_there_is_refused(span: Span) -> None:
    with pytest.raises(OutOfText):
        applied("a: 1\n", [Edit(span, "x")])


@pytest.mark.parametrize(
    ("text", "given", "span", "after"),
    [
        ("use: rendr", "rendr", Span("f", 1, 6, 1, 11), "use: render"),
        ("use: 'rendr'", "rendr", Span("f", 1, 6, 1, 13), "use: 'render'"),
        ('use: "re\\x6edr"', "rendr", Span("f", 1, 6, 1, 16), None),
        ("use: 'ren\n  dr'", "ren dr", Span("f", 1, 6, 2, 6), None),
    ],
)
def test_a_word_is_respelt_where_it_stands_as_it_is(
    text: str, given: str, span: Span, after: str | None
) -> None:
    edits = respelt(given, span, "render")
    assert (applied(text, edits) if edits else None) == after


def test_nothing_of_the_command_line_is_edited() -> None:
    assert respelt("rendr", Span("<command line>", 1, 7, 1, 12), "render") == ()


def test_of_edits_that_touch_the_first_is_taken_whole_and_the_others_wait() -> None:
    first = (Edit(Span("f", 1, 1, 1, 4), "a"), Edit(Span("f", 3, 1, 3, 1), "b"))
    touching = (Edit(Span("f", 2, 1, 2, 2), "c"), Edit(Span("f", 3, 1, 3, 2), "d"))
    elsewhere = (Edit(Span("g", 1, 1, 1, 4), "e"),)
    assert without_clashes([first, touching, elsewhere, ()]) == [first, elsewhere]
