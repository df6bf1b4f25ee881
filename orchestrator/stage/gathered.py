"""What a port receives that takes more than one artifact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Generic, TypeVar

from orchestrator.frozen import Frozen
from orchestrator.stage.file_stem import stem_of

T = TypeVar("T")


class Member(Frozen, Generic[T]):
    """One gathered item: its coordinates (dimension to id, in declared order) and its artifact.

    `artifact` is None where the item failed or was skipped; `missing` says why.
    """

    coordinates: Mapping[str, str]
    artifact: T | None
    missing: str = ""

    @property
    def name(self) -> str:
        """As the item's file is called."""
        return stem_of(self.coordinates.values())


class Gathered(tuple[Member[T], ...]):
    """All members over the gathered dimensions, in declared order."""

    __slots__ = ()

    @property
    def present(self) -> tuple[Member[T], ...]:
        """The members that have an artifact."""
        return tuple(member for member in self if member.artifact is not None)


class Batch(tuple[T, ...]):
    """The inputs of several work items that a `batch=True` stage handles in one call."""

    __slots__ = ()


class Failure(Frozen):
    """In place of a result: this one item failed; the others of its batch did not."""

    message: str
    code: str = "E501"
    help: str = ""
    notes: Mapping[str, object] = field(default_factory=dict[str, object])


def batch_of(items: Sequence[T]) -> Batch[T]:
    """A batch, typed."""
    return Batch(items)
