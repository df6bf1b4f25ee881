"""The outputs above a stage: which are still open, which types fit a port, and what a name means there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import field

from orchestrator.errors import Span
from orchestrator.frozen import Slotted
from orchestrator.graph.stage_node import IDEA_SOURCE
from orchestrator.recipe.model import Recipe, StageEntry
from orchestrator.stage import Artifact, Idea, Port
from orchestrator.stage.many import is_many, member_type
from orchestrator.stage.registry import Registry


class OpenEnd(Slotted):
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


def scopes(entry: StageEntry) -> Iterator[str]:
    """The namespace of a stage and those around it; "" is the recipe's own."""
    scope = entry.scope
    while scope:
        yield scope
        scope = scope.rpartition(".")[0]
    yield ""


class OpenEnds(Slotted):
    """The ends above the stage at hand.

    `unknown` names the stages that could not be read: what one would have given and closed is not known, so
    that a missing type below it is no finding of its own. `doubtful` are the open ends that may be closed in
    truth. `run_time` has the dimensions that `each:` made so far; `misplaced` is set once a stage stands
    above one that it needs.
    """

    recipe: Recipe
    registry: Registry
    outputs: dict[str, OpenEnd] = field(default_factory=dict[str, OpenEnd])
    open: list[OpenEnd] = field(default_factory=list[OpenEnd])
    run_time: dict[str, str] = field(default_factory=dict[str, str])
    unknown: set[str] = field(default_factory=set[str])
    doubtful: set[str] = field(default_factory=set[str])
    misplaced: bool = False

    @classmethod
    def above(cls, recipe: Recipe, registry: Registry) -> OpenEnds:
        """The ends above the first stage: the idea, if the items have one."""
        ends = cls(recipe, registry)
        idea = recipe.dimension("idea")
        if idea is not None:
            ends.add(OpenEnd(IDEA_SOURCE, Idea, idea.span))
        elif recipe.is_unknown("items", "idea"):
            ends.add(OpenEnd(IDEA_SOURCE, Idea, Span.point(recipe.file)))
        return ends

    def add(self, end: OpenEnd) -> None:
        """An output that nothing has taken."""
        self.outputs[end.source] = end
        self.open.append(end)

    def close(self, sources: Collection[str]) -> None:
        """What these gave has been taken."""
        self.open = [end for end in self.open if end.source not in sources]

    def give_up(self, name: str) -> None:
        """A stage that could not be read stands here; it may have taken whatever is open."""
        self.unknown.add(name)
        self.doubt(self.open)

    def doubt(self, ends: Iterable[OpenEnd]) -> None:
        """These may have been taken by a stage whose inputs are not known."""
        self.doubtful |= {end.source for end in ends}

    def is_unknown(self, entry: StageEntry, name: str) -> bool:
        """Whether a stage above of this name, or the include that it comes out of, could not be read."""
        meant = [f"{scope}.{name}" if scope else name for scope in scopes(entry)]
        return any(each == stage or each.startswith(f"{stage}.") for each in meant for stage in self.unknown)

    def ring(self, scope: str) -> list[OpenEnd]:
        """The open ends of a namespace; those of all for the recipe's own."""
        return [end for end in self.open if not scope or end.source.startswith(f"{scope}.")]

    def named(self, entry: StageEntry, name: str) -> OpenEnd | None:
        """What a name means to a stage: in its own namespace first, then in those around it.

        The recipe's reader has made the names that it found within a namespace whole; those are as they say.
        """
        if name in self.outputs and "." in name:
            return self.outputs[name]
        for scope in scopes(entry):
            found = self.outputs.get(f"{scope}.{name}" if scope else name)
            if found is not None:
                return found
        return self.outputs.get(IDEA_SOURCE) if name == "idea" else None

    def stands_below(self, entry: StageEntry, name: str) -> bool:
        """Whether a stage of this name is the stage at hand or one below it."""
        names = [stage.name for stage in self.recipe.stages]
        meant = [f"{scope}.{name}" if scope else name for scope in scopes(entry)]
        here = names.index(entry.name)
        return any(each in names and names.index(each) >= here for each in meant)
