"""What is wrong with the inputs of a stage, and the lines that would mend it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from orchestrator.errors import Diagnostic, Findings, Label, Topic, did_you_mean, unknown
from orchestrator.errors.unknown import NAME
from orchestrator.frozen import Slotted
from orchestrator.graph.proposals import givers
from orchestrator.graph.stage_node import IDEA_SOURCE
from orchestrator.graph.wires.open_ends import OpenEnd, OpenEnds, fits
from orchestrator.recipe.model import Dimension, StageEntry
from orchestrator.stage import Artifact, Idea, Port, StageSpec
from orchestrator.stage.many import is_many, member_type
from orchestrator.text import Text


class WiringFindings(Slotted):
    """Findings about one stage; `ports_unknown` is set once what some port takes cannot be known."""

    ends: OpenEnds
    entry: StageEntry
    spec: StageSpec
    findings: Findings
    ports_unknown: bool = False

    def port_meant(self, name: str, source: Text) -> str | None:
        """The input of this name; E205 where there is none, and the one that was meant, if it is clear."""
        ports = [port.name for port in self.spec.inputs]
        if name in ports:
            return name
        self.findings.add(
            unknown(
                "E205",
                f"the stage {self.entry.use.value!r} has no input {name!r}",
                name,
                self._word("inputs", name, source).span,
                ports,
                why=f"Its inputs are: {_listed(self.spec.inputs)}." if ports else "It takes no input.",
                pasted=f"{NAME}: {source.value}",
                otherwise="take the line out",
            )
        )
        return did_you_mean(name, ports)

    def not_above(self, source: Text, fitting: Callable[[type[Artifact]], bool]) -> None:
        """E206 for a stage that stands below, E207 for one that is nowhere."""
        shown = [end.shown for end in self.ends.outputs.values() if fitting(end.type)]
        only = shown[0] if len(shown) == 1 else ""
        otherwise = f"did you mean `{only}`?" if only else "name a stage of this recipe that stands above"
        listed = f"Above it, these fit: {', '.join(shown)}." if shown else "No stage above it fits."
        if self.ends.stands_below(self.entry, source.value):
            self._below(source, shown, listed)
            return
        self.findings.add(
            unknown(
                "E207",
                f"no stage is called {source.value!r}",
                source.value,
                source.span,
                shown,
                why=listed,
                otherwise=otherwise,
                otherwise_fix=only,
            )
        )

    def wrong_type(self, port: Port, source: Text, end: OpenEnd) -> None:
        """E208: the stage that is named gives another type."""
        fitting = [each.shown for each in self.ends.outputs.values() if fits(port, each.type)]
        why = "Types are matched exactly; there is no subtyping."
        help_text, fix = f"no stage above gives {port.type.__name__}", ""
        if fitting:
            help_text = f"these give {port.type.__name__}: {', '.join(fitting)}"
            fix = fitting[-1]
        if is_many(end.type) and member_type(end.type) is port.type:
            why = f"It gives several at once; {port.name!r} takes one."
            help_text, fix = "take them one by one", f"each: {{{self._free_name()}: {source.value}}}"
        self._tell(
            "E208",
            f"{source.value!r} gives {end.type.__name__}; the input {port.name!r} takes {port.type_name}",
            source,
            why=why,
            help=help_text,
            fix=fix,
            labels=(Label(end.span, f"gives {end.type.__name__}"),),
        )

    def several(self, port: Port, ends: Sequence[OpenEnd]) -> None:
        """E209: two open ends fit."""
        choices = [end.shown for end in ends]
        both = "Both" if len(choices) == 2 else "All"  # noqa: PLR2004 - "both" is said of two
        self._tell(
            "E209",
            f"the input {port.name!r} of {self.entry.name!r} could take {' or '.join(choices)}",
            Text(self.entry.name, self.entry.name_span),
            why=f"{both} are open ends of type {port.type.__name__}, and a wire is never guessed.",
            help=f"add one of these lines to `{self.entry.name}:`",
            fix="\n".join(f"inputs: {{{port.name}: {choice}}}" for choice in choices),
            labels=tuple(Label(end.span, f"an open {end.type.__name__}") for end in ends),
        )

    def none(self, port: Port) -> None:
        """E213: nothing open fits."""
        help_text, fix = self._remedy(port)
        self._tell(
            "E213",
            f"nothing above {self.entry.name!r} gives {port.type.__name__}, "
            f"which its input {port.name!r} takes",
            self.entry.use,
            why="An input takes the only open end of its type above it.",
            help=help_text,
            fix=fix,
            topic=Topic.OPEN_PORT,
        )

    def not_many(self, dimension: str, source: Text, end: OpenEnd) -> None:
        """E221: `each:` over what is one."""
        self.ports_unknown = True
        ports = [port.name for port in self.spec.inputs if fits(port, end.type)]
        self._tell(
            "E221",
            f"{source.value!r} gives one {end.type.__name__}, so `each:` has nothing to part",
            source,
            why=f"`each: {{{dimension}: STAGE}}` takes the members of a `Many[T]` one by one.",
            help="take it as it is" if ports else "take `each:` out",
            fix=f"inputs: {{{ports[0]}: {source.value}}}" if ports else "",
            labels=(Label(end.span, f"gives {end.type.__name__}"),),
        )

    def dimension_taken(self, dimension: str, source: Text, declared: Dimension | None, other: str) -> None:
        """E222: the name of a run-time dimension means something else already."""
        self.ports_unknown = True
        labels = (Label(declared.span, "declared here"),) if declared else ()
        free = self._free_name(dimension)
        self._tell(
            "E222",
            f"the dimension {dimension!r} is one of `items:`"
            if declared
            else f"the dimension {dimension!r} numbers what {other!r} gives",
            self._word("each", dimension, source),
            why="`each:` makes a dimension of its own, which numbers the members of one stage.",
            help="give it another name",
            fix=f"each: {{{free}: {source.value}}}",
            labels=labels,
        )

    def no_port_for_members(
        self, source: Text, end: OpenEnd, fitting: Sequence[Port], ports: Sequence[Port]
    ) -> None:
        """E223: no input takes the members, or several could."""
        self.ports_unknown = True
        kind = member_type(end.type).__name__
        names = [port.name for port in (ports or fitting)]
        whole = [port.name for port in self.spec.inputs if port.gathered]
        if names:
            message = f"{' and '.join(map(repr, names))} of {self.entry.name!r} could take what `each:` gives"
            help_text = f"say which, with one of these lines in `{self.entry.name}:`"
            fix = "\n".join(f"inputs: {{{name}: {source.value}}}" for name in names)
        else:
            message = f"no input of {self.entry.name!r} takes one {kind}"
            help_text = f"{whole[0]!r} takes them all: leave `each:` out" if whole else "take `each:` out"
            fix = f"inputs: {{{whole[0]}: {source.value}}}" if whole else ""
        self._tell(
            "E223",
            message,
            source,
            why=f"Its inputs are: {_listed(self.spec.inputs)}." if self.spec.inputs else "It takes no input.",
            help=help_text,
            fix=fix,
        )

    def _below(self, source: Text, shown: list[str], listed: str) -> None:
        itself = source.value == self.entry.name
        self.ends.misplaced |= not itself
        move = f"move `{source.value}:` above `{self.entry.name}:`"
        self._tell(
            "E206",
            f"{self.entry.name!r} cannot take its own output"
            if itself
            else f"{source.value!r} stands below {self.entry.name!r}",
            source,
            why=f"A stage sees only the stages above it. {listed}",
            help=f"name a stage above it{': ' + ', '.join(shown) if shown else ''}"
            if itself
            else move + (", or take what stands above" if shown else ""),
            fix=shown[-1] if shown else "",
            labels=tuple(
                Label(stage.name_span, "it stands here")
                for stage in self.ends.recipe.stages
                if stage.name == source.value
            ),
        )

    def _remedy(self, port: Port) -> tuple[str, str]:
        """Help and fix where nothing gives a type: an end to name, a stage to move, or one to add."""
        kind = port.type
        if kind is Idea:
            return "add `idea:` under `items:`", "items:\n  idea: [fire sword]"
        parts = [
            end.shown
            for end in self.ends.open
            if is_many(end.type) and member_type(end.type) is kind and not port.gathered
        ]
        if parts:
            lines = [f"each: {{{self._free_name()}: {name}}}" for name in parts]
            return f"take the members of {' or '.join(parts)} one by one", "\n".join(lines)
        closed = [
            end.shown
            for end in self.ends.outputs.values()
            if fits(port, end.type) and end.source != IDEA_SOURCE
        ]
        if closed:
            lines = [f"inputs: {{{port.name}: {name}}}" for name in closed]
            return f"{' and '.join(closed)} went into another stage; name it to take it too", "\n".join(lines)
        return self._stage_to_have(kind)

    def _stage_to_have(self, kind: type[Artifact]) -> tuple[str, str]:
        for other in self._stages_below():
            spec = self.ends.registry.usable(other.use.value)
            if spec is not None and spec.output is kind:
                self.ends.misplaced = True
                return f"move `{other.name}:` above `{self.entry.name}:`", ""
        registered = givers(self.ends.registry, kind, [end.type for end in self.ends.open])
        if not registered:
            return f"no registered stage gives {kind.__name__}; take it from another recipe, or write one", ""
        lines = [f"{name.replace('-', '_').rpartition('.')[2]}: {{use: {name}}}" for name in registered]
        return f"put a stage that gives {kind.__name__} above it", "\n".join(lines)

    def _word(self, key: str, word: str, source: Text) -> Text:
        """The word before a stage in `inputs:` or `each:`, with its place."""
        return Text(word, self.entry.places.get(f"{key}.{word}", source.span))

    def _stages_below(self) -> tuple[StageEntry, ...]:
        stages = self.ends.recipe.stages
        return stages[[stage.name for stage in stages].index(self.entry.name) + 1 :]

    def _free_name(self, wanted: str = "frame") -> str:
        """A name for a run-time dimension that means nothing yet."""
        taken = {dimension.name for dimension in self.ends.recipe.dimensions} | set(self.ends.run_time)
        names = (wanted, *(f"{wanted}_{number}" for number in range(2, len(taken) + 3)))
        return next(name for name in names if name not in taken)

    def _tell(
        self,
        code: str,
        message: str,
        at: Text,
        *,
        why: str,
        help: str,  # noqa: A002 - the field's word
        fix: str = "",
        labels: tuple[Label, ...] = (),
        topic: Topic | None = None,
    ) -> None:
        self.findings.add(
            Diagnostic(code, message, at.span, why=why, help=help, fix=fix, labels=labels, topic=topic)
        )


def _listed(ports: Sequence[Port]) -> str:
    return ", ".join(f"{port.name} ({port.type_name})" for port in ports)
