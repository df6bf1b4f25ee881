"""Wires: which stage takes whose output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace

from orchestrator.errors import Findings
from orchestrator.frozen import Slotted
from orchestrator.graph.stage_node import Wire
from orchestrator.graph.wires.findings import WiringFindings
from orchestrator.graph.wires.open_ends import OpenEnd, OpenEnds, fits, scopes
from orchestrator.recipe.model import StageEntry
from orchestrator.stage import Port, StageSpec
from orchestrator.stage.many import is_many, member_type
from orchestrator.text import Text


class Wiring(Slotted):
    """Takes the stages in their order; `taken_inputs` are those of includes that some stage has taken.

    `unsure` are stages whose wires may be others once a finding above them, or of their own, is mended.
    """

    ends: OpenEnds
    taken_inputs: set[Text] = field(default_factory=set[Text])
    unsure: set[str] = field(default_factory=set[str])

    def take(self, entry: StageEntry, spec: StageSpec, findings: Findings) -> dict[str, Wire]:
        """Wires the ports of a stage and closes what it takes; a port with a finding has no wire."""
        told = WiringFindings(self.ends, entry, spec, findings)
        told.ports_unknown = bool(entry.unknown & {"inputs", "each"})
        named = self._named_ports(entry, told)
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
            elif port.name in named or not port.optional:
                self.unsure.add(entry.name)
        self._close(entry, spec, wires)
        return wires

    def _named_ports(self, entry: StageEntry, told: WiringFindings) -> dict[str, Text]:
        """The stage by port, as `inputs:` names it; a misspelt port as it was meant."""
        named: dict[str, Text] = {}
        for name, source in entry.inputs.items():
            port = told.port_meant(name, source)
            if port is None:
                told.ports_unknown = True
            elif port == name or port not in entry.inputs:
                named[port] = source
        return named

    def give_up(self, entry: StageEntry) -> None:
        """A stage that could not be read stands here."""
        self.ends.give_up(entry.name)

    def _close(self, entry: StageEntry, spec: StageSpec, wires: Mapping[str, Wire]) -> None:
        """A stage that gives T or `Many[T]` closes the ends of T and `Many[T]` that it took."""
        given = member_type(spec.output)
        taken = {wire.source for wire in wires.values() if member_type(wire.type) is given}
        if any(member_type(port.type) is given and port.name not in wires for port in spec.inputs) and (
            entry.name in self.unsure
        ):
            self.ends.doubt(end for end in self.ends.open if member_type(end.type) is given)
        self.ends.close(taken)
        self.ends.add(OpenEnd(entry.name, spec.output, entry.name_span))

    def _parted(
        self, entry: StageEntry, spec: StageSpec, named: Mapping[str, Text], told: WiringFindings
    ) -> dict[str, Wire]:
        """The ports that `each:` wires to the members of a `Many[T]`."""
        wires: dict[str, Wire] = {}
        for dimension, source in entry.each.items():
            end = self.ends.named(entry, source.value)
            if end is None:
                told.ports_unknown = True
                if not self.ends.is_unknown(entry, source.value):
                    told.not_above(source, is_many)
            elif not is_many(end.type):
                told.not_many(dimension, source, end)
            elif self._is_free(dimension, end, source, told):
                port = self._parted_port(spec, named, source, end, told)
                if port is not None:
                    self.ends.run_time.setdefault(dimension, end.source)
                    wires[port.name] = Wire(end.source, end.type, dimension)
        return wires

    def _is_free(self, dimension: str, end: OpenEnd, source: Text, told: WiringFindings) -> bool:
        """A run-time dimension numbers the members of one stage."""
        declared = self.ends.recipe.dimension(dimension)
        if declared is None and self.ends.run_time.get(dimension, end.source) == end.source:
            return True
        told.dimension_taken(dimension, source, declared, self.ends.run_time.get(dimension, ""))
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
        end = self.ends.named(entry, source.value)
        if end is None:
            if not self.ends.is_unknown(entry, source.value):
                told.not_above(source, lambda kind: fits(port, kind))
            return None
        if not fits(port, end.type):
            told.wrong_type(port, source, end)
            return None
        return end

    def _unnamed(self, entry: StageEntry, port: Port, told: WiringFindings) -> OpenEnd | None:
        """The only open end of its namespace, else what its include says, else the same one further out."""
        if told.ports_unknown:
            return None
        for scope in scopes(entry):
            ends = [] if port.optional else [end for end in self.ends.ring(scope) if fits(port, end.type)]
            if len(ends) == 1:
                if self.ends.unknown or ends[0].source in self.ends.doubtful:
                    self.unsure.add(entry.name)
                return ends[0]
            if ends:
                sure = [end for end in ends if end.source not in self.ends.doubtful]
                if len(sure) > 1:
                    told.several(port, ends)
                return None
            if (given := entry.given.get(f"{scope}/{port.name}")) is not None:
                self.taken_inputs.add(given)
                return self._named(replace(entry, scope=""), port, given, told)
        if not (port.optional or self.ends.unknown):
            told.none(port)
        return None
