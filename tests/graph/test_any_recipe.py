"""Recipes out of hypothesis, near to what an artist writes: a graph, or findings, and nothing else."""

from __future__ import annotations

import json
import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestrator.errors import has_errors
from orchestrator.errors.render import full
from orchestrator.graph import build
from orchestrator.recipe import Given, examine
from tests.graph.stages import surroundings
from tests.recipe.memory_files import MemoryFiles

PART = """\
recipe: 1
vars: {width: 2, words: [a, $$b]}
stages:
  line: {use: outline, with: {width: $vars.width}}
  again: {include: other.yaml}
"""
FILES = MemoryFiles(
    {
        "part.yaml": PART,
        "other.yaml": "recipe: 1\nstages: {sheet: {use: sheet, gather: [idea]}}\n",
        "loop.yaml": "recipe: 1\nstages: {l: {include: loop.yaml}}\n",
        "ideas.csv": "id,value,width\na,sword,2\nb,axe,many\n",
        "states.jsonl": '{"id": "idle", "width": 3}\n"run"\n',
        "refs/a.png": b"a",
        "refs/b.png": b"b",
        "wildcards/colour.txt": "red\nblue\n",
    }
)

NAMES = st.sampled_from(["a", "b", "render", "expand", "look", "look.line", "idea", "frame", "X", ""])
DIMENSIONS = st.sampled_from(["idea", "style", "state", "variant", "frame", "nosuch"])
LEAVES = st.sampled_from(
    [
        *(None, True, 0, 1, 2, -1, 1.5, 10**30, "", "flat", "sword", "猫", "con", "x" * 200),
        *("$item.style", "$item.idea.width", "$vars.x", "$vars.width", "$vars.", "$item.", "$", "$$"),
        *("{a|b}", "{2$$a|b|c}", "a {b", "__colour__", "__nosuch__", "part.yaml", "../x"),
    ]
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(NAMES | st.sampled_from(["id", "value"]), inner, max_size=3)
    ),
    max_leaves=5,
)
RARELY = st.integers(0, 24).map(lambda number: number == 7)
"""Not 0, at which hypothesis likes to begin."""


def mostly(
    good: st.SearchStrategy[object], other: st.SearchStrategy[object] = VALUES
) -> st.SearchStrategy[object]:
    """What belongs there; now and then something else."""
    return RARELY.flatmap(lambda rare: other if rare else good)


def some(values: list[object]) -> st.SearchStrategy[object]:
    return st.sampled_from(values)


