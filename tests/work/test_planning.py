"""Points and work items: order, selection, sharing, gathers; and that planning is a stream."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.graph import Graph
from orchestrator.stage import Gathered, Idea, Image, Params, Prompt, Sheet, stage
from orchestrator.work import (
    EVERYTHING,
    InputRef,
    Projection,
    Selection,
    chosen,
    count_of,
    idea_of,
    items_of,
    points,
)
from tests import graphs


class Look(Params):
    style: str = "plain"


@stage("t.words", version=1)
def words(idea: Idea) -> Prompt:
    return Prompt(subject=idea.text)


@stage("t.draw", version=1, seeded=True, variants=True)
def draw(prompt: Prompt, params: Look) -> Image:
    raise NotImplementedError


@stage("t.sheet", version=1)
def sheet(images: Gathered[Image], prompts: Gathered[Prompt]) -> Sheet:
    raise NotImplementedError


IDEAS = ("sword", "potion", "cat")
STYLES = ("flat", "pixel")


def a_graph(ideas: tuple[str, ...] = IDEAS, gather: tuple[str, ...] = ("idea", "variant")) -> Graph:
    over = tuple(name for name in ("style",) if name not in gather)
    return graphs.graph(
        {"idea": ideas, "style": STYLES, "variant": ("1", "2")},
        [
            graphs.node("words", words, {"idea": graphs.IDEA}, ("idea",)),
            graphs.node(
                "draw", draw, {"prompt": "words"}, ("idea", "style", "variant"),
                style=graphs.reference("style"),
            ),
            graphs.node("sheet", sheet, {"images": "draw", "prompts": "words"}, over, gather=gather),
        ],
    )  # fmt: skip


def ids(coordinates: tuple[tuple[str, str], ...]) -> str:
    return " ".join(value for _, value in coordinates)


def test_points_are_the_product_in_declared_order_with_the_variant_last() -> None:
    found = [ids(point) for point in points(a_graph(), EVERYTHING)]
    assert found[:5] == ["sword flat 1", "sword flat 2", "sword pixel 1", "sword pixel 2", "potion flat 1"]
    assert len(found) == 12


def test_points_come_one_at_a_time() -> None:
    huge = graphs.graph({f"d{number}": [str(n) for n in range(1000)] for number in range(6)}, [])
    assert ids(next(points(huge, EVERYTHING))) == "0 0 0 0 0 0"


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(only={"idea": ("cat", "sword")}, limit=1), ["sword flat 1"]),
        (Selection(only={"idea": ("cat",), "style": ("pixel",)}), ["cat pixel 1", "cat pixel 2"]),
        (Selection(only={"idea": ("dog",)}), []),
        (Selection(only={"mood": ("dark",)}), []),
        (Selection(only={}, limit=0), []),
    ],
)
def test_a_selection_narrows_the_points(selection: Selection, expected: list[str]) -> None:
    assert [ids(point) for point in points(a_graph(), selection)] == expected


def test_an_item_with_fewer_dimensions_is_planned_once_and_shared() -> None:
    graph = a_graph()
    items = list(items_of(graph, graph.nodes["words"], points(graph, EVERYTHING)))
    assert [ids(item.coordinates) for item in items] == list(IDEAS)
    drawn = list(items_of(graph, graph.nodes["draw"], points(graph, EVERYTHING)))
    shared = {item.inputs["prompt"] for item in drawn}
    assert shared == {InputRef("words", (("idea", name),)) for name in IDEAS}


def test_params_follow_the_item() -> None:
    graph = a_graph()
    drawn = list(items_of(graph, graph.nodes["draw"], points(graph, EVERYTHING)))
    assert [item.params.style for item in drawn[:3]] == ["flat", "flat", "pixel"]  # type: ignore[attr-defined]


def test_gathered_ports_are_aligned_along_the_gathered_dimensions() -> None:
    graph = a_graph()
    (flat, pixel) = items_of(graph, graph.nodes["sheet"], points(graph, EVERYTHING))
    images, prompts = flat.inputs["images"], flat.inputs["prompts"]
    assert isinstance(images, tuple)
    assert isinstance(prompts, tuple)
    expected = ["sword flat 1", "sword flat 2", "potion flat 1"]
    assert [ids(member.coordinates) for member in images[:3]] == expected
    assert [ids(member.coordinates) for member in prompts[:3]] == ["sword", "sword", "potion"]
    assert ids(pixel.coordinates) == "pixel"


def test_a_selection_does_not_narrow_what_is_gathered() -> None:
    graph = a_graph(gather=("idea", "style", "variant"))
    (whole,) = items_of(graph, graph.nodes["sheet"], points(graph, Selection(only={"idea": ("cat",)})))
    images = whole.inputs["images"]
    assert isinstance(images, tuple)
    assert len(images) == 12


def test_to_takes_a_stage_and_what_it_needs() -> None:
    graph = a_graph()
    assert [node.name for node in chosen(graph, Selection(only={}, to="draw"))] == ["words", "draw"]
    assert [node.name for node in chosen(graph, EVERYTHING)] == ["words", "draw", "sheet"]


@given(
    limit=st.none() | st.integers(0, 15),
    only=st.none() | st.sets(st.sampled_from(IDEAS)),
    name=st.sampled_from(["words", "draw", "sheet"]),
)
def test_items_are_the_distinct_projections_in_order_and_are_counted(
    limit: int | None, only: set[str] | None, name: str
) -> None:
    graph = a_graph()
    selection = Selection(only={} if only is None else {"idea": tuple(only)}, limit=limit)
    node = graph.nodes[name]
    expected = dict.fromkeys(
        tuple(pair for pair in point if pair[0] in node.dimensions) for point in points(graph, selection)
    )
    items = [item.coordinates for item in items_of(graph, node, points(graph, selection))]
    assert items == list(expected)
    assert count_of(graph, node, selection) == len(items)


@given(size=st.integers(1, 13), name=st.sampled_from(["words", "draw", "sheet"]))
def test_windows_give_the_same_items_as_the_whole_stream(size: int, name: str) -> None:
    graph = a_graph()
    projection, stream = Projection(graph, graph.nodes[name]), points(graph, EVERYTHING)
    found = []
    while window := list(itertools.islice(stream, size)):
        found += [item.coordinates for item in projection.items(window)]
    whole = items_of(graph, graph.nodes[name], points(graph, EVERYTHING))
    assert found == [item.coordinates for item in whole]


def test_an_idea_is_normalised() -> None:
    graph = graphs.graph({"idea": {"cafe": {"value": "  cafe\u0301 "}, "n": {"value": 7}}}, [])
    idea = idea_of(graph)
    assert idea(InputRef(graphs.IDEA, (("idea", "cafe"),))) == Idea(text="café")
    assert idea(InputRef(graphs.IDEA, (("idea", "n"),))) == Idea(text="7")


def test_a_recipe_without_dimensions_has_one_point() -> None:
    assert list(points(graphs.graph({}, []), EVERYTHING)) == [()]
