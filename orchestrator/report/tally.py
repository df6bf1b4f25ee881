"""How far each stage of a run is, told from its events, and what may remain."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from orchestrator.events import ItemEnded, Outcome, StepDone

_PACE_AFTER = 1.0
"""Seconds before a pace is believed; a batch ends many items at one blow."""


@dataclass(slots=True)
class StageTally:
    """Progress of one stage.

    Attributes:
        total: work items of the stage; None while only the run can tell.
        spent: seconds that went by between the event before each of its events and that event.
        part: how much of the item in work is done, 0 to 1.
        first: seconds and items of its first event; a model loads before it, so the pace leaves it out.
    """

    name: str
    total: int | None
    spent: float = 0.0
    part: float = 0.0
    first: tuple[float, float] | None = None
    outcomes: Counter[Outcome] = field(default_factory=Counter[Outcome])

    @property
    def ended(self) -> int:
        """Items that are over, however they ended."""
        return sum(self.outcomes.values())

    @property
    def complete(self) -> bool:
        """Whether nothing is left of the stage."""
        return self.total is not None and self.ended >= self.total

    def note(self, event: ItemEnded | StepDone, seconds: float) -> None:
        """Counts an event of this stage, and the time since the event before it."""
        self.spent += seconds
        if isinstance(event, StepDone):
            self.part = event.done / max(event.total, 1)
        else:
            self.outcomes[event.outcome] += 1
            self.part = 0.0
        if self.first is None:
            self.first = (seconds, self._worked)

    def remaining(self) -> float | None:
        """Seconds that the rest takes at the pace so far; None before there is a pace."""
        seconds, items = self.first or (0.0, 0.0)
        spent, worked = self.spent - seconds, self._worked - items
        if worked <= 0 or spent < _PACE_AFTER or self.total is None:
            return None
        return spent / worked * max(0.0, self.total - self.ended - self.part)

    @property
    def _worked(self) -> float:
        """Items that took time; those from the store say nothing of the pace."""
        return self.ended - self.outcomes["stored"] + self.part

    @property
    def _count(self) -> str:
        return str(self.ended) if self.total is None else f"{self.ended} of {self.total}"

    def line(self) -> str:
        """`render  3 of 12, 0:12, about 0:40 left`."""
        text = f"{self.name}  {self._count}, {clock(self.spent)}"
        left = self.remaining()
        return text if left is None or self.complete else f"{text}, about {clock(left)} left"

    def closing(self) -> str:
        """`render  12 of 12 in 0:52 (10 from the store, 1 failed)`."""
        words: dict[Outcome, str] = {
            "stored": "from the store", "failed": "failed", "skipped": "skipped",
            "waiting": "waiting for review", "cancelled": "stopped",
        }
        parts = [
            f"{self.outcomes[outcome]} {word}"
            for outcome, word in words.items()
            if self.outcomes[outcome]
        ]
        text = f"{self.name}  {self._count} in {clock(self.spent)}"
        return f"{text} ({', '.join(parts)})" if parts else text


def clock(seconds: float) -> str:
    """`0:07`, `12:30`, `1:02:03`."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
