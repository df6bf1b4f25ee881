"""`Many[T]` at run time: members one by one and whole, unknown numbers, placeholders, stops, second runs."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from PIL import Image as PillowImage

from orchestrator.errors import StageFailure
from orchestrator.events import Event, RunStarted
from orchestrator.graph import Graph, Wire
from orchestrator.runtime import Results
from orchestrator.stage import Gathered, Idea, Image, Many, Params, Sheet, stage
from orchestrator.stage.many import many_of
from orchestrator.store import Store
from orchestrator.work import Selection
from tests import graphs
from tests.runtime.test_execute import by_outcome
from tests.runtime.workshop import CALLS, ended, run


@stage("t.frames", version=1)
def frames(idea: Idea) -> Many[Image]:
    """As many frames as the idea's text has letters."""
    CALLS.append(("frames", idea.text))
    if idea.text.startswith("refused"):
        raise StageFailure("nothing moves", code="E511")
    return Many(Image.of(PillowImage.new("L", (4, 4), 10 * at)) for at in range(len(idea.text)))


class Pace(Params):
    """How many seconds a frame takes."""

    slow: float = 0.0


@stage("t.invert", version=1)
def invert(image: Image, params: Pace) -> Image:
    CALLS.append(("invert", str(image.pil.getpixel((0, 0)))))
    time.sleep(params.slow)
    return Image.of(image.pil.point(lambda value: 255 - value))


@stage("t.strip", version=1, missing="refuse")
def strip(images: Gathered[Image]) -> Sheet:
    CALLS.append(("strip", *(" ".join(member.coordinates.values()) for member in images)))
    return Sheet.of(PillowImage.new("L", (len(images), 1)))


@stage("t.wall", version=1, missing="skip")
def wall(images: Gathered[Image]) -> Sheet:
    return strip(images)


def a_graph(
    *ideas: str, last: object = strip, gather: tuple[str, ...] = ("frame",), slow: float = 0.0
) -> Graph:
    """idea → frames → invert (each) → strip, and strip of the frames whole."""
    cut = graphs.node("cut", invert, {"image": "idle"}, ("idea", "frame"), slow=slow)
    whole = graphs.node("whole", strip, {"images": "idle"}, ("idea",))
    over = tuple(name for name in ("idea", "frame") if name not in gather)
    made = graphs.graph(
        {"idea": {f"i{place}": {"value": text} for place, text in enumerate(ideas)}},
        [
            graphs.node("idle", frames, {"idea": graphs.IDEA}, ("idea",)),
            replace(cut, wires={"image": Wire("idle", many_of(Image), "frame")}),
            graphs.node("strip", last, {"images": "cut"}, over, gather=gather),  # type: ignore[arg-type]
            replace(whole, wires={"images": Wire("idle", many_of(Image))}),
        ],
    )
    return replace(made, run_time={"frame": "idle"})


def places(results: Results, name: str) -> list[str]:
    return [" ".join(value for _, value in at) for stage_name, at in results.items if stage_name == name]


def test_members_become_items_and_their_number_comes_with_the_run(store: Store) -> None:
    events: list[Event] = []
    results = run(a_graph("ab", "abc"), store, events=events)
    assert isinstance(events[0], RunStarted)
    assert (events[0].totals, events[0].unknown) == ({"idle": 2, "strip": 2, "whole": 2}, ("cut",))
    assert places(results, "cut") == ["i0 0", "i0 1", "i1 0", "i1 1", "i1 2"]
    assert sum(results.counts.values()) == len(ended(events)) == 2 + 5 + 2 + 2
    assert {call[1:] for call in CALLS if call[0] == "strip"} == {("0", "1"), ("0", "1", "2")}
    cut = results.items["cut", (("idea", "i1"), ("frame", "2"))].artifact()
    assert isinstance(cut, Image)
    assert cut.pil.getpixel((0, 0)) == 235


def test_equal_frames_are_worked_on_once(store: Store) -> None:
    results = run(a_graph("ab", "xyz"), store)
    assert [call for call in CALLS if call[0] == "invert"] == [
        ("invert", "0"), ("invert", "10"), ("invert", "20"),
    ]  # fmt: skip
    assert by_outcome(results.counts)["stored"] == 2


def test_a_second_run_finds_everything(store: Store) -> None:
    first = run(a_graph("ab", "abc"), store)
    CALLS.clear()
    second = run(a_graph("ab", "abc"), store)
    assert by_outcome(second.counts) == {"stored": 11}
    assert CALLS == []
    assert {place: item.artifact_digest for place, item in first.items.items()} == {
        place: item.artifact_digest for place, item in second.items.items()
    }


def test_frames_that_were_not_made_are_one_placeholder(store: Store) -> None:
    results = run(a_graph("ab", "refused"), store)
    assert places(results, "cut") == ["i0 0", "i0 1", "i1 ?"]
    missing = results.items["cut", (("idea", "i1"), ("frame", "?"))]
    assert missing.outcome == "skipped"
    assert "nothing moves" in missing.message
    assert results.items["strip", (("idea", "i1"),)].outcome == "skipped"
    assert results.items["whole", (("idea", "i1"),)].outcome == "skipped"
    assert by_outcome(results.counts) == {"done": 5, "failed": 1, "skipped": 3}