SOURCES = some(
    [
        {"csv": "ideas.csv"},
        {"jsonl": "states.jsonl"},
        {"glob": "refs/*.png"},
        {"csv": "ideas.csv", "id": "value"},
    ]
)
BROKEN = some(
    [
        {"csv": "nosuch"},
        {"glob": "../*"},
        {"csv": 1},
        {"jsonl": "ideas.csv"},
        {"csv": "ideas.csv", "value": "x"},
    ]
)
RECORDS = some(
    ["flat", "pixel", 3, 2.5, {"id": "q", "value": 4}, {"id": "w", "width": 2}, "{a|b} cat", "$$x"]
)
MEMBERS = st.lists(mostly(RECORDS, LEAVES), min_size=1, max_size=3, unique_by=str)
WIDTH = some([1, 2, 3, "$vars.x", "$item.state.width", "$item.style", "$item.idea.width", "flat"])
OUTER = mostly(st.sampled_from(["render", "plan", "expand", "a", "look.line"]), NAMES)
DIMENSION = mostly(st.sampled_from(["idea", "style", "state"]), DIMENSIONS)
LISTED = mostly(st.lists(DIMENSION, max_size=2, unique=True))
WHEN = some(
    [
        "$item.style == 'flat'",
        "params.width > 2",
        "image.width in [1, 2]",
        "(",
        "1 < 'a'",
        "$vars.x",
        "a.b.c and",
    ]
)
OUTLINE = st.fixed_dictionaries(
    {"use": st.just("outline"), "with": mostly(st.fixed_dictionaries({"width": mostly(WIDTH, LEAVES)}))},
    optional={
        "inputs": mostly(st.fixed_dictionaries({"image": OUTER})),
        "per": LISTED,
        "when": mostly(WHEN),
        "seed_by": LISTED,
        "each": mostly(st.dictionaries(st.sampled_from(["frame", "idea", "X"]), OUTER, max_size=1)),
    },
)
SHEET = st.fixed_dictionaries({"use": st.just("sheet")}, optional={"gather": LISTED})
PART_NAME = mostly(st.just("part.yaml"), some(["other.yaml", "loop.yaml", "icons", "../part.yaml"]))
INCLUDE = st.fixed_dictionaries(
    {"include": PART_NAME},
    optional={
        "with": mostly(st.fixed_dictionaries({}, optional={"width": WIDTH, "words": VALUES})),
        "inputs": mostly(st.fixed_dictionaries({"image": OUTER})),
    },
)
ANY_STAGE = st.fixed_dictionaries(
    {"use": NAMES}, optional={"with": VALUES, "inputs": VALUES, "gather": VALUES}
)
PLAIN = {"expand": {"use": "expand"}, "plan": {"use": "plan"}, "render": {"use": "render"}}
STAGES = st.fixed_dictionaries(
    {}, optional={"a": OUTLINE, "look": INCLUDE, "b": SHEET, "c": mostly(OUTLINE, ANY_STAGE | VALUES)}
).map(lambda more: PLAIN | more)
ITEMS = st.fixed_dictionaries(
    {
        "idea": mostly(
            st.one_of(
                MEMBERS.map(lambda members: ["sword", "axe", *map(str, members)]),
                st.just({"csv": "ideas.csv"}),
            )
        )
    },
    optional={
        "style": mostly(MEMBERS, BROKEN),
        "state": mostly(st.one_of(MEMBERS, SOURCES), VALUES),
        "variant": mostly(st.integers(1, 3)),
    },
)
EXPORT = st.fixed_dictionaries(
    {"from": OUTER, "to": st.just("out"), "format": st.just("files")}, optional={"name": LEAVES}
)
RECIPES = st.fixed_dictionaries(
    {"recipe": st.just(1), "stages": mostly(STAGES), "items": mostly(ITEMS)},
    optional={
        "vars": mostly(
            st.fixed_dictionaries({"x": some([1, 2, 0.5, "flat", [1]])}, optional={"width": VALUES})
        ),
        "zip": mostly(st.just(["idea", "style"]), st.lists(DIMENSIONS, max_size=3)),
        "exclude": mostly(st.lists(st.dictionaries(DIMENSION, LEAVES, min_size=1, max_size=2), max_size=1)),
        "export": mostly(st.lists(EXPORT, max_size=2)),
    },
)
SETTINGS = st.lists(
    st.sampled_from(
        ["vars.x=3", "vars.x=[1]", "outline.width=$vars.x", "look.line.width=9", "look.x=1", "seed=-1"]
    ),
    max_size=2,
)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RECIPES, SETTINGS, st.booleans())
def test_any_recipe_is_a_graph_or_findings(
    recipe: dict[str, object], assignments: list[str], given_ideas: bool
) -> None:
    start = time.process_time()
    given = Given({"idea": ["{a|b} hat", "c"]} if given_ideas else {}, assignments=assignments)
    text = json.dumps(recipe, ensure_ascii=False)
    reading = examine(text, "recipe.yaml", files=FILES, given=given)
    findings, sources = reading.findings, dict(reading.sources)
    if reading.recipe is not None:
        graph, findings = build(reading.recipe, surroundings(), reading.findings)
        assert set(reading.findings) <= set(findings)
        assert (graph is None) == has_errors(findings)
    else:
        assert has_errors(findings)
    assert time.process_time() - start < 1
    for finding in findings:
        assert finding.message
        assert finding.span is not None
        assert "\n" not in finding.message
    full(findings, sources)
