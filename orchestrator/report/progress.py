"""Listeners that show a run while it goes on: on a terminal, in a log, to a machine."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Protocol, TextIO

from orchestrator.errors.printable import one_printable_line
from orchestrator.events import Event, ItemEnded, ModelLoading, RunEnded, RunStarted, StepDone, as_record
from orchestrator.report.model import named
from orchestrator.report.tally import StageTally

Clock = Callable[[], float]

_REDRAW_AFTER = 0.1
_LOG_AFTER = 10.0
_LOG_AT_LATEST_AFTER = 60.0
_LOG_SHARE = 0.1


class Progress(Protocol):
    """Hears the events of a run; `close` is called once, also when the run is broken off."""

    def __call__(self, event: Event) -> None:
        """Shows an event, or leaves it."""
        ...

    def close(self) -> None:
        """Leaves the stream at the start of a line."""
        ...


class _ByStage:
    """Keeps a tally for each stage, and what subclasses print of it."""

    def __init__(self, stream: TextIO, now: Clock = time.monotonic) -> None:
        self._stream, self._now = stream, now
        self._totals: dict[str, int | None] = {}
        self._tallies: dict[str, StageTally] = {}
        self._heard_at = now()

    def __call__(self, event: Event) -> None:
        """Counts the event and shows what changed."""
        if isinstance(event, RunStarted):
            self._totals = {**event.totals, **dict.fromkeys(event.unknown)}
        elif isinstance(event, ModelLoading):
            self.loading(event)
        elif isinstance(event, RunEnded):
            self._close_uncounted()
        else:
            tally, is_new = self._tally(event.stage)
            tally.note(event, self._now() - self._heard_at)
            self.moved(tally, event, is_new=is_new)
        self._heard_at = self._now()

    def close(self) -> None:
        """Nothing is left open."""

    def loading(self, event: ModelLoading) -> None:
        """A model begins to load."""
        raise NotImplementedError

    def moved(self, tally: StageTally, event: ItemEnded | StepDone, *, is_new: bool) -> None:
        """A stage got further."""
        raise NotImplementedError

    def closed(self, tally: StageTally) -> None:
        """A stage is over of which only the end of the run could tell."""
        self._print(tally.closing())

    def _close_uncounted(self) -> None:
        for tally in self._tallies.values():
            if tally.total is None:
                tally.total = tally.ended
                self.closed(tally)

    def _tally(self, stage: str) -> tuple[StageTally, bool]:
        is_new = stage not in self._tallies
        if is_new:
            self._tallies[stage] = StageTally(stage, self._totals.get(stage, 0))
        return self._tallies[stage], is_new

    def _print(self, line: str) -> None:
        self._stream.write(one_printable_line(line) + "\n")
        self._stream.flush()


class TerminalProgress(_ByStage):
    """One line that is redrawn; it stays when its stage is done, and failures stand above it."""

    def __init__(
        self, stream: TextIO, now: Clock = time.monotonic, columns: Callable[[], int] = lambda: 80
    ) -> None:
        super().__init__(stream, now)
        self._columns = columns
        self._shown = 0
        self._drawn_at = float("-inf")

    def close(self) -> None:
        """Wipes the line in work."""
        self._draw("")

    def loading(self, event: ModelLoading) -> None:
        """Says what takes long before the first item ends."""
        self._draw(f"loading {event.name} ({event.role})")

    def moved(self, tally: StageTally, event: ItemEnded | StepDone, *, is_new: bool) -> None:
        """Redraws, ten times a second at most."""
        if isinstance(event, ItemEnded) and event.outcome == "failed":
            self._keep(_failure(event))
        if isinstance(event, ItemEnded) and tally.complete:
            self._keep(tally.closing())
        elif is_new or self._now() - self._drawn_at >= _REDRAW_AFTER:
            self._drawn_at = self._now()
            step = f", step {event.done} of {event.total}" if isinstance(event, StepDone) else ""
            self._draw(tally.line() + step)

    def closed(self, tally: StageTally) -> None:
        """Its line stays."""
        self._keep(tally.closing())

    def _keep(self, line: str) -> None:
        self._draw("")
        self._print(line)

    def _draw(self, line: str) -> None:
        line = one_printable_line(line)[: max(1, self._columns() - 1)]
        self._stream.write("\r" + line.ljust(self._shown) + ("\r" if not line else ""))
        self._stream.flush()
        self._shown = len(line)


class PlainProgress(_ByStage):
    """Whole lines for a log: where a stage begins and ends, and now and then between."""

    def __init__(self, stream: TextIO, now: Clock = time.monotonic) -> None:
        super().__init__(stream, now)
        self._said_at: dict[str, float] = {}
        self._said_share: dict[str, float] = {}

    def loading(self, event: ModelLoading) -> None:
        """Says that a model loads."""
        self._print(f"loading {event.name} ({event.role})")

    def moved(self, tally: StageTally, event: ItemEnded | StepDone, *, is_new: bool) -> None:
        """A line where one is due."""
        if isinstance(event, ItemEnded) and event.outcome == "failed":
            self._print(_failure(event))
        if isinstance(event, ItemEnded) and tally.complete:
            self._print(tally.closing())
        elif self._due(tally, is_first_step=is_new and isinstance(event, StepDone)):
            self._say(tally)

    def _due(self, tally: StageTally, *, is_first_step: bool) -> bool:
        """At the first step of a long item, and when time or work went by; a short stage has but its end."""
        if is_first_step:
            return True
        self._said_at.setdefault(tally.name, self._now())
        self._said_share.setdefault(tally.name, 0.0)
        waited = self._now() - self._said_at[tally.name]
        grown = _share(tally) - self._said_share[tally.name]
        return waited >= _LOG_AT_LATEST_AFTER or (waited >= _LOG_AFTER and grown >= _LOG_SHARE)

    def _say(self, tally: StageTally) -> None:
        self._said_at[tally.name] = self._now()
        self._said_share[tally.name] = _share(tally)
        self._print(tally.line())


class JsonProgress:
    """One JSON object a line, for a program that watches."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __call__(self, event: Event) -> None:
        """Writes the event as it is."""
        self._stream.write(json.dumps(as_record(event)) + "\n")
        self._stream.flush()

    def close(self) -> None:
        """Every line is whole."""


def _share(tally: StageTally) -> float:
    """How much of a stage is done; the plain number of items where its end is not known."""
    return (tally.ended + tally.part) / max(tally.total or 1, 1)


def _failure(event: ItemEnded) -> str:
    return f"{event.stage}  {named(event.coordinates) or 'the only item'} failed: {event.message}"
