"""The order of work: windows of points, in each window one stage after the other.

Each model is loaded once, and the first pictures come early. Gathering stages, and what stands below them,
run after all windows of what they gather. One thread writes results while the next are made.
"""

from __future__ import annotations

import itertools
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from orchestrator.errors import Cancelled
from orchestrator.events import Listener, ModelLoading, RunEnded, RunStarted, StepDone
from orchestrator.graph import IDEA_SOURCE, Graph, StageNode
from orchestrator.runtime.batches import batch_limit, batches
from orchestrator.runtime.branches import Branches, ended_by
from orchestrator.runtime.executor import Argument, Call, Executor, InProcess, Made, Reply, Workshop
from orchestrator.runtime.failures import input_lost, not_stored
from orchestrator.runtime.gates import Gates
from orchestrator.runtime.inputs import MEMBERS, Inputs, described
from orchestrator.runtime.ledger import Ended, Ledger
from orchestrator.runtime.loaded_models import Load, LoadedModels
from orchestrator.runtime.needs import Needs
from orchestrator.runtime.results import Items, Results
from orchestrator.runtime.work_thread import PATIENCE, WorkThread
from orchestrator.stage import Description, Failure, Many, Model
from orchestrator.store import DamagedResultError, GroupedWriter, NewResult, Store, StoredResult, Written
from orchestrator.work import (
    Coordinates,
    Projection,
    Selection,
    WorkItem,
    chosen,
    count_of,
    identity_of,
    key_of,
    points,
)

_WINDOW = 256
_HANGS = "it did not end when the run was stopped, and was left behind; it is made again by the next run"


def execute(
    graph: Graph,
    selection: Selection,
    store: Store,
    loader: Load,
    listener: Listener,
    cancelled: Callable[[], bool],
    *,
    models: LoadedModels | None = None,
    executor: Callable[[Workshop], Executor] = InProcess,
) -> Results:
    """Makes what the store lacks. An item that fails, fails alone; nothing is raised for it.

    Ctrl-C, or `cancelled` turning true, ends the run early: finished work stays, `Results.interrupted` is
    set, and what was not finished counts as cancelled (without an event for each item).

    Args:
        graph: the checked recipe.
        selection: which part of the work.
        store: where results are found and kept; it must stay open while the results are read.
        loader: loads the model of a description; called at most once for each model.
        listener: told of every event, always in the caller's thread.
        cancelled: asked between items, and by models between steps.
        models: loaded ones that several runs share; a set of this run's own unless given.
        executor: makes what carries out the calls.
    """
    run = _Run(graph, selection, store, models or LoadedModels(loader), listener, cancelled)
    try:
        return run.carried_out(executor)
    finally:
        run.thread.close()
        if models is None:
            run.models.release_all()


@dataclass(frozen=True, slots=True)
class _Token:
    """What the writer hands back with a stored result: the items that it is the result of."""

    items: tuple[WorkItem, ...]
    key: str
    seconds: float


