"""Whether an item can be worked on, and the artifacts it is given."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

from orchestrator.events import Outcome
from orchestrator.graph import IDEA_SOURCE, Graph, StageNode
from orchestrator.runtime.executor import Argument
from orchestrator.runtime.ledger import Ended, Ledger, StageAt
from orchestrator.stage import Artifact, Gathered, Idea, Many, Member, Picture
from orchestrator.stage.canonical import canonical_json, digest_of
from orchestrator.stage.many import is_many
from orchestrator.store import DamagedResultError, Store
from orchestrator.work import Coordinates, InputRef, WorkItem, idea_of

_KEPT_BYTES = 64 * 1024 * 1024
_DOCUMENT_BYTES = 4096
MEMBERS = "members"
"""The note with the digests of a `Many[T]`'s members."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """An item that cannot be worked on, and why."""

    outcome: Outcome
    message: str
    left_out: bool = False


class Inputs:
    """Digests and artifacts behind references. Some artifacts stay in memory, the others in the store."""

    def __init__(self, graph: Graph, store: Store, ledger: Ledger) -> None:
        self._graph, self._store, self._ledger = graph, store, ledger
        self._idea: Callable[[InputRef], Idea] = idea_of(graph)
        self._kept: OrderedDict[StageAt, Artifact] = OrderedDict()
        self._bytes = 0
        self._manys: OrderedDict[StageAt, Many[Artifact]] = OrderedDict()
        self._most_manys = max((_many_wires(node) for node in graph.nodes.values()), default=0) + 1
        self._members: dict[str, tuple[str, ...]] = {}

    def length(self, stage: str, coordinates: Coordinates) -> int | None:
        """How many members the `Many[T]` of an item has; None where it has no result."""
        members = self._digests((stage, coordinates))
        return None if members is None else len(members)

    def digest(self, reference: InputRef) -> str | None:
        """The digest of the artifact behind a reference; None where there is none."""
        if reference.stage == IDEA_SOURCE:
            return self._idea(reference).digest
        if reference.member is not None:
            members = self._digests(_place(reference)) or ()
            return members[reference.member] if 0 <= reference.member < len(members) else None
        ended = self._ledger.get(_place(reference))
        return ended.artifact_digest or None if ended else None

    def keep(self, place: StageAt, artifact: Artifact) -> None:
        """Keeps an artifact at hand for its consumers; the oldest go when there are too many bytes.

        A `Many[T]` of more than that is read from the store, where its members are decoded one by one.
        """
        size = _size(artifact)
        if isinstance(artifact, Many):
            if size <= _KEPT_BYTES:
                self._keep_many(place, artifact)
            return
        if place in self._kept:
            self._bytes -= _size(self._kept.pop(place))
        self._kept[place] = artifact
        self._bytes += size
        while self._bytes > _KEPT_BYTES and self._kept:
            self._bytes -= _size(self._kept.popitem(last=False)[1])

    def _keep_many(self, place: StageAt, many: Many[Artifact]) -> None:
        """As many stay as one stage takes side by side: their members are asked for in turn."""
        self._manys[place] = many
        self._manys.move_to_end(place)
        while len(self._manys) > self._most_manys:
            self._manys.popitem(last=False)

    def blocked(self, item: WorkItem) -> Blocked | None:
        """Why an item cannot be worked on; None if it can."""
        node = self._graph.nodes[item.stage]
        optional = {port.name for port in node.spec.inputs if port.optional}
        for name, given in item.inputs.items():
            found = self._gather_blocked(node, given) if isinstance(given, tuple) else self.missing(given)
            if found is not None and not (found.left_out and name in optional):
                return found
        return None

    def without_left_out(self, item: WorkItem) -> WorkItem:
        """A gather without the members that were left out on purpose, in all its ports."""
        ports = [given for given in item.inputs.values() if isinstance(given, tuple)]
        kept = [
            at for at in range(len(item.gathered)) if not all(self._is_left_out(given[at]) for given in ports)
        ]
        if len(kept) == len(item.gathered):
            return item
        inputs = {
            name: tuple(given[at] for at in kept) if isinstance(given, tuple) else given
            for name, given in item.inputs.items()
        }
        return replace(item, inputs=inputs, gathered=tuple(item.gathered[at] for at in kept))

    def result(self, reference: InputRef) -> tuple[str, str]:
        """Key and artifact digest behind a reference to what is not missing."""
        ended = cast("Ended", self._ledger.get(_place(reference)))
        return ended.key, ended.artifact_digest

    def arguments(self, item: WorkItem) -> dict[str, Argument]:
        """The artifacts of an item by port.

        Raises:
            DamagedResultError: one was lost in the store since it was found there.
        """
        return {
            name: self._gathered(item, given) if isinstance(given, tuple) else self._optional(given)
            for name, given in item.inputs.items()
        }

    def artifact(self, reference: InputRef) -> Artifact:
        """The artifact behind a reference to what is not missing.

        Raises:
            DamagedResultError: it was lost in the store since it was found there.
        """
        if reference.stage == IDEA_SOURCE:
            return self._idea(reference)
        whole = self._whole(_place(reference))
        if reference.member is None:
            return whole
        member = cast("Many[Artifact]", whole)[reference.member]
        if member.digest != self.digest(reference):
            raise DamagedResultError(f"a member of {described(_place(reference))} is not what it was")
        return member

    def _optional(self, reference: InputRef) -> Artifact | None:
        return None if self.missing(reference) else self.artifact(reference)

    def _whole(self, place: StageAt) -> Artifact:
        shelf: OrderedDict[StageAt, Artifact] | OrderedDict[StageAt, Many[Artifact]]
        for shelf in (self._kept, self._manys):
            if place in shelf:
                shelf.move_to_end(place)
                return shelf[place]
        ended = cast("Ended", self._ledger.get(place))
        output = self._graph.nodes[place[0]].spec.output
        artifact = self._store.read(ended.key, ended.artifact_digest, output)
        if isinstance(artifact, Many):  # its members are asked for one by one
            self._keep_many(place, cast("Many[Artifact]", artifact))
        return artifact

    def _digests(self, place: StageAt) -> tuple[str, ...] | None:
        """The digests of the members of a `Many[T]`; None where it has no result."""
        ended = self._ledger.get(place)
        if ended is None or not ended.artifact_digest:
            return None
        if ended.artifact_digest not in self._members:
            noted = self._noted(ended)
            if noted is None:
                try:
                    noted = cast("Many[Artifact]", self._whole(place)).member_digests
                except DamagedResultError:
                    return None
            self._members[ended.artifact_digest] = noted
        return self._members[ended.artifact_digest]

    def _noted(self, ended: Ended) -> tuple[str, ...] | None:
        """The digests as they were noted with the result, if they are true; the pictures stay unread."""
        stored = self._store.recorded(ended.key, ended.artifact_digest)
        noted = stored.notes.get(MEMBERS) if stored else None
        digests = cast("list[object]", noted) if isinstance(noted, list) else []
        if digest_of(canonical_json(digests)) != ended.artifact_digest:
            return None
        return tuple(map(str, digests))

    def _gathered(self, item: WorkItem, given: tuple[InputRef, ...]) -> Gathered[Artifact]:
        members: list[Member[Artifact]] = []
        for at, reference in zip(item.gathered, given, strict=True):
            missing = self.missing(reference)
            artifact = None if missing else self.artifact(reference)
            members.append(Member(dict(at), artifact, missing.message if missing else ""))
        return Gathered(members)

    def _is_left_out(self, reference: InputRef) -> bool:
        missing = self.missing(reference)
        return missing is not None and missing.left_out

    def missing(self, reference: InputRef) -> Blocked | None:
        """Why there is nothing behind a reference; None if there is."""
        if reference.stage == IDEA_SOURCE:
            return None
        ended = self._ledger.get(_place(reference))
        if ended is None or ended.outcome == "cancelled":
            return Blocked("cancelled", "the run was stopped")
        if ended.outcome == "failed":
            return Blocked("skipped", f"{described(_place(reference))} failed: {ended.message}")
        if ended.outcome in {"skipped", "waiting"}:
            return Blocked(ended.outcome, ended.message, ended.left_out)
        return None if reference.member is None else self._no_member(reference)

    def _no_member(self, reference: InputRef) -> Blocked | None:
        members = self._digests(_place(reference))
        if members is None:
            return Blocked("skipped", f"{described(_place(reference))} was lost while the run went on")
        if 0 <= cast("int", reference.member) < len(members):
            return None
        return Blocked("skipped", f"{described(_place(reference))} has {len(members)} members only")

    def _gather_blocked(self, node: StageNode, given: tuple[InputRef, ...]) -> Blocked | None:
        """A gather waits for no one: members that failed are missing, members that never ran spoil it."""
        if not given:
            return Blocked("skipped", f"{node.name} has nothing to gather", left_out=True)
        absent = sum(self._never_ran(reference) for reference in given)
        if absent:
            return Blocked(
                "skipped", f"{node.name} gathers {len(given)} items, and this run leaves out {absent} of them"
            )
        missing = [found for reference in given if (found := self.missing(reference)) is not None]
        stopped = next((found for found in missing if found.outcome == "cancelled"), None)
        if stopped is not None or not missing:
            return stopped
        if node.spec.missing == "skip" and len(missing) < len(given):
            return None
        waiting = next((found for found in missing if found.outcome == "waiting"), None)
        first = waiting or missing[0]
        return Blocked(first.outcome, f"{len(missing)} of {len(given)} are missing: {first.message}")

    def _never_ran(self, reference: InputRef) -> bool:
        return reference.stage != IDEA_SOURCE and self._ledger.get(_place(reference)) is None


def described(place: StageAt) -> str:
    """A work item in words: `render at idea=fire-sword, style=flat`."""
    stage, coordinates = place
    at = ", ".join(f"{name}={value}" for name, value in coordinates)
    return f"{stage} at {at}" if at else stage


def _place(reference: InputRef) -> StageAt:
    return reference.stage, reference.coordinates


def _many_wires(node: StageNode) -> int:
    """How many inputs of a stage are a `Many[T]`."""
    return sum(is_many(wire.type) for wire in node.wires.values())


def _size(artifact: Artifact) -> int:
    if isinstance(artifact, Many):
        return sum(_size(cast("Artifact", member)) for member in artifact)
    if isinstance(artifact, Picture):
        return artifact.size[0] * artifact.size[1] * len(artifact.mode)
    return _DOCUMENT_BYTES
