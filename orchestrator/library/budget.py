"""What one rendering of a template may use, so that a hostile one ends quickly and small."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final, TypeVar, cast

from orchestrator.stage import StageFailure

T = TypeVar("T")

OUTPUT: Final = 100_000
TURNS: Final = 10_000
OPERATIONS: Final = 50_000
VALUE: Final = 200_000


@dataclass(slots=True)
class Budget:
    """What is left: characters of output, turns of loops, operations."""

    left: dict[str, int] = field(
        default_factory=lambda: {"characters": OUTPUT, "turns of loops": TURNS, "operations": OPERATIONS}
    )

    def spend(self, what: str, amount: int = 1) -> None:
        """Takes from one of the three; raises StageFailure (E416) when it is used up."""
        self.left[what] -= amount
        if self.left[what] < 0:
            limits = {"characters": OUTPUT, "turns of loops": TURNS, "operations": OPERATIONS}
            raise exceeded(f"{limits[what]:,} {what}")


BUDGET: ContextVar[Budget] = ContextVar("BUDGET")


@contextmanager
def budgeted() -> Generator[None]:
    """A budget for one rendering, or one compilation, which folds constants."""
    token = BUDGET.set(Budget())
    try:
        yield
    finally:
        BUDGET.reset(token)


def exceeded(what: str) -> StageFailure:
    """The failure of a template that asks for more than it may have."""
    return StageFailure(
        f"the template asks for more than {what}",
        code="E416",
        help="templates make one prompt; take the loop or the long text out",
    )


def turns(members: Iterable[T], characters: int = 0) -> Iterator[T]:
    """The members one by one; each turn is paid for, with the fixed text that it prints."""
    budget = BUDGET.get()
    for member in members:
        budget.spend("turns of loops")
        budget.spend("characters", characters)
        yield member


def weighed(value: T) -> T:
    """The value, unless it is larger than any prompt: characters and members, each as often as it stands."""
    waiting: list[object] = [value]
    weight = 0
    while waiting:
        weight += _weight(waiting.pop(), waiting)
        if weight > VALUE or len(waiting) > VALUE:
            raise exceeded(f"a value of {VALUE:,} characters")
    BUDGET.get().spend("operations", 1 + weight // 1000)
    return value


def _weight(value: object, waiting: list[object]) -> int:
    if isinstance(value, (str, bytes)):
        return len(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value.bit_length() // 3
    if isinstance(value, Mapping):
        entries = cast("Mapping[object, object]", value)
        waiting += [*entries.keys(), *entries.values()]
        return len(entries)
    if isinstance(value, (list, tuple, set, frozenset)):
        members = cast("Iterable[object]", value)
        waiting += members
        return 1
    return 1
