"""Work items: a stage at an item, with everything that decides its output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from orchestrator.stage import Params

Coordinates: TypeAlias = tuple[tuple[str, str], ...]
"""(dimension, id) pairs in declared order; hashable."""


@dataclass(frozen=True, slots=True)
class InputRef:
    """The output of a stage at coordinates; `stage` may be graph.IDEA_SOURCE.

    `member` is the index within a `Many[T]`, -1 where that was not made; None for the whole output.
    """

    stage: str
    coordinates: Coordinates
    member: int | None = None


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One call of a stage.

    A plain port has one InputRef, a gathered port a tuple in declared order; `gathered` has the coordinates
    of its members, the same for all gathered ports.
    """

    stage: str
    coordinates: Coordinates
    seed: int
    params: Params
    inputs: Mapping[str, InputRef | tuple[InputRef, ...]]
    gathered: tuple[Coordinates, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """Which part of the work a run takes on; nothing named means all.

    Attributes:
        only: ids by dimension; an item is chosen when each named dimension has one of the ids.
        limit: at most this many points of the product of the dimensions, in declared order.
        to: the last stage to run: it and all stages that it needs.
        ends: the only stages whose output is wanted: they and all stages that they need. It leaves out
            nothing that is handed over, so a run is not partial by it.
    """

    only: Mapping[str, tuple[str, ...]]
    limit: int | None = None
    to: str | None = None
    ends: tuple[str, ...] = ()

    @property
    def partial(self) -> bool:
        """Whether the run leaves anything out; such a run only adds files, and skips incomplete gathers."""
        return bool(self.only) or self.limit is not None or self.to is not None


EVERYTHING = Selection(only={})
