"""A run makes what the store lacks, once, in order, and tells of it when it is on the disk."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from orchestrator.events import Event, ItemEnded, ModelLoading, RunEnded, RunStarted, StepDone
from orchestrator.runtime import LoadedModels, execute
from orchestrator.stage import Image, Sheet
from orchestrator.store import Store
from orchestrator.work import EVERYTHING, Selection
from tests import graphs
from tests.runtime.workshop import CALLS, Loader, Threads, a_graph, ended, run, words, write


def by_outcome(counts: object) -> dict[str, int]:
    return {name: number for name, number in dict(counts).items() if number}  # type: ignore[call-overload]


def test_everything_is_made_once_and_shared(store: Store) -> None:
    events: list[Event] = []
    loader = Loader()
    results = run(a_graph(["a", "b"], variants=2, styles=("flat", "pixel")), store, loader, events=events)
    assert by_outcome(results.counts) == {"done": 2 + 8 + 1}
    assert Counter(call[0] for call in CALLS) == {"words": 2, "draw": 8, "sheet": 1}
    assert loader.loaded == ["painter"]
    assert isinstance(events[0], RunStarted)
    assert events[0].totals == {"words": 2, "draw": 8, "sheet": 1}
    assert isinstance(events[-1], RunEnded)
    assert events[-1].counts == results.counts
    loading = [event for event in events if isinstance(event, ModelLoading)]
    assert loading == [ModelLoading("painter", "painter")]
    assert StepDone("draw", 1, 1) in events
    assert len(ended(events)) == 11
    assert loader.models[0].released


def test_results_say_all_of_an_item(store: Store) -> None:
    graph = a_graph(["a"], variants=2)
    results = run(graph, store)
    drawn = results.items["draw", (("idea", "i0"), ("style", "flat"), ("variant", "2"))]
    assert drawn.outcome == "done"
    assert drawn.notes == {"tokens": 3}
    assert drawn.environment == {"painter": "double"}
    assert drawn.params == {"model": "painter", "style": "flat"}
    assert drawn.seconds > 0
    assert drawn.key.startswith("sha256:")
    image = drawn.artifact()
    assert type(image) is Image
    assert image.digest == drawn.artifact_digest
    assert image.pil.getpixel((0, 0)) == tuple(drawn.seed >> shift & 255 for shift in (0, 8, 16))
    assert type(results.items["sheet", ()].artifact()) is Sheet
    assert results.run
    assert results.started
    assert not results.interrupted


def test_a_second_run_loads_no_model_and_calls_no_stage(store: Store) -> None:
    graph = a_graph(["a", "b"], variants=2)
    first = run(graph, store)
    CALLS.clear()
    loader, events = Loader(), list[Event]()
    second = run(graph, store, loader, events=events)
    assert by_outcome(second.counts) == {"stored": 7}
    assert (loader.loaded, CALLS) == ([], [])
    assert {place: item.artifact_digest for place, item in first.items.items()} == {
        place: item.artifact_digest for place, item in second.items.items()
    }
    assert ended(events, "draw")[0].notes == {"tokens": 3}
    assert second.items["words", (("idea", "i0"),)].seconds > 0


def test_one_idea_more_makes_only_what_is_new(store: Store) -> None:
    run(a_graph(["a", "b"]), store)
    CALLS.clear()
    results = run(a_graph(["a", "b", "c"]), store)
    assert by_outcome(results.counts) == {"done": 3, "stored": 4}
    assert CALLS == [("words", "c"), ("draw", "c"), ("sheet", "True", "True", "True")]


def test_items_stand_in_the_order_of_the_recipe_whatever_ends_first(store: Store) -> None:
    run(a_graph(["b"]), store)
    results = run(a_graph(["a", "refused", "b", "c"]), store)
    assert [at[0][1] for stage, at in results.items if stage == "draw"] == ["i0", "i1", "i2", "i3"]


def test_the_disk_has_a_result_before_it_is_told(store: Store) -> None:
    told = []
    with Store.open(store.folder) as other:

        def listener(event: Event) -> None:
            if isinstance(event, ItemEnded) and event.outcome == "done":
                told.append(event)
                assert found(other, event)

        def found(journal: Store, event: ItemEnded) -> bool:
            rows = journal._journal._connection.execute("SELECT stage, notes FROM results").fetchall()
            return sum(stage == f"t.{event.stage}" for stage, _ in rows) >= sum(
                each.stage == event.stage for each in told
            )

        execute(a_graph(["a", "b", "c"], variants=3), EVERYTHING, store, Loader(), listener, lambda: False)
    assert len(told) == 13


def test_many_windows_give_one_result_each_and_load_a_model_once(store: Store) -> None:
    ideas = [f"idea {number}" for number in range(140)]
    loader = Loader()
    results = run(a_graph(ideas, variants=2), store, loader)
    assert by_outcome(results.counts) == {"done": 140 + 280 + 1}
    assert loader.loaded == ["painter"]
    drawn = [call[1] for call in CALLS if call[0] == "draw"]
    assert drawn == [idea for idea in ideas for _ in range(2)]
    assert [call[0] for call in CALLS[:257]] == ["words"] * 128 + ["draw"] * 129  # 128 ideas fill a window


@pytest.mark.parametrize("batch_size", [1, 3])
def test_a_painters_batch_follows_its_card(store: Store, batch_size: int) -> None:
    run(a_graph(["a", "b"], variants=2, styles=("flat", "pixel"), batch_size=batch_size), store)
    drawn = [call[1:] for call in CALLS if call[0] == "draw"]
    expected = {1: [("a",)] * 4 + [("b",)] * 4, 3: [("a", "a", "b"), ("b",), ("a", "a", "b"), ("b",)]}
    assert drawn == expected[batch_size]  # items of another style have other params and share no call


def test_a_writers_batch_is_the_models_own(store: Store) -> None:
    graph = graphs.graph(
        {"idea": {f"i{number}": {"value": f"n{number}"} for number in range(10)}},
        [graphs.node("write", write, {"ideas": graphs.IDEA}, ("idea",), model="writer")],
        models=[graphs.model("writer", "llm")],
    )
    run(graph, store)
    assert [len(call) - 1 for call in CALLS] == [8, 2]


def test_equal_work_is_done_once(store: Store) -> None:
    results = run(a_graph(["same", "same", "other"]), store)
    assert [call for call in CALLS if call[0] == "words"] == [("words", "same"), ("words", "other")]
    outcomes = [item.outcome for (stage, _), item in results.items.items() if stage == "words"]
    assert outcomes == ["done", "stored", "done"]
    assert sum(results.counts.values()) == 7


def test_an_unseeded_stage_sees_no_seed(store: Store) -> None:
    results = run(a_graph(["a"]), store)
    assert results.items["words", (("idea", "i0"),)].notes == {"seen": 0}


def test_to_ends_with_a_stage(store: Store) -> None:
    results = run(a_graph(["a", "b"]), store, selection=Selection(only={}, to="words"))
    assert by_outcome(results.counts) == {"done": 2}


def test_a_partial_run_skips_a_gather_that_is_not_whole(store: Store) -> None:
    graph = a_graph(["a", "b"])
    part = run(graph, store, selection=Selection(only={"idea": ("i1",)}))
    assert by_outcome(part.counts) == {"done": 2, "skipped": 1}
    assert part.items["sheet", ()].message == "sheet gathers 2 items, and this run leaves out 1 of them"
    whole = run(graph, store, selection=Selection(only={"idea": ("i1", "i0")}))
    assert by_outcome(whole.counts) == {"done": 3, "stored": 2}


def test_a_partial_run_makes_a_gather_within_its_items(store: Store) -> None:
    graph = a_graph(["a", "b"], variants=2, gather=("style", "variant"))
    results = run(graph, store, selection=Selection(only={"idea": ("i1",)}))
    assert by_outcome(results.counts) == {"done": 4}


def test_an_executor_of_threads_gives_the_same(tmp_path: Path) -> None:
    graph = a_graph(["a", "refused", "c"], variants=2)
    with Store.open(tmp_path / "one") as one, Store.open(tmp_path / "two") as two:
        here = run(graph, one)
        there = execute(graph, EVERYTHING, two, Loader(), lambda _: None, lambda: False, executor=Threads)
        assert there.counts == here.counts
        assert {place: item.artifact_digest for place, item in there.items.items()} == {
            place: item.artifact_digest for place, item in here.items.items()
        }


def test_runs_that_share_a_room_load_a_model_once(store: Store) -> None:
    loader = Loader()
    loaded = LoadedModels(loader)
    for ideas in (["a"], ["b"]):
        execute(a_graph(ideas), EVERYTHING, store, loader, lambda _: None, lambda: False, models=loaded)
    assert loader.loaded == ["painter"]
    assert not loader.models[0].released
    loaded.release_all()
    assert loader.models[0].released


def test_two_roles_of_one_model_share_it(store: Store) -> None:
    loader = Loader()
    loaded = LoadedModels(loader)
    one, other = (graphs.model(role, identity="sha256:same") for role in ("painter", "second"))
    assert loaded.get(one, lambda _: None) is loaded.get(other, lambda _: None)
    loaded.release(one)
    assert loader.models[0].released


def test_a_stage_with_neither_wires_nor_dimensions_runs_once(store: Store) -> None:
    graph = graphs.graph(
        {"idea": ("a", "b")}, [graphs.node("words", words, {"idea": graphs.IDEA}, ("idea",))]
    )
    assert by_outcome(run(graph, store).counts) == {"done": 2}
