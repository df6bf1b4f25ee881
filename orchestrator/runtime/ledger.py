"""Who ended how: one small entry for each work item, and the events that tell of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from orchestrator.events import ItemEnded, Listener, Outcome
from orchestrator.work import Coordinates

OUTCOMES: tuple[Outcome, ...] = ("done", "stored", "failed", "skipped", "waiting", "cancelled")
StageAt: TypeAlias = tuple[str, Coordinates]


@dataclass(frozen=True, slots=True)
class Ended:
    """How an item ended; key and digest where it has a result, message and code where it has none.

    `left_out` marks what a `when:` left out on purpose: optional ports get None, and no gather waits for it.
    """

    outcome: Outcome
    key: str = ""
    artifact_digest: str = ""
    seconds: float = 0.0
    message: str = ""
    code: str = ""
    help: str = ""
    notes: Mapping[str, object] | None = None
    left_out: bool = False


class Ledger:
    """Entries in the order in which items were taken up, which is the order of the recipe in each stage."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._entries: dict[StageAt, Ended | None] = {}

    def take_up(self, place: StageAt) -> None:
        """Keeps an item's place in the order."""
        self._entries.setdefault(place, None)

    def end(self, place: StageAt, ended: Ended, notes: Mapping[str, object] | None = None) -> None:
        """Records how an item ended, and tells it."""
        self._entries[place] = ended
        stage, coordinates = place
        self._listener(
            ItemEnded(
                stage=stage, coordinates=dict(coordinates), outcome=ended.outcome, seconds=ended.seconds,
                message=ended.message, code=ended.code, notes=dict(notes or ended.notes or {}),
            )
        )  # fmt: skip

    def cancel(self, place: StageAt) -> None:
        """Records an item that was never taken up, or not finished; silently, for there may be very many."""
        if self._entries.get(place) is None:
            self._entries[place] = Ended("cancelled", message="the run was stopped")

    def get(self, place: StageAt) -> Ended | None:
        """How an item ended; None if it did not, or is no part of the run."""
        return self._entries.get(place)

    def places(self) -> Iterator[StageAt]:
        """All items that ended."""
        return (place for place, ended in self._entries.items() if ended is not None)

    def counts(self) -> dict[Outcome, int]:
        """Items by outcome."""
        found = Counter(ended.outcome for ended in self._entries.values() if ended is not None)
        return {outcome: found[outcome] for outcome in OUTCOMES}
