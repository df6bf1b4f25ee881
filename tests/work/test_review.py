"""Planning under a review file, and what pictures are made from."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.graph.review_plan import AtItem, Judged, ReviewPlan
from orchestrator.stage import Context, Gathered, Idea, Image, Params, Prompt, Sheet, stage
from orchestrator.work import EVERYTHING, count_of, items_of, points
from orchestrator.work.causes import Causes
from orchestrator.work.decisions import Decisions
from tests import graphs
from tests.graphs import HERE


class Words(Params):
    colour: str = "red"


class Draw(Params):
    side: int = 8


@stage("t.words", version=1)
def words(idea: Idea, params: Words) -> Prompt:
    raise NotImplementedError


@stage("t.draw", version=1, seeded=True)
def draw(prompt: Prompt, params: Draw, ctx: Context) -> Image:
    raise NotImplementedError


@stage("t.review", version=1, gate=True)
def review(image: Image) -> Image:
    raise NotImplementedError


@stage("t.sheet", version=1)
def sheet(images: Gathered[Image]) -> Sheet:
    raise NotImplementedError


DIMENSIONS = {"idea": ("a", "b"), "style": ("flat", "pixel"), "variant": ("1", "2")}
OVER = tuple(DIMENSIONS)


def a_graph(plan=None, draw_over=("idea", "style"), **values):
    nodes = [
        graphs.node("words", words, {"idea": graphs.IDEA}, ("idea",), **values),
        graphs.node("draw", draw, {"prompt": "words"}, draw_over),
        graphs.node("final", review, {"image": "draw"}, OVER),
        graphs.node("sheet", sheet, {"images": "final"}, (), gather=OVER),
    ]
    graph = graphs.graph(DIMENSIONS, nodes)
    return replace(graph, review=plan) if plan else graph


def items(graph, stage_name):
    return {
        item.coordinates: item for item in items_of(graph, graph.nodes[stage_name], points(graph, EVERYTHING))
    }


ITEM = st.fixed_dictionaries({}, optional={name: st.sampled_from(ids) for name, ids in DIMENSIONS.items()})


def at_item(item, colour, side):
    """An entry as it is read: the stages above `final` that lack a dimension of it run apart."""
    values = {
        **({"words": {"colour": colour}} if colour else {}),
        **({"draw": {"side": side}} if side else {}),
    }
    over = {"words": {"idea"}, "draw": {"idea", "style"}}
    first = 0 if colour else 1
    below = [name for name in ("words", "draw")[first:] if not set(item) <= over[name]] if values else []
    return AtItem(item, values, apart=frozenset(below))


ENTRY = st.builds(
    at_item, ITEM, st.sampled_from(["", "blue", "green"]), st.sampled_from([0, 16, 32])
)


@settings(deadline=None)
@given(st.lists(ENTRY, max_size=4))
def test_what_an_item_comes_from_is_set_as_the_entries_that_cover_it_say(entries):
    plan = ReviewPlan(tuple(entries))
    graph = a_graph(plan)
    made = {name: items(graph, name) for name in ("words", "draw", "final")}
    for point, item in made["final"].items():
        drawn = made["draw"][item.inputs["image"].coordinates]
        worded = made["words"][drawn.inputs["prompt"].coordinates]
        assert drawn.params.side == plan.values("draw", dict(point)).get("side", 8)
        assert worded.params.colour == plan.values("words", dict(point)).get("colour", "red")
    for name, found in made.items():
        assert count_of(graph, graph.nodes[name], EVERYTHING) == len(found)


@settings(deadline=None)
@given(st.lists(ENTRY, max_size=4))
def test_entries_leave_other_items_as_they_are(entries):
    plain, changed = a_graph(), a_graph(ReviewPlan(tuple(entries)))
    for point, item in items(plain, "draw").items():
        if not any(entry.item.items() <= dict(point).items() for entry in entries):
            assert items(changed, "draw")[point].params == item.params
            assert items(changed, "draw")[point].seed == item.seed


def test_an_attempt_enters_the_seed_of_pictures_that_have_all_its_dimensions():
    before = items(a_graph(), "draw")
    for item, moved in (({"idea": "a"}, 2), ({"idea": "a", "style": "flat"}, 1), ({"variant": "1"}, 0)):
        after = items(a_graph(ReviewPlan((AtItem(item, attempt=1),))), "draw")
        assert sum(after[at].seed != before[at].seed for at in before) == moved
    twice = ReviewPlan((AtItem({"idea": "a"}, attempt=1), AtItem({"idea": "a", "style": "flat"}, attempt=1)))
    assert len({item.seed for item in items(a_graph(twice), "draw").values()}) == 3


def test_what_is_dropped_is_not_gathered():
    (whole,) = items(a_graph(), "sheet").values()
    (rest,) = items(a_graph(ReviewPlan((AtItem({"idea": "a"}, dropped=True),))), "sheet").values()
    assert (len(whole.gathered), len(rest.gathered), len(rest.inputs["images"])) == (8, 4, 4)
    assert all(("idea", "b") in at for at in rest.gathered)


POINT = (("idea", "a"), ("style", "flat"), ("variant", "1"))


def test_made_from_follows_params_seeds_and_ideas_and_nothing_beside():
    first = Causes(a_graph()).made_from("final", POINT)
    assert Causes(a_graph()).made_from("final", POINT) == first
    assert Causes(a_graph(colour="blue")).made_from("final", POINT) != first
    attempt = ReviewPlan((AtItem({"idea": "a"}, attempt=1),))
    assert Causes(a_graph(attempt)).made_from("final", POINT) != first
    elsewhere = ReviewPlan((AtItem({"idea": "b"}, {"words": {"colour": "blue"}}, attempt=1),))
    assert Causes(a_graph(elsewhere)).made_from("final", POINT) == first


def judged(made_from, *, approved=True, **item):
    return Judged("final", item, approved, "sha256:x", made_from, HERE)


def test_a_decision_holds_at_exactly_its_item_and_is_stale_when_causes_differ():
    true = Causes(a_graph()).made_from("final", POINT)
    told = (judged(true, **dict(POINT)), judged("old", idea="b", style="flat", variant="2"))
    decisions = Decisions(a_graph(ReviewPlan(decisions=told)))
    assert decisions.approves("final", POINT)
    assert not decisions.at("final", POINT).stale
    other = (("idea", "b"), ("style", "flat"), ("variant", "2"))
    assert decisions.at("final", other).stale
    assert decisions.at("final", (("idea", "b"), ("style", "flat"), ("variant", "1"))) is None
    assert [finding.code for finding in decisions.findings()] == ["W660"]


def test_a_decision_that_lacks_a_dimension_holds_at_the_first_item_that_is_made_alike():
    true = Causes(a_graph()).made_from("final", (("idea", "b"), ("style", "pixel"), ("variant", "1")))
    decisions = Decisions(a_graph(ReviewPlan(decisions=(judged(true, idea="b"), judged("old", idea="a")))))
    assert decisions.approves("final", (("idea", "b"), ("style", "flat"), ("variant", "1")))
    assert not decisions.approves("final", (("idea", "b"), ("style", "pixel"), ("variant", "1")))
    (lost,) = decisions.findings()
    assert (lost.code, lost.fix) == ("W661", "item: {idea: a, style: …, variant: …}")


def test_a_rejection_is_no_approval():
    decisions = Decisions(a_graph(ReviewPlan(decisions=(judged("x", approved=False, **dict(POINT)),))))
    assert not decisions.approves("final", POINT)
    assert decisions.at("final", POINT) is not None
