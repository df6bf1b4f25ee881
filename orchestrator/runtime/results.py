"""What a run hands back: how every item ended; details are read from the store when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from orchestrator.errors import Diagnostic
from orchestrator.events import Outcome
from orchestrator.graph import Graph
from orchestrator.runtime.ledger import Ended, Ledger, StageAt
from orchestrator.stage import Artifact
from orchestrator.store import Store, StoredResult
from orchestrator.work import Coordinates, plain_params, seed_at


class ItemResult:
    """How one work item ended. `key`, `artifact_digest` and `artifact()` only where it has a result."""

    __slots__ = ("_ended", "_graph", "_store", "coordinates", "stage")

    def __init__(self, graph: Graph, store: Store, place: StageAt, ended: Ended) -> None:
        self.stage, self.coordinates = place
        self._graph, self._store, self._ended = graph, store, ended

    @property
    def outcome(self) -> Outcome:
        """done, stored, failed, skipped or cancelled."""
        return self._ended.outcome

    @property
    def key(self) -> str:
        """The item's identity; "" where it was not worked on."""
        return self._ended.key

    @property
    def artifact_digest(self) -> str:
        """Digest of the output; "" where there is none."""
        return self._ended.artifact_digest

    @property
    def message(self) -> str:
        """Why there is no result."""
        return self._ended.message

    @property
    def code(self) -> str:
        """Diagnostic code of a failure."""
        return self._ended.code

    @property
    def help(self) -> str:
        """What to do about a failure."""
        return self._ended.help

    @property
    def seed(self) -> int:
        """The item's seed."""
        return seed_at(self._graph, self._graph.nodes[self.stage], self.coordinates)

    @property
    def params(self) -> dict[str, object]:
        """The stage's params at this item as plain values, roles and resources by name."""
        node = self._graph.nodes[self.stage]
        return plain_params(self._graph.params_of(node, dict(self.coordinates)))

    @property
    def notes(self) -> Mapping[str, object]:
        """What the stage kept beside the result."""
        stored = self._stored()
        return {**(stored.notes if stored else {}), **(self._ended.notes or {})}

    @property
    def environment(self) -> Mapping[str, str]:
        """Library versions, device, dtype … that it was made with."""
        stored = self._stored()
        return stored.environment if stored else {}

    @property
    def degraded(self) -> bool:
        """Whether it was made in a lesser way than asked for."""
        stored = self._stored()
        return stored is not None and stored.degraded

    @property
    def seconds(self) -> float:
        """What it took to make, in this run or an earlier one."""
        stored = self._stored() if self._ended.outcome == "stored" else None
        return stored.seconds if stored else self._ended.seconds

    def artifact(self) -> Artifact:
        """The output, read from the store.

        Raises:
            LookupError: there is none.
            DamagedResultError: it was lost since.
        """
        if not self.artifact_digest:
            raise LookupError(f"{self.stage} has no output here: {self.message or self.outcome}")
        return self._store.read(self.key, self.artifact_digest, self._graph.nodes[self.stage].spec.output)

    def _stored(self) -> StoredResult | None:
        return self._store.recorded(self.key, self.artifact_digest) if self.artifact_digest else None

    def __repr__(self) -> str:
        at = ", ".join(f"{name}={value}" for name, value in self.coordinates)
        return f"<{self.stage} {at}: {self.outcome}>"


class Items(Mapping[StageAt, ItemResult]):
    """Results by (stage, coordinates), in each stage in the order of the recipe."""

    def __init__(self, graph: Graph, store: Store, ledger: Ledger) -> None:
        self._graph, self._store, self._ledger = graph, store, ledger

    def __getitem__(self, place: tuple[str, Coordinates]) -> ItemResult:
        ended = self._ledger.get(place)
        if ended is None:
            raise KeyError(place)
        return ItemResult(self._graph, self._store, place, ended)

    def __iter__(self) -> Iterator[StageAt]:
        return self._ledger.places()

    def __len__(self) -> int:
        return sum(1 for _ in self._ledger.places())


@dataclass(frozen=True, slots=True)
class Results:
    """A run that has ended.

    Attributes:
        run: a name for this execution.
        started: when, in UTC, ISO 8601.
        items: how every submitted item ended.
        counts: items by outcome; the sum is what was submitted.
        findings: why models could not be loaded, each once.
        interrupted: the user stopped it (by `cancelled` or Ctrl-C); what was finished is stored.
        left_behind: items, in words, of a call that did not end when it was told to: it goes on in a thread.
    """

    run: str
    started: str
    seconds: float
    items: Mapping[StageAt, ItemResult]
    counts: Mapping[Outcome, int]
    findings: tuple[Diagnostic, ...] = ()
    interrupted: bool = False
    left_behind: tuple[str, ...] = ()
