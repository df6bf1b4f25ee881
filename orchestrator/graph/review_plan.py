"""A review file on a graph: which params, attempts and decisions hold at which items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path

from orchestrator.errors import Span
from orchestrator.frozen import Frozen
from orchestrator.graph.stage_node import StageNode

Plain = Mapping[str, object]


class AtItem(Frozen):
    """What an entry says of all work items whose coordinates include its own.

    Attributes:
        item: id by dimension.
        values: plain values by param, by stage.
        apart: stages with fewer dimensions than the entry, which run once more for its item alone.
    """

    item: Mapping[str, str]
    values: Mapping[str, Plain] = field(default_factory=dict[str, Plain])
    attempt: int = 0
    dropped: bool = False
    apart: frozenset[str] = frozenset()

    def covers(self, at: Mapping[str, str]) -> bool:
        """Whether an item's coordinates include those of the entry."""
        return all(at.get(name) == id_ for name, id_ in self.item.items())


class Judged(Frozen):
    """A decision at the item of a review stage, as the file has it."""

    review: str
    item: Mapping[str, str]
    approved: bool
    artifact: str
    made_from: str
    span: Span
    reason: str = ""


class ReviewPlan:
    """All entries, found by their coordinates.

    `approved` is the folder of approved pictures; `unresolved` are roles whose models are not here.
    """

    def __init__(
        self,
        entries: tuple[AtItem, ...] = (),
        decisions: tuple[Judged, ...] = (),
        approved: Path | None = None,
        unresolved: frozenset[str] = frozenset(),
    ) -> None:
        self.entries, self.decisions = entries, decisions
        self.approved, self.unresolved = approved, unresolved
        self._general = [entry for entry in entries if not entry.item]
        self._by_first: dict[tuple[str, str], list[AtItem]] = {}
        for entry in entries:
            if entry.item:
                self._by_first.setdefault(next(iter(entry.item.items())), []).append(entry)

    def __bool__(self) -> bool:
        return bool(self.entries or self.decisions)

    def covering(self, at: Mapping[str, str]) -> Iterator[AtItem]:
        """The entries that hold at coordinates, the more general ones first."""
        if not self.entries:
            return
        found = [*self._general]
        for pair in at.items():
            found += [entry for entry in self._by_first.get(pair, ()) if entry.covers(at)]
        yield from sorted(found, key=lambda entry: len(entry.item))

    def values(self, stage: str, at: Mapping[str, str]) -> Plain:
        """What the file sets on a stage at an item; an entry that names more dimensions wins."""
        values: dict[str, object] = {}
        for entry in self.covering(at):
            values.update(entry.values.get(stage, {}))
        return values

    def apart(self, stage: str, at: Mapping[str, str]) -> frozenset[str]:
        """Dimensions that the stage has besides its own at an item, because it runs there for it alone."""
        return frozenset(
            name for entry in self.covering(at) if stage in entry.apart for name in entry.item
        )

    def runs_apart(self, stage: str) -> bool:
        """Whether the stage runs once more for some item."""
        return any(stage in entry.apart for entry in self.entries)

    def dimensions_of(self, stage: str) -> set[str]:
        """The dimensions along which the file sets params of a stage."""
        return {name for entry in self.entries if stage in entry.values for name in entry.item}

    def attempt(self, node: StageNode, at: Mapping[str, str]) -> int:
        """How often a stage was asked for this item again; 0 for one whose seed that does not enter."""
        if not self.entries or not rerolls(node):
            return 0
        own = set(node.dimensions)
        return sum(entry.attempt for entry in self.covering(at) if set(entry.item) <= own)

    def dropped(self, at: Mapping[str, str]) -> bool:
        """Whether the item is not wanted."""
        return any(entry.dropped for entry in self.covering(at))


NO_REVIEW = ReviewPlan()


def rerolls(node: StageNode) -> bool:
    """Whether an attempt enters the seed of a stage: it draws, and what it gives is a file."""
    return node.spec.seeded and node.gives_files
