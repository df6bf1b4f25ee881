"""What is drawn: boxes for the stages and the idea, lines for the wires; plain data made from a graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from orchestrator.graph import IDEA_SOURCE, Graph, StageNode
from orchestrator.graph.stage_node import Wire
from orchestrator.stage import Artifact, Idea, Picture, Port


@dataclass(frozen=True, slots=True)
class Box:
    """A stage, or the idea.

    Attributes:
        name: as the recipe calls it.
        use: the registered stage, where the recipe calls it something else; "" otherwise.
        gives: the type of its output.
        over: the dimensions that it runs over; () for once.
        gathers: the dimensions that it takes whole.
        when: the text of its condition.
        end: whether a run writes its output: an open end of a file type.
    """

    name: str
    use: str
    gives: str
    over: tuple[str, ...] = ()
    gathers: tuple[str, ...] = ()
    when: str = ""
    end: bool = False

    @property
    def shown(self) -> str:
        """The name with the registered stage behind it; `idea` for the idea."""
        name = self.name.removeprefix("items.")
        return f"{name} ({self.use})" if self.use else name

    @property
    def is_stage(self) -> bool:
        """False for the idea."""
        return self.name != IDEA_SOURCE

    @property
    def facts(self) -> tuple[str, ...]:
        """Where it runs, what it gathers, its condition, as people say it."""
        if not self.is_stage:
            return ()
        gathers = (f"gathers {' × '.join(self.gathers)}",) if self.gathers else ()
        when = (f"when {self.when}",) if self.when else ()
        return (f"over {' × '.join(self.over)}" if self.over else "once", *gathers, *when)


@dataclass(frozen=True, slots=True)
class Line:
    """A wire: from one box into a port of another.

    Attributes:
        type: what it carries.
        each: the run-time dimension along which the port takes the members one by one; "" otherwise.
        gathered: whether the port takes all members at once.
        alone: whether the port is the only one that is wired, so that its name says nothing.
    """

    source: str
    target: str
    port: str
    type: str
    each: str = ""
    gathered: bool = False
    alone: bool = True

    @property
    def label(self) -> str:
        """The type, with what is done to it on the way in: `Many[Image], each frame`."""
        kind = f"{self.type}, each {self.each}" if self.each else self.type
        kind = f"{kind}, gathered" if self.gathered else kind
        return kind if self.alone else f"{self.port}: {kind}"


@dataclass(frozen=True, slots=True)
class Wiring:
    """Boxes in the order of the recipe, lines, and the length of each dimension (None: known at run time)."""

    name: str
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    dimensions: Mapping[str, int | None]

    @property
    def items(self) -> str:
        """`12 idea × 2 style × ? frame`."""
        counted = (f"{'?' if size is None else size} {name}" for name, size in self.dimensions.items())
        return " × ".join(counted) or "one item"


def wiring_of(graph: Graph) -> Wiring:
    """The wiring that resulted; the idea is a box where some stage takes it."""
    nodes = graph.nodes.values()
    lines = tuple(_line(node, port, wire) for node in nodes for port, wire in node.wires.items())
    taken = any(line.source == IDEA_SOURCE for line in lines)
    idea = (Box(IDEA_SOURCE, "", Idea.__name__, ("idea",)),) if taken else ()
    declared = {dimension.name: len(dimension.records) for dimension in graph.recipe.dimensions}
    return Wiring(
        name=graph.recipe.name,
        boxes=(*idea, *(_box(graph, node) for node in nodes)),
        lines=lines,
        dimensions={**declared, **dict.fromkeys(graph.run_time)},
    )


def _box(graph: Graph, node: StageNode) -> Box:
    return Box(
        name=node.name,
        use=node.spec.name if node.spec.name != node.name.rpartition(".")[2] else "",
        gives=node.spec.output.__name__,
        over=node.dimensions,
        gathers=node.gather,
        when=node.when.text if node.when else "",
        end=node.name in graph.open_ends and _is_file(node.spec.output),
    )


def _is_file(kind: type[Artifact]) -> bool:
    member = getattr(kind, "member_type", None) or kind
    return issubclass(member, Picture)


def _line(node: StageNode, port: str, wire: Wire) -> Line:
    declared: Mapping[str, Port] = {declared.name: declared for declared in node.spec.inputs}
    return Line(
        source=wire.source,
        target=node.name,
        port=port,
        type=wire.type.__name__,
        each=wire.each,
        gathered=declared[port].gathered,
        alone=len(node.wires) == 1,
    )
