"""Which entries of a review file hold where."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.graph.review_plan import NO_REVIEW, AtItem, ReviewPlan

IDS = {"idea": ("a", "b"), "style": ("flat", "pixel"), "variant": ("1", "2")}
ITEM = st.fixed_dictionaries({}, optional={name: st.sampled_from(ids) for name, ids in IDS.items()})
POINT = st.fixed_dictionaries({name: st.sampled_from(ids) for name, ids in IDS.items()})


@given(st.lists(ITEM, max_size=6), POINT)
def test_the_entries_at_an_item_are_those_whose_ids_it_has_general_ones_first(items, point):
    entries = tuple(AtItem(item, {"draw": {"side": place}}) for place, item in enumerate(items))
    found = list(ReviewPlan(entries).covering(point))
    assert set(map(id, found)) == {id(entry) for entry in entries if entry.item.items() <= point.items()}
    assert [len(entry.item) for entry in found] == sorted(len(entry.item) for entry in found)


def test_an_entry_with_more_dimensions_wins():
    plan = ReviewPlan((
        AtItem({"idea": "a", "style": "flat"}, {"draw": {"side": 2}}),
        AtItem({"idea": "a"}, {"draw": {"side": 1, "colour": "red"}}),
    ))  # fmt: skip
    assert plan.values("draw", {"idea": "a", "style": "flat"}) == {"side": 2, "colour": "red"}
    assert plan.values("draw", {"idea": "a", "style": "pixel"}) == {"side": 1, "colour": "red"}
    assert plan.values("draw", {"idea": "b", "style": "flat"}) == {}
    assert plan.values("other", {"idea": "a", "style": "flat"}) == {}


def test_an_entry_of_no_dimension_holds_everywhere():
    assert ReviewPlan((AtItem({}, dropped=True),)).dropped({"idea": "a"})


def test_without_a_review_file_nothing_holds():
    assert not NO_REVIEW
    assert NO_REVIEW.values("draw", {"idea": "a"}) == {}
    assert not NO_REVIEW.dropped({"idea": "a"})
