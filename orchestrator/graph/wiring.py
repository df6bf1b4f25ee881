"""Open ends and wires: which stage takes whose output."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from orchestrator.errors import Diagnostic, Label, Span, did_you_mean
from orchestrator.graph.model import IDEA_SOURCE, Wire
from orchestrator.graph.proposals import givers
from orchestrator.recipe.model import Recipe, StageEntry, Text
from orchestrator.stage import Artifact, Idea, Port, StageSpec
from orchestrator.stage.registry import Registry

Report = Callable[[Diagnostic], None]


@dataclass(slots=True)
class OpenEnd:
    """An output that no stage has closed yet."""

    source: str
    type: type[Artifact]
    span: Span


@dataclass(slots=True)
class Wiring:
    """The ends above the stage at hand.

    `unknown` is set once a stage could not be read: what it would have given is not known, so that a
    missing type below it is no finding of its own.
    """

    recipe: Recipe
    registry: Registry
    outputs: dict[str, OpenEnd] = field(default_factory=dict[str, OpenEnd])
    open: list[OpenEnd] = field(default_factory=list[OpenEnd])
    unknown: bool = False

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
        named = {
            name: source
            for name, source in entry.inputs.items()
            if self._is_port(entry, spec, name, source, report)
        }
        wires: dict[str, Wire] = {}
        for port in spec.inputs:
            if port.name in named:
                end = self._named(entry, port, named[port.name], report)
            else:
                end = None if port.optional else self._only(entry, port, report)
            if end is not None:
                wires[port.name] = Wire(end.source, end.type)
        self._close(entry, spec, wires)
        return wires

    def give_up(self, entry: StageEntry) -> None:
        """A stage that could not be read stands here."""
        del entry
        self.unknown = True

    def _close(self, entry: StageEntry, spec: StageSpec, wires: Mapping[str, Wire]) -> None:
        taken = {wire.source for wire in wires.values() if wire.type is spec.output}
        self.open = [end for end in self.open if end.source not in taken]
        self._add(OpenEnd(entry.name, spec.output, entry.name_span))

    def _add(self, end: OpenEnd) -> None:
        self.outputs[end.source] = end
        self.open.append(end)

    def _is_port(self, entry: StageEntry, spec: StageSpec, name: str, source: Text, report: Report) -> bool:
        ports = [port.name for port in spec.inputs]
        if name in ports:
            return True
        near = did_you_mean(name, ports)
        report(
            Diagnostic(
                code="E205",
                message=f"the stage {entry.use.value!r} has no input {name!r}",
                span=source.span,
                why=f"Its inputs are: {', '.join(f'{port.name} ({port.type_name})' for port in spec.inputs)}."
                if ports
                else "It takes no input.",
                help=f"did you mean `{near}`?" if near else "take the line out",
                fix=f"{near}: {source.value}" if near else "",
            )
        )
        return False

    def _named(self, entry: StageEntry, port: Port, source: Text, report: Report) -> OpenEnd | None:
        end = self.outputs.get(
            IDEA_SOURCE if source.value == "idea" and "idea" not in self.outputs else source.value
        )
        if end is None:
            if not self.unknown or self._stands_below(entry, source.value):
                report(self._not_above(entry, port, source))
            return None
        if end.type is not port.type:
            report(self._wrong_type(port, source, end))
            return None
        return end

    def _only(self, entry: StageEntry, port: Port, report: Report) -> OpenEnd | None:
        ends = [end for end in self.open if end.type is port.type]
        if len(ends) == 1:
            return ends[0]
        if ends:
            report(self._several(entry, port, ends))
        elif not self.unknown:
            report(self._none(entry, port))
        return None

    def _stands_below(self, entry: StageEntry, name: str) -> bool:
        names = [stage.name for stage in self.recipe.stages]
        return name in names and names.index(name) >= names.index(entry.name)

    def _not_above(self, entry: StageEntry, port: Port, source: Text) -> Diagnostic:
        fitting = [end.source for end in self.outputs.values() if end.type is port.type]
        shown = [("idea" if name == IDEA_SOURCE else name) for name in fitting]
        near = did_you_mean(source.value, shown) or (shown[0] if len(shown) == 1 else None)
        listed = (
            f"Above it, these give {port.type.__name__}: {', '.join(shown)}."
            if shown
            else (f"No stage above it gives {port.type.__name__}.")
        )
        if self._stands_below(entry, source.value):
            return Diagnostic(
                code="E206",
                message=f"{entry.name!r} cannot take its own output"
                if source.value == entry.name
                else f"{source.value!r} stands below {entry.name!r}",
                span=source.span,
                why=f"A stage sees only the stages above it. {listed}",
                help=f"name a stage above it{': ' + ', '.join(shown) if shown else ''}"
                if source.value == entry.name
                else f"move `{source.value}:` above `{entry.name}:`"
                + (", or take what stands above" if shown else ""),
                fix=shown[-1] if shown else "",
                labels=tuple(
                    Label(stage.name_span, "it stands here")
                    for stage in self.recipe.stages
                    if stage.name == source.value
                ),
            )
        return Diagnostic(
            code="E207",
            message=f"no stage is called {source.value!r}",
            span=source.span,
            why=listed,
            help=f"did you mean `{near}`?" if near else "name a stage of this recipe that stands above",
            fix=near or "",
        )

    def _wrong_type(self, port: Port, source: Text, end: OpenEnd) -> Diagnostic:
        fitting = [other.source for other in self.outputs.values() if other.type is port.type]
        return Diagnostic(
            code="E208",
            message=f"{source.value!r} gives {end.type.__name__}; "
            f"the input {port.name!r} takes {port.type_name}",
            span=source.span,
            why="Types are matched exactly; there is no subtyping.",
            help=f"these give {port.type.__name__}: {', '.join(fitting)}"
            if fitting
            else f"no stage above gives {port.type.__name__}",
            labels=(Label(end.span, f"gives {end.type.__name__}"),),
        )

    def _several(self, entry: StageEntry, port: Port, ends: list[OpenEnd]) -> Diagnostic:
        choices = ["idea" if end.source == IDEA_SOURCE else end.source for end in ends]
        return Diagnostic(
            code="E209",
            message=f"the input {port.name!r} of {entry.name!r} could take {' or '.join(choices)}",
            span=entry.name_span,
            why=f"Both are open ends of type {port.type.__name__}, and a wire is never guessed."
            if len(choices) == 2  # noqa: PLR2004 - "both" is said of two
            else f"All are open ends of type {port.type.__name__}, and a wire is never guessed.",
            help=f"add one of these lines to `{entry.name}:`",
            fix="\n".join(f"inputs: {{{port.name}: {choice}}}" for choice in choices),
            labels=tuple(Label(end.span, f"an open {port.type.__name__}") for end in ends),
        )

    def _none(self, entry: StageEntry, port: Port) -> Diagnostic:
        help_text, fix = self._remedy(entry, port.type)
        return Diagnostic(
            code="E213",
            message=f"nothing above {entry.name!r} gives {port.type.__name__}, "
            f"which its input {port.name!r} takes",
            span=entry.use.span,
            why="An input takes the only open end of its type above it.",
            help=help_text,
            fix=fix,
        )

    def _remedy(self, entry: StageEntry, kind: type[Artifact]) -> tuple[str, str]:
        """Help and fix where nothing gives a type: the stage below that does, or one to add."""
        if kind is Idea:
            return "add `idea:` under `items:`", "items:\n  idea: [fire sword]"
        for other in self._below(entry):
            spec = self.registry.find(other.use.value)
            if spec is not None and spec.output is kind:
                return f"move `{other.name}:` above `{entry.name}:`", ""
        registered = givers(self.registry, kind, [end.type for end in self.open])
        if not registered:
            return f"no registered stage gives {kind.__name__}; take it from another recipe, or write one", ""
        lines = [f"{name.replace('-', '_').rpartition('.')[2]}: {{use: {name}}}" for name in registered]
        return f"put a stage that gives {kind.__name__} above it", "\n".join(lines)

    def _below(self, entry: StageEntry) -> tuple[StageEntry, ...]:
        at = [stage.name for stage in self.recipe.stages].index(entry.name)
        return self.recipe.stages[at + 1 :]
