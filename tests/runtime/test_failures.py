"""An item that fails, fails alone: whatever a stage, a model or the disk does."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.events import Event, ModelLoading, RunEnded
from orchestrator.runtime import Results, inputs
from orchestrator.stage import Batch, Idea, Prompt, stage
from orchestrator.store import DiskFiles, Store
from orchestrator.work import Selection
from tests import graphs
from tests.runtime.workshop import CALLS, Loader, QuickFiles, a_graph, atlas, ended, run, write


class FullDisk(DiskFiles):
    """No room for pictures."""

    def write(self, path: Path, data: bytes) -> None:
        del path, data
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def outcomes(results: Results, stage_name: str) -> list[str]:
    return [item.outcome for (name, _), item in results.items.items() if name == stage_name]


def test_a_refusal_has_the_stages_code_and_its_consumers_say_why(store: Store) -> None:
    events: list[Event] = []
    results = run(a_graph(["a", "refused", "c"]), store, events=events)
    failed = results.items["words", (("idea", "i1"),)]
    assert (failed.outcome, failed.code, failed.message, failed.help) == (
        "failed", "E511", "nothing to draw", "give a noun",
    )  # fmt: skip
    assert failed.artifact_digest == ""
    with pytest.raises(LookupError, match="nothing to draw"):
        failed.artifact()
    assert outcomes(results, "draw") == ["done", "skipped", "done"]
    skipped = results.items["draw", (("idea", "i1"), ("style", "flat"), ("variant", "1"))]
    assert skipped.message == "words at idea=i1 failed: nothing to draw"
    assert results.items["sheet", ()].outcome == "done"
    assert CALLS[-1] == ("sheet", "True", "False", "True")
    assert [event.code for event in ended(events) if event.outcome == "failed"] == ["E511"]


def test_an_unexpected_exception_is_one_line(store: Store) -> None:
    failed = run(a_graph(["broken"]), store).items["words", (("idea", "i0"),)]
    assert (failed.code, failed.message) == ("E501", "t.words stopped with ValueError: line one line two")


def test_a_wrong_type_is_a_failure(store: Store) -> None:
    failed = run(a_graph(["wrong"]), store).items["words", (("idea", "i0"),)]
    assert (failed.code, failed.message) == ("E534", "t.words gave an Idea, but it declares Prompt")


def test_a_failed_item_is_tried_again_by_the_next_run(store: Store) -> None:
    run(a_graph(["refused"]), store)
    CALLS.clear()
    run(a_graph(["refused"]), store)
    assert CALLS == [("words", "refused")]


def test_a_gather_that_refuses_missing_members_is_skipped_with_the_first_reason(store: Store) -> None:
    results = run(a_graph(["a", "refused", "broken"], last=atlas), store)
    assert results.items["sheet", ()].outcome == "skipped"
    message = results.items["sheet", ()].message
    assert message == "2 of 3 are missing: words at idea=i1 failed: nothing to draw"


def test_a_gather_of_nothing_is_skipped(store: Store) -> None:
    results = run(a_graph(["refused"]), store)
    assert results.items["sheet", ()].outcome == "skipped"


def test_a_batch_that_fails_as_a_whole_is_tried_one_by_one(store: Store) -> None:
    graph = graphs.graph(
        {"idea": ("a", "poison", "refused", "b")},
        [graphs.node("write", write, {"ideas": graphs.IDEA}, ("idea",), model="writer")],
        models=[graphs.model("writer", "llm")],
    )
    results = run(graph, store)
    assert outcomes(results, "write") == ["done", "failed", "failed", "done"]
    assert [len(call) - 1 for call in CALLS] == [4, 1, 1, 1, 1]
    refused = results.items["write", (("idea", "refused"),)]
    assert (refused.code, refused.message, refused.notes) == ("E512", "no", {"asked": 1})


@stage("t.short", version=1, batch=True)
def short(ideas: Batch[Idea]) -> tuple[Prompt, ...]:
    return (Prompt(subject="only one"),)


def test_a_batch_with_too_few_results_fails_its_items(store: Store) -> None:
    graph = graphs.graph(
        {"idea": ("a", "b")}, [graphs.node("short", short, {"ideas": graphs.IDEA}, ("idea",))]
    )
    results = run(graph, store)
    failed = results.items["short", (("idea", "a"),)]
    assert outcomes(results, "short") == ["failed", "failed"]
    assert (failed.code, failed.message) == ("E534", "t.short gave 1 results for a batch of 2")


def test_a_model_that_cannot_be_had_fails_its_items_and_no_other(store: Store) -> None:
    loader, events = Loader(missing=("painter",)), list[Event]()
    results = run(a_graph(["a", "b"]), store, loader, events=events)
    assert outcomes(results, "words") == ["done", "done"]
    assert outcomes(results, "draw") == ["failed", "failed"]
    assert outcomes(results, "sheet") == ["skipped"]
    assert loader.loaded == ["painter"]
    assert sum(isinstance(event, ModelLoading) for event in events) == 1
    assert {event.code for event in ended(events, "draw")} == {"E301"}
    assert [finding.code for finding in results.findings] == ["E301"]


def test_a_load_that_stops_with_anything_else_is_explained(store: Store) -> None:
    results = run(a_graph(["a"]), store, Loader(broken=("painter",)))
    assert [finding.code for finding in results.findings] == ["E536"]
    assert "MemoryError: no room" in results.findings[0].message


def test_a_model_that_was_mended_is_tried_by_the_next_run(store: Store) -> None:
    run(a_graph(["a"]), store, Loader(missing=("painter",)))
    assert outcomes(run(a_graph(["a"]), store), "draw") == ["done"]


def test_a_full_disk_fails_pictures_and_keeps_documents(tmp_path: Path) -> None:
    with Store(tmp_path, FullDisk()) as store:
        results = run(a_graph(["a", "b"]), store)
        assert outcomes(results, "words") == ["done", "done"]
        assert outcomes(results, "draw") == ["failed", "failed"]
        failed = results.items["draw", (("idea", "i0"), ("style", "flat"), ("variant", "1"))]
        assert failed.code == "E530"
        assert os.strerror(errno.ENOSPC) in failed.message
    with Store.open(tmp_path) as store:
        assert outcomes(run(a_graph(["a", "b"]), store), "draw") == ["done", "done"]


def test_a_damaged_picture_is_drawn_again_and_noted(store: Store) -> None:
    graph = a_graph(["a"])
    first = run(graph, store)
    place = ("draw", (("idea", "i0"), ("style", "flat"), ("variant", "1")))
    for blob in (store.folder / "blobs").glob("??/*"):
        blob.write_bytes(b"torn")
    again = run(graph, store)
    assert again.items[place].outcome == "done"
    assert again.items[place].artifact_digest == first.items[place].artifact_digest
    assert outcomes(again, "words") == ["stored"]
    assert again.items[place].artifact() == first.items[place].artifact()


def test_an_input_that_is_lost_on_the_way_fails_its_consumer(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "_KEPT_BYTES", 0)

    class Vandal(list[Event]):
        def append(self, event: Event) -> None:
            if event in ended([event], "draw"):
                for blob in (store.folder / "blobs").glob("??/*"):
                    blob.unlink()

    results = run(a_graph(["a"]), store, events=Vandal())
    assert outcomes(results, "sheet") == ["failed"]
    assert results.items["sheet", ()].code == "E535"
    assert outcomes(run(a_graph(["a"]), store), "sheet") == ["done"]


def after(polls: int) -> Iterator[bool]:
    yield from [False] * polls
    while True:
        yield True


@pytest.mark.parametrize("polls", [0, 1, 4, 9])
def test_a_run_that_is_stopped_keeps_what_is_finished(store: Store, polls: int) -> None:
    graph, answers = a_graph(["a", "b", "c"]), after(polls)
    stopped = run(graph, store, cancelled=lambda: next(answers))
    assert stopped.interrupted
    assert sum(stopped.counts.values()) == 7
    assert stopped.counts["cancelled"] > 0
    assert stopped.counts["failed"] == 0
    rest = run(graph, store)
    assert rest.counts["stored"] == stopped.counts["done"]
    assert rest.counts["done"] == stopped.counts["cancelled"]


def test_an_interrupt_inside_a_stage_ends_the_run_well(store: Store) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    class Interrupting(Loader):
        def __call__(self, description: object) -> object:  # type: ignore[override]
            signal.raise_signal(signal.SIGINT)
            return super().__call__(description)  # type: ignore[arg-type]

    events: list[Event] = []
    results = run(a_graph(["a", "b"]), store, Interrupting(slow=0.2), events=events)  # type: ignore[arg-type]
    signal.signal(signal.SIGINT, before)
    assert results.interrupted
    assert results.counts == {"done": 2, "stored": 0, "failed": 0, "skipped": 0, "waiting": 0, "cancelled": 3}
    assert isinstance(events[-1], RunEnded)


FATES = st.sampled_from(["fine", "refused", "broken", "wrong"])


@settings(max_examples=25, deadline=None)
@given(
    fates=st.lists(FATES, min_size=1, max_size=5),
    variants=st.integers(1, 2),
    batch_size=st.integers(1, 3),
    polls=st.none() | st.integers(0, 30),
    strict=st.booleans(),
    limit=st.none() | st.integers(1, 6),
)
def test_submitted_is_what_ended(
    tmp_path_factory: pytest.TempPathFactory,
    fates: list[str],
    variants: int,
    batch_size: int,
    polls: int | None,
    strict: bool,
    limit: int | None,
) -> None:
    ideas = [f"{fate} {number}" for number, fate in enumerate(fates)]
    graph = a_graph(ideas, variants=variants, batch_size=batch_size, **({"last": atlas} if strict else {}))
    answers = after(10_000 if polls is None else polls)
    events: list[Event] = []
    with Store(tmp_path_factory.mktemp("store"), QuickFiles()) as store:
        results = run(
            graph, store, events=events, cancelled=lambda: next(answers),
            selection=Selection(only={}, limit=limit),
        )  # fmt: skip
        totals = events[0].totals  # type: ignore[union-attr]
        assert sum(results.counts.values()) == sum(totals.values()) == len(results.items)
        for name, total in totals.items():
            assert len(outcomes(results, name)) == total
        assert len(ended(events)) >= len(results.items) - results.counts["cancelled"]
        if polls is None:
            assert results.counts["cancelled"] == 0
        full = run(graph, store)
        assert [outcome in {"done", "stored"} for outcome in outcomes(full, "words")] == [
            fate == "fine" for fate in fates
        ]
