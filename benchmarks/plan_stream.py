"""Planning is a stream: 100,000 items through 5 stages, and how much memory that takes.

The product as it is, then with a reference zipped to each idea and every third idea excluded in one style.

Run it with `python -m benchmarks.plan_stream`.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace

import psutil

from orchestrator.errors import Span
from orchestrator.graph import IDEA_SOURCE, Graph, ItemReference, StageNode, Wire
from orchestrator.recipe.model import Dimension, Exclusion, Recipe, Record
from orchestrator.stage import Idea, Image, Params, Prompt, stage
from orchestrator.stage.declaration import spec_of
from orchestrator.text import Text
from orchestrator.work import EVERYTHING, Projection, identity_of, key_of, points

IDEAS, STYLES, VARIANTS = 25_000, 2, 2
MOST_MIB = 50
HERE = Span.point("<benchmark>")


class Look(Params):
    """The style of an item."""

    style: str = ""


@stage("bench.words", version=1)
def words(idea: Idea) -> Prompt:
    """Never called."""
    raise NotImplementedError(idea)


@stage("bench.again", version=1)
def again(prompt: Prompt, params: Look) -> Prompt:
    """Never called."""
    raise NotImplementedError(prompt, params)


@stage("bench.draw", version=1, seeded=True, variants=True)
def draw(prompt: Prompt) -> Image:
    """Never called."""
    raise NotImplementedError(prompt)


@stage("bench.polish", version=1)
def polish(image: Image) -> Image:
    """Never called."""
    raise NotImplementedError(image)


def the_graph() -> Graph:
    """Words → look → draw → polish → finish over ideas, styles and variants."""
    nodes = (
        _node("words", words, "idea", IDEA_SOURCE, ("idea",)),
        _node("look", again, "prompt", "words", ("idea", "style")),
        _node("draw", draw, "prompt", "look", ("idea", "style", "variant")),
        _node("polish", polish, "image", "draw", ("idea", "style", "variant")),
        _node("finish", polish, "image", "polish", ("idea", "style", "variant")),
    )
    dimensions = tuple(
        Dimension(
            name, tuple(Record(f"{name}-{n}", {"value": f"{name} {n}"}, HERE) for n in range(size)), HERE
        )
        for name, size in (("idea", IDEAS), ("style", STYLES), ("variant", VARIANTS))
    )
    recipe = Recipe("<benchmark>", "bench", 1, (), dimensions, ())
    return Graph(recipe, {node.name: node for node in nodes}, {}, {}, ("finish",))


def zipped(graph: Graph) -> Graph:
    """The same with a reference for each idea, and without every third idea in the second style."""
    idea, *others = graph.recipe.dimensions
    records = tuple(Record(f"ref-{n}", {"value": f"refs/{n}.png"}, HERE) for n in range(IDEAS))
    exclusions = (
        {"idea": (Text(f"idea-{n}", HERE),), "style": (Text("style-1", HERE),)} for n in range(0, IDEAS, 3)
    )
    recipe = replace(
        graph.recipe,
        dimensions=(idea, Dimension("ref", records, HERE), *others),
        zip=((Text("idea", HERE), Text("ref", HERE)),),
        exclude=tuple(Exclusion(ids, HERE) for ids in exclusions),
    )
    return replace(graph, recipe=recipe)


def _node(name: str, function: object, port: str, source: str, over: tuple[str, ...]) -> StageNode:
    spec = spec_of(function)
    if spec is None:
        raise TypeError(f"{name} is no stage")
    values: dict[str, object] = {"style": ItemReference("style", "value", HERE)} if "look" in name else {}
    return StageNode(
        name=name, spec=spec, values=values, wires={port: Wire(source, spec.inputs[0].type)}, dimensions=over,
        gather=(), roles={}, rank=0, seed_dimensions=("idea",), span=HERE,
    )  # fmt: skip


def main() -> int:
    """Plans everything, keys included, and prints items, time and growth of memory."""
    plain = the_graph()
    grown = [planned(plain), planned(zipped(plain))]
    return 0 if max(grown) < MOST_MIB else 1


def planned(graph: Graph) -> float:
    """Plans a graph; the growth of memory in MiB."""
    process = psutil.Process()
    before = most = process.memory_info().rss
    started, count = time.perf_counter(), 0
    projections = [Projection(graph, node) for node in graph.nodes.values()]
    for point in points(graph, EVERYTHING):
        for projection in projections:
            for item in projection.items((point,)):
                key_of(identity_of(graph, item, lambda _: "sha256:"))
                count += 1
                if count % 1000 == 0:
                    most = max(most, process.memory_info().rss)
    growth = (most - before) / 2**20
    seconds = time.perf_counter() - started
    print(f"{count:,} work items planned with keys in {seconds:.0f} s")
    print(f"memory grew by {growth:.1f} MiB at most")
    return growth


if __name__ == "__main__":
    sys.exit(main())