@pytest.mark.parametrize(("last", "outcome"), [(strip, "skipped"), (wall, "done")])
def test_a_gather_over_ideas_and_frames_takes_each_length(store: Store, last: object, outcome: str) -> None:
    graph = a_graph("ab", "refused", "abc", last=last, gather=("idea", "frame"))
    results = run(graph, store)
    assert results.items["strip", ()].outcome == outcome
    if outcome == "done":
        assert CALLS[-3] == ("strip", "i0 0", "i0 1", "i1 ?", "i2 0", "i2 1", "i2 2")


def test_a_longer_animation_makes_only_what_is_new(store: Store) -> None:
    run(a_graph("ab"), store)
    CALLS.clear()
    results = run(a_graph("abcd"), store)
    assert [call[0] for call in CALLS] == ["frames", "invert", "invert", "strip", "strip"]
    assert by_outcome(results.counts)["stored"] == 2


def test_many_windows_of_frames(store: Store) -> None:
    ideas = [f"idea{number:04d}" for number in range(300)]
    results = run(a_graph(*ideas), store)
    assert len(places(results, "cut")) == 300 * 8
    assert sum(results.counts.values()) == 300 + 2400 + 300 + 300
    assert not results.counts["failed"]


@pytest.mark.parametrize("asked", range(9))
def test_a_stop_counts_what_it_knows_of_and_nothing_is_made_twice(store: Store, asked: int) -> None:
    stopped = iter([False] * asked)
    graph = a_graph("abcd", "refused", "wx")
    results = run(graph, store, cancelled=lambda: next(stopped, True))
    assert results.interrupted
    assert results.counts["cancelled"]
    assert sum(results.counts.values()) == len(results.items)
    assert len(places(results, "cut")) in {3, 6, 7}  # a placeholder while no number is known
    again = run(graph, store)
    assert not again.counts["cancelled"]
    assert by_outcome(again.counts)["stored"] >= by_outcome(results.counts).get("done", 0)
    made = [call for call in CALLS if call[0] != "strip" and call != ("frames", "refused")]
    assert len(made) == len(set(made))


def test_two_lengths_side_by_side_are_no_whole_gather(store: Store) -> None:
    @stage("t.both", version=1)
    def both(first: Gathered[Image], second: Gathered[Image]) -> Sheet:
        raise NotImplementedError

    both_wires = (("first", "one"), ("second", "late"))
    one, other = (graphs.node(name, frames, {"idea": graphs.IDEA}, ("idea",)) for name in ("one", "other"))
    gathered = graphs.node("both", both, {"first": "one", "second": "late"}, ("idea",))
    late = replace(other, name="late", wires={"idea": Wire("words", Idea)})

    @stage("t.shorter", version=1)
    def shorter(idea: Idea) -> Idea:
        return Idea(text=idea.text[:2])

    graph = graphs.graph(
        {"idea": ("abcd",)},
        [
            one,
            graphs.node("words", shorter, {"idea": graphs.IDEA}, ("idea",)),
            late,
            replace(gathered, wires={port: Wire(name, many_of(Image)) for port, name in both_wires}),
        ],
    )
    results = run(graph, store)
    item = results.items["both", (("idea", "abcd"),)]
    assert item.outcome == "skipped"
    assert item.message == "2 of 4 are missing: late at idea=abcd has 2 members only"


def test_a_selection_takes_all_frames_of_its_items(store: Store) -> None:
    results = run(a_graph("ab", "abc"), store, selection=Selection(only={"idea": ("i1",)}, to="cut"))
    assert places(results, "cut") == ["i1 0", "i1 1", "i1 2"]


def test_a_stored_many_without_its_note_is_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from orchestrator.runtime import inputs

    run(a_graph("ab"), store)
    monkeypatch.setattr(inputs, "MEMBERS", "forgotten")
    assert by_outcome(run(a_graph("ab"), store).counts) == {"stored": 5}


@stage("t.again", version=1)
def again(image: Image) -> Many[Image]:
    """One more frame than the picture's shade says."""
    shade = int(image.pil.getpixel((0, 0)))  # type: ignore[arg-type]
    return Many(Image.of(PillowImage.new("L", (2, 2), shade + at)) for at in range(shade // 10 + 1))


def test_members_of_members(store: Store) -> None:
    """idea → frames → again (each frame) → invert (each of each), gathered by frame and whole."""
    more = graphs.node("more", again, {"image": "idle"}, ("idea", "frame"))
    cut = graphs.node("cut", invert, {"image": "more"}, ("idea", "frame", "part"))
    rows = graphs.node("rows", strip, {"images": "cut"}, ("idea", "frame"), gather=("part",))
    all_of_it = graphs.node("all", strip, {"images": "cut"}, (), gather=("idea", "frame", "part"))
    graph = graphs.graph(
        {"idea": ("ab", "c")},
        [
            graphs.node("idle", frames, {"idea": graphs.IDEA}, ("idea",)),
            replace(more, wires={"image": Wire("idle", many_of(Image), "frame")}),
            replace(cut, wires={"image": Wire("more", many_of(Image), "part")}),
            rows,
            all_of_it,
        ],
    )
    results = run(replace(graph, run_time={"frame": "idle", "part": "more"}), store)
    assert places(results, "cut") == ["ab 0 0", "ab 1 0", "ab 1 1", "c 0 0"]
    assert CALLS[-1] == ("strip", "ab 0 0", "ab 1 0", "ab 1 1", "c 0 0")
    assert ("strip", "0", "1") in CALLS
    assert not results.counts["failed"] + results.counts["skipped"]