class _Run:
    def __init__(
        self,
        graph: Graph,
        selection: Selection,
        store: Store,
        models: LoadedModels,
        listener: Listener,
        cancelled: Callable[[], bool],
    ) -> None:
        self.graph, self.selection, self.store, self.models = graph, selection, store, models
        self.listener, self.asked = listener, cancelled
        self.thread = WorkThread(cancelled)
        self.patient_until: float | None = None
        self.under_way: tuple[WorkItem, ...] = ()
        self.nodes = chosen(graph, selection)
        self.ledger = Ledger(listener)
        self.inputs = Inputs(graph, store, self.ledger)
        self.branches = Branches(graph, store, self.inputs)
        self.gates = Gates(graph, store)
        self.needs = Needs(graph, self.nodes, selection, self.gates.approves)
        self.writer: GroupedWriter[_Token] | None = None

    def cancelled(self) -> bool:
        """Whether the user asked to stop, in whatever way."""
        return self.thread.broken_off or self.asked()

    def given_up(self) -> bool:
        """Whether the user asked to stop some seconds ago."""
        if self.patient_until is None and self.cancelled():
            self.patient_until = time.monotonic() + PATIENCE
        return self.patient_until is not None and time.monotonic() > self.patient_until

    def carried_out(self, executor: Callable[[Workshop], Executor]) -> Results:
        run, started, clock = secrets.token_hex(6), datetime.now(UTC), time.perf_counter()
        self.models.begin_run()
        self.listener(self._started(run))
        interrupted = self._interrupted(executor(self._workshop()))
        left_behind = self._name_left_behind() if self.thread.left_behind else ()
        if interrupted:
            self._cancel_rest()
        counts, seconds = self.ledger.counts(), time.perf_counter() - clock
        self.listener(RunEnded(run, counts, seconds))
        return Results(
            run=run, started=started.isoformat(timespec="seconds"), seconds=seconds,
            items=Items(self.graph, self.store, self.ledger), counts=counts,
            findings=self.models.findings, interrupted=interrupted, left_behind=left_behind,
        )  # fmt: skip

    def _started(self, run: str) -> RunStarted:
        counts = {node.name: count_of(self.graph, node, self.selection) for node in self.nodes}
        totals = {name: count for name, count in counts.items() if count is not None}
        return RunStarted(run, totals, tuple(name for name in counts if name not in totals))

    def _interrupted(self, executor: Executor) -> bool:
        """Does the work; whether the user stopped it. What is finished is committed in either case."""
        self.writer = writer = GroupedWriter[_Token](self.store)
        try:
            self._work(executor)
        except (Cancelled, KeyboardInterrupt):
            self.thread.broken_off = True
            return True
        finally:
            self._acknowledge(writer.flush(self.given_up))
            writer.close(self.given_up)
        return False

    def _name_left_behind(self) -> tuple[str, ...]:
        """Ends the items of a call that did not end when it was told to, and names them."""
        for item in self.under_way:
            self.ledger.end(_place(item), Ended("cancelled", message=_HANGS))
        return tuple(described(_place(item)) for item in self.under_way)

    def _work(self, executor: Executor) -> None:
        for phase in _phases(self.nodes):
            projections = {node.name: Projection(self.graph, node, self.inputs.length) for node in phase}
            for window in _windows(points(self.graph, self.selection)):
                for node in phase:
                    self._stop_if_cancelled()
                    self._stage(executor, node, list(projections[node.name].items(window)))

    def _stage(self, executor: Executor, node: StageNode, items: list[WorkItem]) -> None:
        """One stage in one window: what is blocked or stored ends at once, the rest is made."""
        for item in items:
            self.ledger.take_up(_place(item))
        ready = self._keyed(items)
        found = self.store.find_many([key for key, _ in ready], node.spec.output.__name__)
        missing: dict[str, list[WorkItem]] = {}
        for key, item in ready:
            if key in found:
                self._end_stored(item, found[key])
            elif not self.needs.wants(item):
                approved = "the pictures that would come of it are approved already"
                self.ledger.end(_place(item), Ended("skipped", message=approved))
            else:
                missing.setdefault(key, []).append(item)
        if missing:
            self._make(executor, node, missing)
        self._settle()

    def _keyed(self, items: list[WorkItem]) -> list[tuple[str, WorkItem]]:
        ready: list[tuple[str, WorkItem]] = []
        for item in items:
            if self._ended_by_review(item):
                continue
            item = self.inputs.without_left_out(item)  # noqa: PLW2901 - what it gathers in the end
            branched = self.branches.ended(item)
            if branched is not None:
                self.ledger.end(_place(item), branched)
                continue
            blocked = self.inputs.blocked(item)
            if blocked is None and self.graph.nodes[item.stage].spec.gate:
                self._end_at_gate(item)
            elif blocked is None:
                ready.append((key_of(identity_of(self.graph, item, self.inputs.digest)), item))
            else:
                self.ledger.end(_place(item), ended_by(blocked))
        return ready

    def _ended_by_review(self, item: WorkItem) -> bool:
        """Ends what is not wanted, and what was approved: that passes whatever became of the stages above."""
        place = _place(item)
        if self.graph.review.dropped(dict(item.coordinates)):
            self.ledger.end(place, Ended("skipped", message="dropped in the review file"))
        elif self.graph.nodes[item.stage].spec.gate and self.gates.approves(*place):
            self._end_at_gate(item)
        else:
            return False
        return True

    def _end_at_gate(self, item: WorkItem) -> None:
        ended, stored = self.gates.ended(*_place(item))
        self.ledger.end(_place(item), ended, stored.notes if stored else None)

    def _make(self, executor: Executor, node: StageNode, missing: Mapping[str, list[WorkItem]]) -> None:
        """Items of one key are made once: they are the same work."""
        limit = self.thread.call(lambda: batch_limit(self.graph, node, self._model))
        firsts = [(key, items[0]) for key, items in missing.items()]
        groups = batches(firsts, limit)
        for reply in executor.run(self._calls(node, groups, missing)):
            self._take(reply, missing)

    def _calls(
        self,
        node: StageNode,
        groups: Iterable[tuple[tuple[str, WorkItem], ...]],
        missing: Mapping[str, list[WorkItem]],
    ) -> Iterator[Call]:
        for group in groups:
            given: list[tuple[str, WorkItem, dict[str, Argument]]] = []
            for key, item in group:
                try:
                    given.append((key, item, self.inputs.arguments(item)))
                except DamagedResultError as error:
                    self._end_failed(missing[key], key, input_lost(error))
            self.under_way = tuple(item for key, _, _ in given for item in missing[key])
            if given:
                yield Call(
                    node=node, params=given[0][1].params, keys=tuple(key for key, _, _ in given),
                    seeds=tuple(item.seed for _, item, _ in given),
                    inputs=tuple(arguments for _, _, arguments in given),
                )  # fmt: skip

    def _take(self, reply: Reply, missing: Mapping[str, list[WorkItem]]) -> None:
        for key, outcome in zip(reply.call.keys, reply.outcomes, strict=True):
            if isinstance(outcome, Made):
                self._submit(reply.call.node, key, missing[key], outcome)
            elif self.cancelled():  # a model that was told to stop may say so as a failure
                raise Cancelled
            else:
                self._end_failed(missing[key], key, outcome)
        self._acknowledge(self._writer.acknowledged())

    def _submit(self, node: StageNode, key: str, items: list[WorkItem], made: Made) -> None:
        notes = dict(made.notes)
        if isinstance(made.artifact, Many):
            notes[MEMBERS] = list(made.artifact.member_digests)
        if self.store.was_damaged(key):
            notes["redrawn"] = "the stored result was missing or damaged"
        result = NewResult(
            key=key, stage=node.spec.name, artifact=made.artifact, notes=notes,
            environment=made.environment, seconds=made.seconds, degraded=bool(notes.get("degraded")),
        )  # fmt: skip
        for item in items:
            self.inputs.keep(_place(item), made.artifact)
        self._writer.submit(_Token(tuple(items), key, made.seconds), result, self.given_up)

    def _acknowledge(self, written: Iterable[Written[_Token]]) -> None:
        """An item has ended when its result is on the disk, not before."""
        for answer in written:
            token = answer.token
            if answer.stored is None:
                self._end_failed(token.items, token.key, not_stored(answer.error))
                continue
            first, *same = token.items
            ended = Ended("done", token.key, answer.stored.artifact_digest, token.seconds)
            self.ledger.end(_place(first), ended, answer.stored.notes)
            for item in same:
                self._end_stored(item, answer.stored)

    def _end_stored(self, item: WorkItem, stored: StoredResult) -> None:
        self.ledger.end(_place(item), Ended("stored", stored.key, stored.artifact_digest), stored.notes)

    def _end_failed(self, items: Iterable[WorkItem], key: str, failure: Failure) -> None:
        for item in items:
            ended = Ended(
                "failed", key, message=failure.message, code=failure.code, help=failure.help,
                notes=failure.notes or None,
            )  # fmt: skip
            self.ledger.end(_place(item), ended)

    def _settle(self) -> None:
        """The next stage counts on the digests of this one."""
        self._acknowledge(self._writer.flush(self.given_up))
        if self.given_up():
            raise Cancelled

    def _stop_if_cancelled(self) -> None:
        if self.cancelled():
            raise Cancelled

    def _cancel_rest(self) -> None:
        for node in self.nodes:
            projection = Projection(self.graph, node, self.inputs.length)
            for point in points(self.graph, self.selection):
                for coordinates in projection.places(point):
                    self.ledger.cancel((node.name, coordinates))

    def _workshop(self) -> Workshop:
        return Workshop(self.graph, self._model, self.cancelled, self._on_step, self.thread)

    def _model(self, role: str) -> Model:
        """While a model loads, nobody looks whether the user asked to stop."""
        try:
            return self.models.get(self.graph.models[role], self._on_loading)
        finally:
            self.thread.deaf = False

    def _on_loading(self, description: Description) -> None:
        self.thread.deaf = True
        told = ModelLoading(description.role, description.card.name or description.source)
        self.thread.tell(lambda: self.listener(told))

    def _on_step(self, stage: str, done: int, total: int) -> None:
        self.thread.tell(lambda: self._step_done(stage, done, total))

    def _step_done(self, stage: str, done: int, total: int) -> None:
        self._acknowledge(self._writer.acknowledged())
        self.listener(StepDone(stage, done, total))

    @property
    def _writer(self) -> GroupedWriter[_Token]:
        if self.writer is None:
            raise RuntimeError("the run has not begun")
        return self.writer


def _phases(nodes: tuple[StageNode, ...]) -> list[list[StageNode]]:
    """Stages by the number of gathers above them: each phase needs all windows of the one before."""
    depth: dict[str, int] = {IDEA_SOURCE: 0}
    phases: list[list[StageNode]] = []
    for node in nodes:
        depth[node.name] = max(
            (depth[wire.source] + (port in node.gathered) for port, wire in node.wires.items()), default=0
        )
        while len(phases) <= depth[node.name]:
            phases.append([])
        phases[depth[node.name]].append(node)
    return phases


def _windows(stream: Iterator[Coordinates]) -> Iterator[tuple[Coordinates, ...]]:
    while window := tuple(itertools.islice(stream, _WINDOW)):
        yield window


def _place(item: WorkItem) -> tuple[str, Coordinates]:
    return item.stage, item.coordinates
