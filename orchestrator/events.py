"""The typed stream of a run. Progress, pages and machines read it; nothing else reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, fields
from typing import Literal, TypeAlias, cast

from orchestrator.frozen import Frozen

Outcome = Literal["done", "stored", "failed", "skipped", "waiting", "cancelled"]


class RunStarted(Frozen):
    """How many work items each stage has; `unknown` names the stages of which only the run can tell."""

    run: str
    totals: Mapping[str, int]
    unknown: tuple[str, ...] = ()


class ModelLoading(Frozen):
    """A model begins to load behind a role."""

    role: str
    name: str


class StepDone(Frozen):
    """A step inside the items in work, for progress between items."""

    stage: str
    done: int
    total: int


class ItemEnded(Frozen):
    """A work item is over. `stored` means that the store had it; `seconds` is what it took here."""

    stage: str
    coordinates: Mapping[str, str]
    outcome: Outcome
    seconds: float = 0.0
    message: str = ""
    code: str = ""
    notes: Mapping[str, object] = field(default_factory=dict[str, object])


class RunEnded(Frozen):
    """Counts by outcome; their sum is what was submitted."""

    run: str
    counts: Mapping[Outcome, int]
    seconds: float


Event: TypeAlias = RunStarted | ModelLoading | StepDone | ItemEnded | RunEnded
Listener: TypeAlias = Callable[[Event], None]


def as_record(event: Event) -> dict[str, object]:
    """An event as plain values, for a line of JSON: its kind under `event`, then its fields."""
    values = {part.name: getattr(event, part.name) for part in fields(event)}
    return {"event": type(event).__name__, **{name: _plain(value) for name, value in values.items()}}


def _plain(value: object) -> object:
    """Mappings and sequences all the way down; what JSON lacks becomes its text."""
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in cast("Mapping[object, object]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in cast("Sequence[object]", value)]
    return value if value is None or isinstance(value, (str, int, float)) else str(value)
