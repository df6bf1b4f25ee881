"""A stage that hangs, spins or swallows is left behind when the user stops; what is finished is kept."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from orchestrator.events import Event, ItemEnded
from orchestrator.runtime import Results
from orchestrator.stage import Context, Document, Idea, Prompt, stage
from orchestrator.store import Store
from tests.runtime.test_a_stage_cannot_harm_a_run import a_graph
from tests.runtime.workshop import Loader, run
from tests.runtime.workshop import a_graph as painted

RELEASE = threading.Event()


@pytest.fixture(autouse=True)
def _released() -> Iterator[None]:
    """A process that a shell began in the background ignores Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    RELEASE.clear()
    yield
    RELEASE.set()
    signal.signal(signal.SIGINT, before)


@stage("e.words", version=1)
def words(idea: Idea, ctx: Context) -> Prompt:
    if idea.text == "hang":
        RELEASE.wait()
    while idea.text == "swallow" and not RELEASE.is_set():
        with contextlib.suppress(BaseException):
            time.sleep(0.01)
    while idea.text == "polite" and not RELEASE.is_set():
        time.sleep(0.01)
        ctx.stop_if_cancelled()
    return Prompt(subject=idea.text)


class Hangs(Document):
    """An artifact whose encoding never ends."""

    text: str = ""

    def encode(self) -> bytes:
        if self.text == "hang":
            RELEASE.wait()
        return super().encode()


@stage("e.hangs", version=1)
def hangs(idea: Idea) -> Hangs:
    return Hangs(text=idea.text)


def stopped(store: Store, *ideas: str, function: object = words) -> tuple[Results, float, list[Event]]:
    """Runs until somebody asks to stop after half a second; seconds that the stop took."""
    until, events = time.monotonic() + 0.5, list[Event]()
    results = run(a_graph(function, *ideas), store, cancelled=lambda: time.monotonic() > until, events=events)
    return results, time.monotonic() - until, events


@pytest.mark.parametrize("how", ["hang", "swallow"])
def test_a_stage_that_hangs_is_left_behind_and_named(store: Store, how: str) -> None:
    results, seconds, events = stopped(store, "good", how, "never")
    assert seconds < 4
    assert results.interrupted
    assert results.left_behind == ("one at idea=i1",)
    assert results.counts == {"done": 1, "stored": 0, "failed": 0, "skipped": 0, "waiting": 0, "cancelled": 2}
    assert "left behind" in results.items["one", (("idea", "i1"),)].message
    assert any(isinstance(each, ItemEnded) and each.outcome == "cancelled" for each in events)
    RELEASE.set()
    assert run(a_graph(words, "good", how, "never"), store).counts["stored"] == 1


def test_a_stage_that_looks_whether_to_stop_is_waited_for(store: Store) -> None:
    results, seconds, _ = stopped(store, "good", "polite")
    assert seconds < 1
    assert (results.interrupted, results.left_behind) == (True, ())


def test_an_encoding_that_hangs_is_left_behind(store: Store) -> None:
    results, seconds, _ = stopped(store, "good", "hang", "never", function=hangs)
    assert seconds < 4
    assert results.interrupted
    assert results.counts["done"] >= 1


def _press(after: float) -> None:
    threading.Timer(after, signal.raise_signal, [signal.SIGINT]).start()


def test_ctrl_c_in_python_lets_run_return(store: Store) -> None:
    _press(0.3)
    started = time.monotonic()
    results = run(a_graph(words, "good", "hang"), store)
    assert time.monotonic() - started < 4
    assert results.interrupted
    assert results.left_behind == ("one at idea=i1",)
    assert results.counts["done"] == 1


def test_ctrl_c_while_a_model_loads_is_felt_at_once(store: Store) -> None:
    class Slow(Loader):
        def __call__(self, description: object) -> object:  # type: ignore[override]
            RELEASE.wait()
            return super().__call__(description)  # type: ignore[arg-type]

    _press(0.3)
    started = time.monotonic()
    results = run(painted(["a"]), store, Slow())  # type: ignore[arg-type]
    assert time.monotonic() - started < 2
    assert results.interrupted
    assert results.counts["done"] == 1


def test_listeners_are_told_in_the_callers_thread(store: Store) -> None:
    heard: set[threading.Thread] = set()

    class Ears(list[Event]):
        def append(self, event: Event) -> None:
            del event
            heard.add(threading.current_thread())

    run(painted(["a"]), store, events=Ears())
    assert heard == {threading.current_thread()}
