"""The one walk along the wires."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.graph.walk import reached

NAMES = st.sampled_from("abcdef")


def test_it_is_breadth_first_and_ends_where_nothing_goes_on() -> None:
    onward = {"a": "bc", "b": "d", "c": "da", "d": ""}
    assert list(reached("a", lambda name: onward[name])) == ["a", "b", "c", "d"]
    assert list(reached("ad", lambda _: "")) == ["a", "d"]


@given(st.dictionaries(NAMES, st.lists(NAMES)), st.lists(NAMES))
def test_each_is_reached_once_circles_or_not(onward: dict[str, list[str]], start: list[str]) -> None:
    found = list(reached(start, lambda name: onward.get(name, [])))
    assert len(found) == len(set(found))
    assert set(start) <= set(found)
    assert all(set(onward.get(name, [])) <= set(found) for name in found)
