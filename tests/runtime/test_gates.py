"""Review stages in a run: what passes, what waits, and what need not be made."""

from __future__ import annotations

from dataclasses import replace

from PIL import Image as PillowImage

from orchestrator.graph import Graph
from orchestrator.graph.review_plan import AtItem, Judged, ReviewPlan
from orchestrator.runtime import execute
from orchestrator.stage import Context, Gathered, Idea, Image, Sheet, StageFailure, stage
from orchestrator.work import EVERYTHING
from orchestrator.work.causes import Causes
from tests import graphs
from tests.graphs import HERE
from tests.runtime.workshop import Loader, ended

DRAWN: list[str] = []


@stage("t.blank", version=1, seeded=True)
def blank(idea: Idea, ctx: Context) -> Image:
    DRAWN.append(idea.text)
    if idea.text == "broken":
        raise StageFailure("no", code="E501")
    return Image.of(PillowImage.new("L", (1, len(idea.text))))


@stage("t.gate", version=1, gate=True)
def gate(image: Image) -> Image:
    raise AssertionError("a gate is never called")


@stage("t.all", version=1, missing="refuse")
def everything(images: Gathered[Image]) -> Sheet:
    return Sheet.of(PillowImage.new("L", (len(images.present), 1)))


@stage("t.some", version=1, missing="skip")
def some(images: Gathered[Image]) -> Sheet:
    return Sheet.of(PillowImage.new("L", (len(images.present), 1)))


def a_graph(*ideas, last=everything, plan=None) -> Graph:
    nodes = [
        graphs.node("draw", blank, {"idea": graphs.IDEA}, ("idea",)),
        graphs.node("final", gate, {"image": "draw"}, ("idea",)),
        graphs.node("sheet", last, {"images": "final"}, (), gather=("idea",)),
    ]
    graph = graphs.graph({"idea": ideas}, nodes)
    return replace(graph, review=plan) if plan else graph


def run(graph, store, events=None):
    DRAWN.clear()
    listener = (events if events is not None else []).append
    return execute(graph, EVERYTHING, store, Loader(), listener, lambda: False)


def approved(graph, results, *ideas) -> ReviewPlan:
    def judged(idea):
        at = (("idea", idea),)
        artifact = results.items["draw", at].artifact_digest
        return Judged("final", dict(at), True, artifact, Causes(graph).made_from("final", at), HERE)  # noqa: FBT003

    return ReviewPlan(decisions=tuple(judged(idea) for idea in ideas))


def outcomes(results, name):
    return [result.outcome for (stage_name, _), result in results.items.items() if stage_name == name]


def test_everything_waits_and_the_run_ends_well(store):
    events = []
    results = run(a_graph("a", "bc"), store, events)
    assert outcomes(results, "final") == ["waiting", "waiting"]
    assert outcomes(results, "sheet") == ["waiting"]
    assert results.counts["waiting"] == 3
    assert [event.outcome for event in ended(events, "final")] == ["waiting", "waiting"]


def test_what_is_approved_passes_and_a_gather_takes_what_has_passed(store):
    first = run(a_graph("a", "bc"), store)
    plan = approved(a_graph("a", "bc"), first, "bc")
    assert outcomes(run(a_graph("a", "bc", plan=plan), store), "sheet") == ["waiting"]
    results = run(a_graph("a", "bc", last=some, plan=plan), store)
    assert outcomes(results, "final") == ["waiting", "stored"]
    assert results.items["sheet", ()].artifact().size == (1, 1)
    whole = approved(a_graph("a", "bc"), first, "a", "bc")
    assert run(a_graph("a", "bc", plan=whole), store).items["sheet", ()].artifact().size == (2, 1)


def test_a_picture_that_failed_does_not_wait(store):
    results = run(a_graph("a", "broken"), store)
    assert outcomes(results, "final") == ["waiting", "skipped"]


def test_nothing_above_approved_pictures_is_made(store, tmp_path):
    graph = a_graph("a", "bc")
    first = run(graph, store)
    plan = approved(graph, first, "a")
    pixels = {idea: first.items["draw", (("idea", idea),)].artifact() for idea in ("a",)}
    folder = tmp_path / "approved" / "final"
    folder.mkdir(parents=True)
    pixels["a"].pil.save(folder / "a.png")
    from orchestrator.store import Store

    with Store.open(tmp_path / "another") as empty:
        beside = ReviewPlan(decisions=plan.decisions, approved=tmp_path / "approved")
        results = run(a_graph("a", "bc", plan=beside), empty)
        assert DRAWN == ["bc"]
        assert outcomes(results, "draw") == ["skipped", "done"]
        assert results.items["final", (("idea", "a"),)].artifact() == pixels["a"]


def test_an_approved_picture_that_is_nowhere_is_an_error_and_nothing_is_drawn_for_it(store, tmp_path):
    at = {"idea": "a"}
    lost = Judged("final", at, True, "sha256:none", "sha256:none", HERE)  # noqa: FBT003
    for folder in (None, tmp_path):
        results = run(a_graph("a", plan=ReviewPlan(decisions=(lost,), approved=folder)), store)
        assert (outcomes(results, "final"), DRAWN) == (["failed"], [])
        assert results.items["final", (("idea", "a"),)].code == "E537"


def test_hostile_files_beside_the_review_file_are_not_taken(store, tmp_path):
    folder = tmp_path / "approved" / "final"
    folder.mkdir(parents=True)
    (folder / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 64)
    lost = Judged("final", {"idea": "a"}, True, "sha256:none", "", HERE)  # noqa: FBT003
    plan = ReviewPlan(decisions=(lost,), approved=tmp_path / "approved")
    assert outcomes(run(a_graph("a", plan=plan), store), "final") == ["failed"]


def test_what_is_dropped_is_skipped_everywhere(store):
    plan = ReviewPlan((AtItem({"idea": "a"}, dropped=True),))
    results = run(a_graph("a", "bc", plan=plan), store)
    assert (outcomes(results, "draw"), DRAWN) == (["skipped", "done"], ["bc"])
    both = ReviewPlan((AtItem({}, dropped=True),))
    assert outcomes(run(a_graph("a", "bc", plan=both), store), "sheet") == ["skipped"]
