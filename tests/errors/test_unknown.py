"""Did-you-mean: one finding for all, and an edit only where nothing else can be meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.errors import Edit, Span, unknown
from orchestrator.errors.suggest import nearest

STAGES = ["expand", "plan", "render", "repaint", "contact-sheet", "animate", "atlas"]


@pytest.mark.parametrize(
    ("word", "valid", "name", "clear"),
    [
        ("rendr", STAGES, "render", True),
        ("redner", STAGES, "render", True),
        ("EXPAND", STAGES, "expand", True),
        ("contactsheet", STAGES, "contact-sheet", True),
        ("rnder", ["render", "ender"], "render", False),
        ("cat", ["cut", "cast"], "cast", False),
        ("repair", STAGES, "repaint", False),
        ("paint", STAGES, "repaint", False),
        ("ex", ["exp"], "exp", False),
    ],
)
def test_a_name_is_clear_where_no_other_is_as_near(
    word: str, valid: list[str], name: str, clear: bool
) -> None:
    found = nearest(word, valid)
    assert found is not None
    assert (found.name, found.clear) == (name, clear)


def test_a_word_like_none_has_no_suggestion() -> None:
    assert nearest("quaternion", STAGES) is None


@given(st.sampled_from(STAGES), st.data())
def test_one_slip_in_a_long_name_is_mended(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 2))
    wrong = data.draw(
        st.sampled_from([name[:at] + name[at + 1 :], name[:at] + name[at] + name[at:],
                         name[:at] + name[at + 1] + name[at] + name[at + 2 :]])
    )  # fmt: skip
    found = nearest(wrong, STAGES)
    assert found is not None
    assert found.name == name


def test_what_is_unknown_is_told_with_the_name_that_was_meant() -> None:
    span = Span("r.yaml", 3, 9, 3, 20)
    found = unknown("E235", "no variable", "strngth", span, ["strength"], form="$vars.{}")
    assert (found.help, found.fix, found.edits) == ("did you mean `$vars.strength`?", "$vars.strength", ())
    whole = Span("r.yaml", 3, 9, 3, 22)
    exact = unknown("E235", "no variable", "strngth", whole, ["strength"], form="$vars.{}")
    assert exact.edits == (Edit(whole, "$vars.strength"),)


def test_without_a_name_near_the_other_help_stands() -> None:
    found = unknown("E201", "no stage", "quaternion", Span.point("r"), STAGES, otherwise="name its file")
    assert (found.help, found.fix, found.edits) == ("name its file", "", ())


def test_very_many_names_and_very_long_words_take_no_time() -> None:
    assert nearest("a" * 10, [f"name-{number}" for number in range(2_000)]) is None
    assert unknown("E1", "m", "a" * 100_000, Span.point("r"), ["a" * 60]).fix == ""
