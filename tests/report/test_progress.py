"""What a person, a log and a program see while a run goes on."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from itertools import count

import pytest

from orchestrator.events import Event, ItemEnded, ModelLoading, Outcome, RunEnded, RunStarted, StepDone
from orchestrator.report import JsonProgress, PlainProgress, TerminalProgress
from orchestrator.report.tally import StageTally, clock


def _ended(stage: str, number: int, outcome: Outcome = "done", message: str = "") -> ItemEnded:
    return ItemEnded(stage, {"idea": f"idea-{number}"}, outcome, 1.0, message)


class Clock:
    """Time that goes on by a fixed step at every event."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def _events(outcome: Outcome = "done", total: int = 4) -> Iterator[Event]:
    yield RunStarted("r", {"expand": 1, "render": total})
    yield ModelLoading("writer", "SmolLM2")
    yield _ended("expand", 0, "stored")
    for number in range(total):
        yield StepDone("render", 1, 2)
        yield _ended("render", number, outcome if number == 1 else "done", "no memory")
    yield RunEnded("r", {"done": total}, 1.0)


def test_plain_lines_tell_the_start_the_end_and_failures() -> None:
    stream, clock_ = io.StringIO(), Clock()
    progress = PlainProgress(stream, clock_)
    for event in _events("failed"):
        clock_.now += 1
        progress(event)
    progress.close()
    assert stream.getvalue().splitlines() == [
        "loading SmolLM2 (writer)",
        "expand  1 of 1 in 0:01 (1 from the store)",
        "render  0 of 4, 0:01",
        "render  idea-1 failed: no memory",
        "render  4 of 4 in 0:08 (1 failed)",
    ]


def test_plain_lines_stay_few_in_a_long_run() -> None:
    stream, clock_ = io.StringIO(), Clock()
    progress = PlainProgress(stream, clock_)
    for event in _events(total=1000):
        clock_.now += 5
        progress(event)
    lines = stream.getvalue().splitlines()
    assert 10 < len(lines) < 200
    assert "about" in lines[5]


def test_a_terminal_line_is_redrawn_and_stays_when_its_stage_is_done() -> None:
    stream, clock_ = io.StringIO(), Clock()
    progress = TerminalProgress(stream, clock_, columns=lambda: 60)
    for event in _events("failed"):
        clock_.now += 1
        progress(event)
    progress.close()
    text = stream.getvalue()
    assert _as_seen(text) == [
        "expand  1 of 1 in 0:01 (1 from the store)",
        "render  idea-1 failed: no memory",
        "render  4 of 4 in 0:08 (1 failed)",
        "",
    ]
    assert "render  1 of 4, 0:03, about 0:05 left, step 1 of 2" in text
    assert all(len(part) < 60 for part in text.replace("\r", "\n").split("\n"))


def test_a_terminal_is_not_flooded() -> None:
    stream, clock_ = io.StringIO(), Clock()
    progress = TerminalProgress(stream, clock_)
    for event in _events(total=5000):
        clock_.now += 0.001
        progress(event)
    assert stream.getvalue().count("\r") < 200


def test_json_lines_can_be_read_back() -> None:
    stream = io.StringIO()
    progress = JsonProgress(stream)
    for event in _events():
        progress(event)
    progress.close()
    records = [json.loads(line) for line in stream.getvalue().splitlines()]
    totals = {"expand": 1, "render": 4}
    assert records[0] == {"event": "RunStarted", "run": "r", "totals": totals, "unknown": []}
    assert {record["event"] for record in records} == {
        "RunStarted", "ModelLoading", "ItemEnded", "StepDone", "RunEnded",
    }  # fmt: skip


def test_stored_items_do_not_count_towards_the_pace() -> None:
    tally = StageTally("render", 10)
    for _ in range(8):
        tally.note(_ended("render", 0, "stored"), 0.0)
    assert tally.remaining() is None
    tally.note(_ended("render", 0), 30.0)
    assert tally.remaining() == pytest.approx(30.0)


def test_neither_the_loading_of_a_model_nor_a_batch_that_ends_at_once_sets_the_pace() -> None:
    tally = StageTally("expand", 12)
    for seconds in (40.0, *[0.0] * 7):
        tally.note(_ended("expand", 0), seconds)
    assert tally.remaining() is None
    tally.note(_ended("expand", 0), 8.0)
    assert tally.remaining() == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (7.4, "0:07"), (750, "12:30"), (3723, "1:02:03"), (-1, "0:00")]
)
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def _as_seen(text: str) -> list[str]:
    """Lines as a terminal shows them: a carriage return begins the line anew, over what stands there."""
    lines = []
    for line in text.split("\n"):
        cells: dict[int, str] = {}
        for part in line.split("\r"):
            cells |= dict(zip(count(), part, strict=False))
        lines.append("".join(cells.values()).rstrip())
    return lines


def test_a_stage_of_unknown_number_is_counted_up_and_closed_at_the_end() -> None:
    events: list[Event] = [
        RunStarted("r", {"idle": 1}, ("cut",)),
        ItemEnded("idle", {"idea": "a"}, "done"),
        *(ItemEnded("cut", {"idea": "a", "frame": str(number)}, "done") for number in range(3)),
        RunEnded("r", {"done": 4}, 1.0),
    ]
    for kind in (PlainProgress, TerminalProgress):
        stream = io.StringIO()
        progress = kind(stream, lambda: 0.0)
        for event in events:
            progress(event)
        progress.close()
        lines = stream.getvalue().replace("\r", "\n").split("\n")
        assert "cut  3 of 3 in 0:00" in [line.strip() for line in lines]
        assert not [line for line in lines if line.startswith("cut") and " of 3" in line and "in" not in line]
