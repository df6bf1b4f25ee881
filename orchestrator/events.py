"""The typed stream of a run. Progress, pages and machines read it; nothing else reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Literal, TypeAlias

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
