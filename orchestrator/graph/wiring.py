"""Open ends and wires: which stage takes whose output."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from orchestrator.errors import Diagnostic, Span
from orchestrator.graph.model import IDEA_SOURCE, Wire
from orchestrator.graph.wiring_findings import WiringFindings
from orchestrator.recipe.model import Recipe, StageEntry, Text
from orchestrator.stage import Artifact, Idea, Port, StageSpec
from orchestrator.stage.many import is_many, member_type
from orchestrator.stage.registry import Registry

Report = Callable[[Diagnostic], None]


@dataclass(slots=True)
class OpenEnd:
    """An output that no stage has closed yet."""

    source: str
    type: type[Artifact]
    span: Span

    @property
    def shown(self) -> str:
        """As a recipe names it."""
        return "idea" if self.source == IDEA_SOURCE else self.source


def fits(port: Port, kind: type[Artifact]) -> bool:
    """Whether a port takes an output as it is: exactly its type, or gathered a whole `Many` of it."""
    return kind is port.type or (port.gathered and is_many(kind) and member_type(kind) is port.type)


@dataclass(slots=True)
class Wiring:
    """The ends above the stage at hand.

    `unknown` is set once a stage could not be read: what it would have given is not known, so that a
    missing type below it is no finding of its own. `run_time` has the dimensions that `each:` made so far;
    `misplaced` is set once a stage stands above one that it needs.
    """

    recipe: Recipe
    registry: Registry
    outputs: dict[str, OpenEnd] = field(default_factory=dict[str, OpenEnd])
    open: list[OpenEnd] = field(default_factory=list[OpenEnd])
    run_time: dict[str, str] = field(default_factory=dict[str, str])
    unknown: bool = False
    misplaced: bool = False
    taken_inputs: set[Text] = field(default_factory=set[Text])

    @classmethod
    def above(cls, recipe: Recipe, registry: Registry) -> Wiring:
        """The ends above the first stage: the idea, if the items have one."""
        wiring = cls(recipe, registry)
        idea = recipe.dimension("idea")
        if idea is not None:
            wiring._add(OpenEnd(IDEA_SOURCE, Idea, idea.span))
        return wiring

    def take(self, entry: StageEntry, spec: StageSpec, report: Report) -> dict[str, Wire]:
        """Wires the ports of a stage and closes what it takes; a port with a finding has no wire."""
        told = WiringFindings(self, entry, spec, report)
        named = {name: source for name, source in entry.inputs.items() if told.is_port(name, source)}
        wires = self._parted(entry, spec, named, told)
        for port in spec.inputs:
            if port.name in wires:
                continue
            if port.name in named:
                end = self._named(entry, port, named[port.name], told)
            else:
                end = self._unnamed(entry, port, told)
            if end is not None:
                wires[port.name] = Wire(end.source, end.type)
        self._close(entry, spec, wires)
        return wires

    def give_up(self, entry: StageEntry) -> None:
        """A stage that could not be read stands here."""
        del entry
        self.unknown = True

    def end(self, entry: StageEntry, name: str) -> OpenEnd | None:
        """What a name means to a stage: in its own namespace first, then in those around it.

        The recipe's reader has made the names that it found within a namespace whole; those are as they say.
        """
        if name in self.outputs and "." in name:
            return self.outputs[name]
        for scope in _scopes(entry):
            found = self.outputs.get(f"{scope}.{name}" if scope else name)
            if found is not None:
                return found
        return self.outputs.get(IDEA_SOURCE) if name == "idea" else None

    def stands_below(self, entry: StageEntry, name: str) -> bool:
        """Whether a stage of this name is the stage at hand or one below it."""
        names = [stage.name for stage in self.recipe.stages]
        meant = [f"{scope}.{name}" if scope else name for scope in _scopes(entry)]
        here = names.index(entry.name)
        return any(each in names and names.index(each) >= here for each in meant)

    def _close(self, entry: StageEntry, spec: StageSpec, wires: Mapping[str, Wire]) -> None:
        """A stage that gives T or `Many[T]` closes the ends of T and `Many[T]` that it took."""
        given = member_type(spec.output)
        taken = {wire.source for wire in wires.values() if member_type(wire.type) is given}
        self.open = [end for end in self.open if end.source not in taken]
        self._add(OpenEnd(entry.name, spec.output, entry.name_span))

    def _add(self, end: OpenEnd) -> None:
        self.outputs[end.source] = end
        self.open.append(end)

    def _parted(
        self, entry: StageEntry, spec: StageSpec, named: Mapping[str, Text], told: WiringFindings
    ) -> dict[str, Wire]:
        """The ports that `each:` wires to the members of a `Many[T]`."""
        wires: dict[str, Wire] = {}
        for dimension, source in entry.each.items():
            end = self.end(entry, source.value)
            if end is None:
                told.each_failed = True
                told.not_above(source, is_many)
            elif not is_many(end.type):
                told.not_many(dimension, source, end)
            elif self._is_free(dimension, end, source, told):
                port = self._parted_port(spec, named, source, end, told)
                if port is not None:
                    self.run_time.setdefault(dimension, end.source)
                    wires[port.name] = Wire(end.source, end.type, dimension)
        return wires

    def _is_free(self, dimension: str, end: OpenEnd, source: Text, told: WiringFindings) -> bool:
        """A run-time dimension numbers the members of one stage."""
        declared = self.recipe.dimension(dimension)
        if declared is None and self.run_time.get(dimension, end.source) == end.source:
            return True
        told.dimension_taken(dimension, source, declared, self.run_time.get(dimension, ""))
        return False

    def _parted_port(
        self, spec: StageSpec, named: Mapping[str, Text], source: Text, end: OpenEnd, told: WiringFindings
    ) -> Port | None:
        fitting = [port for port in spec.inputs if not port.gathered and port.type is member_type(end.type)]
        meant = [port for port in fitting if port.name in named and named[port.name].value == source.value]
        ports = meant or [port for port in fitting if port.name not in named and not port.optional]
        if len(ports) == 1:
            return ports[0]
        told.no_port_for_members(source, end, fitting, ports)
        return None

    def _named(self, entry: StageEntry, port: Port, source: Text, told: WiringFindings) -> OpenEnd | None:
        end = self.end(entry, source.value)
        if end is None:
            if not self.unknown or self.stands_below(entry, source.value):
                told.not_above(source, lambda kind: fits(port, kind))
            return None
        if not fits(port, end.type):
            told.wrong_type(port, source, end)
            return None
        return end

    def _unnamed(self, entry: StageEntry, port: Port, told: WiringFindings) -> OpenEnd | None:
        """The only open end of its namespace, else what its include says, else the same one further out."""
        for scope in _scopes(entry):
            ends = [] if port.optional else [end for end in self._ring(scope) if fits(port, end.type)]
            if len(ends) == 1:
                return ends[0]
            if ends:
                told.several(port, ends)
                return None
            if (given := entry.given.get(f"{scope}/{port.name}")) is not None:
                self.taken_inputs.add(given)
                return self._named(replace(entry, scope=""), port, given, told)
        if not port.optional and not self.unknown and not told.each_failed:
            told.none(port)
        return None

    def _ring(self, scope: str) -> list[OpenEnd]:
        """The open ends of a namespace; those of all for the recipe's own."""
        return [end for end in self.open if not scope or end.source.startswith(f"{scope}.")]


def _scopes(entry: StageEntry) -> Iterator[str]:
    """The namespace of a stage and those around it; "" is the recipe's own."""
    scope = entry.scope
    while scope:
        yield scope
        scope = scope.rpartition(".")[0]
    yield ""
