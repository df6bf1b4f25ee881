"""What carries out calls of stages. In this process now; other executors keep the same Protocol."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeAlias, cast, get_type_hints

from orchestrator.errors import Cancelled, ModelUnavailable
from orchestrator.graph import Graph, ResolvedResource, StageNode
from orchestrator.runtime.failures import failure_of, wrong_count, wrong_result
from orchestrator.runtime.guards import declared_files, kept_process
from orchestrator.runtime.work_thread import WorkThread
from orchestrator.stage import Artifact, Batch, Context, Failure, Gathered, Many, Model, Params, StageSpec
from orchestrator.stage.fresh_copy import fresh_copy
from orchestrator.stage.many import is_many, typed
from orchestrator.stage.opened_files import unwatched

_WARNINGS: Final = "warnings"
"""The note under which what a person should know of is kept."""
Argument: TypeAlias = Artifact | Gathered[Artifact] | None


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a stage for one or more items that share their params; `keys` names the items."""

    node: StageNode
    params: Params
    keys: tuple[str, ...]
    seeds: tuple[int, ...]
    inputs: tuple[Mapping[str, Argument], ...]

    def single(self, at: int) -> Call:
        """The same call for one of its items."""
        return Call(self.node, self.params, (self.keys[at],), (self.seeds[at],), (self.inputs[at],))


@dataclass(frozen=True, slots=True)
class Made:
    """An item that came out well; `seconds` is its share of the call."""

    artifact: Artifact
    notes: Mapping[str, object] = field(default_factory=dict[str, object])
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Reply:
    """A call and what became of each of its items, in their order."""

    call: Call
    outcomes: tuple[Made | Failure, ...]


@dataclass(frozen=True, slots=True)
class Workshop:
    """What an executor works with: the graph, models by role, the run's ears, the thread of its stages."""

    graph: Graph
    model: Callable[[str], Model]
    cancelled: Callable[[], bool]
    on_step: Callable[[str, int, int], None]
    thread: WorkThread


class Executor(Protocol):
    """Carries out calls."""

    def run(self, calls: Iterable[Call]) -> Iterator[Reply]:
        """Replies in any order. Calls are taken in the caller's thread, as late as possible.

        Raises:
            Cancelled: the user asked to stop; every reply that was finished has been given, and a call that
                did not end in time was left behind.
        """
        ...


class _Values(Mapping[tuple[str, str], object]):
    """What resources hold, opened when a stage asks for it."""

    def __init__(self, resources: Mapping[tuple[str, str], ResolvedResource]) -> None:
        self._resources = resources

    def __getitem__(self, place: tuple[str, str]) -> object:
        with unwatched():
            return self._resources[place].value

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._resources)

    def __len__(self) -> int:
        return len(self._resources)


class InProcess:
    """One call after the other, in a thread of this process."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._cards = {role: model.card for role, model in workshop.graph.models.items()}
        self._resources = _Values(workshop.graph.resources)

    def run(self, calls: Iterable[Call]) -> Iterator[Reply]:
        """Replies in the order of the calls."""
        for call in calls:
            if self._workshop.cancelled():
                raise Cancelled
            yield Reply(call, self._workshop.thread.call(functools.partial(self.outcomes, call)))

    def outcomes(self, call: Call) -> tuple[Made | Failure, ...]:
        """What becomes of each item; in a batch that fails as a whole each is tried alone."""
        try:
            return self._attempt(call)
        except BaseException as error:  # a stage may raise anything, and only its item fails
            if self._is_a_stop(error):
                raise
            if len(call.keys) == 1 or isinstance(error, ModelUnavailable):
                return tuple(failure_of(call.node.spec, error) for _ in call.keys)
        return tuple(outcome for at in range(len(call.keys)) for outcome in self.outcomes(call.single(at)))

    def _is_a_stop(self, error: BaseException) -> bool:
        """Whether the user stopped the run; a stage that says so of itself has failed."""
        if isinstance(error, KeyboardInterrupt):
            return threading.current_thread() is threading.main_thread()
        return isinstance(error, Cancelled) and self._workshop.cancelled()

    def _attempt(self, call: Call) -> tuple[Made | Failure, ...]:
        spec, started = call.node.spec, time.perf_counter()
        environment: dict[str, str] = {}
        context, told = self._context(call, environment), list[str]()
        with kept_process(told), declared_files(spec):
            given = spec.function(**_arguments(call, context))
        for notes in context.notes if told else ():
            warned = notes.get(_WARNINGS)
            notes[_WARNINGS] = [*(cast("list[object]", warned) if isinstance(warned, list) else []), *told]
        results = _each(spec, given, len(call.keys))
        seconds = (time.perf_counter() - started) / len(call.keys)
        return tuple(
            _checked(spec, result, notes, environment, seconds)
            for result, notes in zip(results, context.notes, strict=True)
        )

    def _context(self, call: Call, environment: dict[str, str]) -> Context:
        """An unseeded stage gets zeros: its key does not count the seed, so it must not see it."""

        def model(role: str) -> Model:
            with unwatched():
                found = self._workshop.model(role)
            environment.update(found.environment)
            return found

        return Context(
            seeds=call.seeds if call.node.spec.seeded else (0,) * len(call.seeds),
            models=model,
            cards=self._cards,
            resources=self._resources,
            notes=tuple({} for _ in call.keys),
            cancelled=self._workshop.cancelled,
            on_step=functools.partial(self._workshop.on_step, call.node.name),
        )


def _arguments(call: Call, context: Context) -> dict[str, object]:
    spec = call.node.spec
    arguments: dict[str, object] = {
        name: fresh_copy(call.params) if kind is Params else context
        for name, kind in _own_arguments(spec.function)
    }
    for port in spec.inputs:
        members = [fresh_copy(inputs.get(port.name)) for inputs in call.inputs]
        wired = port.name in call.node.wires
        arguments[port.name] = Batch(members) if spec.batch and wired and not port.gathered else members[0]
    return arguments


@functools.cache
def _own_arguments(function: Callable[..., Any]) -> tuple[tuple[str, type], ...]:
    """The names under which a stage takes its params and its context."""
    hints = {name: hint for name, hint in get_type_hints(function).items() if name != "return"}
    return tuple(
        (name, Context if hint is Context else Params)
        for name, hint in hints.items()
        if hint is Context or (isinstance(hint, type) and issubclass(hint, Params))
    )


def _each(spec: StageSpec, given: object, asked: int) -> Sequence[object]:
    if not spec.batch:
        return [given]
    if not isinstance(given, (list, tuple)):
        return [given] * asked
    results = cast("Sequence[object]", given)
    return results if len(results) == asked else [wrong_count(spec, len(results), asked)] * asked


def _checked(
    spec: StageSpec, result: object, notes: dict[str, object], environment: dict[str, str], seconds: float
) -> Made | Failure:
    """There is no subtyping: the store reads a result back as the declared type."""
    if isinstance(result, Failure):
        return Failure(result.message, result.code, result.help, {**notes, **result.notes})
    if is_many(spec.output) and is_many(type(result)):
        declared = cast("type[Many[Artifact]]", spec.output)
        result = typed(cast("Many[Artifact]", result), declared) or result
    if type(result) is not spec.output:
        return wrong_result(spec, result)
    return Made(fresh_copy(result), dict(notes), dict(environment), seconds)
