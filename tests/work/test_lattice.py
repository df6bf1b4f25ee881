"""Zipped and excluded points: the streamed plan against a naive enumeration of all of them."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.graph import Graph
from orchestrator.recipe.model import Exclusion
from orchestrator.stage import Gathered, Idea, Image, Prompt, Sheet, stage
from orchestrator.text import Text
from orchestrator.work import EVERYTHING, InputRef, Projection, Selection, count_of, items_of, points
from tests import graphs

NAMES = ("idea", "ref", "style", "variant")
Point = dict[str, str]


@stage("t.words", version=1)
def words(idea: Idea) -> Prompt:
    raise NotImplementedError


@stage("t.draw", version=1, seeded=True)
def draw(prompt: Prompt) -> Image:
    raise NotImplementedError


@stage("t.sheet", version=1)
def sheet(images: Gathered[Image], prompts: Gathered[Prompt]) -> Sheet:
    raise NotImplementedError


def text(value: str) -> Text:
    return Text(value, graphs.HERE)


def a_graph(
    sizes: dict[str, int],
    zipped: tuple[str, ...],
    excluded: list[dict[str, list[int]]],
    over: tuple[str, ...],
    gather: tuple[str, ...],
) -> Graph:
    """words over the idea, draw over `over`, a sheet that gathers `gather`."""
    rest = tuple(name for name in over if name not in gather)
    made = graphs.graph(
        {name: [f"{name}{number}" for number in range(size)] for name, size in sizes.items()},
        [
            graphs.node("words", words, {"idea": graphs.IDEA}, ("idea",)),
            graphs.node("draw", draw, {"prompt": "words"}, over),
            graphs.node("sheet", sheet, {"images": "draw", "prompts": "words"}, rest, gather=gather),
        ],
    )
    exclusions = tuple(
        Exclusion({name: tuple(text(f"{name}{n}") for n in ids) for name, ids in each.items()}, graphs.HERE)
        for each in excluded
    )
    groups = (tuple(text(name) for name in zipped),) if zipped else ()
    return replace(made, recipe=replace(made.recipe, zip=groups, exclude=exclusions))


def naive_points(graph: Graph) -> list[Point]:
    """All of the product, less what is out of step or excluded, in the order in which zipped axes vary."""
    recipe = graph.recipe
    places = {
        each.name: {record.id: n for n, record in enumerate(each.records)} for each in recipe.dimensions
    }
    found: list[Point] = []
    for ids in itertools.product(*(places[dimension.name] for dimension in recipe.dimensions)):
        point = dict(zip(places, ids, strict=True))
        in_step = all(
            len({places[name.value][point[name.value]] for name in group}) == 1 for group in recipe.zip
        )
        if in_step and not any(
            all(point[name] in {each.value for each in ids} for name, ids in exclusion.ids.items())
            for exclusion in recipe.exclude
        ):
            found.append(point)
    return found


def on(point: Point, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, point[name]) for name in NAMES if name in names)


@st.composite
def cases(draw_from: st.DrawFn) -> Graph:
    zipped = draw_from(st.sampled_from([(), ("idea", "ref"), ("idea", "style"), ("idea", "ref", "style")]))
    sizes = {name: draw_from(st.integers(1, 3)) for name in NAMES}
    sizes |= dict.fromkeys(zipped, sizes["idea"])
    ids = {name: st.lists(st.integers(0, sizes[name] - 1), min_size=1, max_size=2) for name in NAMES}
    exclusion = st.sets(st.sampled_from(NAMES), min_size=1).flatmap(
        lambda names: st.fixed_dictionaries({name: ids[name] for name in sorted(names)})
    )
    over = ("idea", *sorted(draw_from(st.sets(st.sampled_from(NAMES[1:])))))
    gather = tuple(sorted(draw_from(st.sets(st.sampled_from(over)))))
    rest = {name for name in over if name not in gather}
    if "idea" not in gather and "idea" not in rest:
        gather = ("idea", *gather)
    return a_graph(sizes, zipped, draw_from(st.lists(exclusion, max_size=3)), over, gather)


@given(cases())
@settings(max_examples=150, deadline=None)
def test_the_stream_is_the_naive_enumeration(graph: Graph) -> None:
    naive = naive_points(graph)
    streamed = list(points(graph, EVERYTHING))
    assert sorted(streamed) == sorted(on(point, NAMES) for point in naive)
    for node in graph.nodes.values():
        expected = list(dict.fromkeys(on(dict(point), node.dimensions) for point in streamed))
        items = list(items_of(graph, node, points(graph, EVERYTHING)))
        assert [item.coordinates for item in items] == expected
        assert count_of(graph, node, EVERYTHING) == len(items)
        for item in items:
            for given_input in item.inputs.values():
                for reference in given_input if isinstance(given_input, tuple) else (given_input,):
                    assert _is_item(naive, graph, reference)


@given(cases())
@settings(max_examples=150, deadline=None)
def test_a_gather_takes_what_goes_with_its_item_and_is_aligned(graph: Graph) -> None:
    naive = naive_points(graph)
    node = graph.nodes["sheet"]
    for item in items_of(graph, node, points(graph, EVERYTHING)):
        expected = {
            on(point, node.gather) for point in naive if on(point, node.dimensions) == item.coordinates
        }
        assert set(item.gathered) == expected
        assert len(item.gathered) == len(expected)
        assert list(item.gathered) == sorted(item.gathered)
        for at, image, prompt in zip(
            item.gathered, item.inputs["images"], item.inputs["prompts"], strict=True  # type: ignore[arg-type]
        ):
            whole = dict(item.coordinates) | dict(at)
            assert image.coordinates == on(whole, graph.nodes["draw"].dimensions)
            assert prompt.coordinates == on(whole, ("idea",))


@given(cases(), st.integers(0, 9), st.integers(1, 7))
@settings(max_examples=80, deadline=None)
def test_windows_limits_and_selections_see_the_same_items(graph: Graph, limit: int, size: int) -> None:
    for selection in (Selection(only={}, limit=limit), Selection(only={"style": ("style0",)})):
        whole = list(points(graph, selection))
        assert whole == [
            point for point in points(graph, EVERYTHING) if not selection.only or ("style", "style0") in point
        ][: selection.limit]
        for node in graph.nodes.values():
            stream, projection = points(graph, selection), Projection(graph, node)
            found = []
            while window := list(itertools.islice(stream, size)):
                found += [item.coordinates for item in projection.items(window)]
            assert found == list(dict.fromkeys(on(dict(point), node.dimensions) for point in whole))
            assert count_of(graph, node, selection) == len(found)


def _is_item(naive: list[Point], graph: Graph, reference: InputRef) -> bool:
    names = ("idea",) if reference.stage == graphs.IDEA else graph.nodes[reference.stage].dimensions
    return any(on(point, names) == reference.coordinates for point in naive)


@pytest.mark.parametrize("wide", [1, 3000])
def test_large_exclusions_are_not_spelled_out(wide: int) -> None:
    """A line may name thousands of ids in two dimensions."""
    ids = [f"a{number}" for number in range(wide)]
    made = graphs.graph({"a": ids, "b": [f"b{number}" for number in range(wide)]}, [])
    exclusion = Exclusion(
        {"a": tuple(map(text, ids)), "b": tuple(text(f"b{number}") for number in range(1, wide))}, graphs.HERE
    )
    if wide == 1:
        exclusion = Exclusion({"a": (text("a0"),)}, graphs.HERE)
    graph = replace(made, recipe=replace(made.recipe, exclude=(exclusion,)))
    assert len(list(itertools.islice(points(graph, Selection(only={"a": ("a0",)})), 5))) == (wide > 1)


@given(cases(), st.dictionaries(st.sampled_from(["idea0", "idea1", "idea2"]), st.integers(1, 3)))
@settings(max_examples=80, deadline=None)
def test_run_time_dimensions_follow_their_lengths(graph: Graph, lengths: dict[str, int]) -> None:
    """Frames of `draw`, counted by the idea; an idea without a number has one placeholder."""
    draw_node, sheet_node = graph.nodes["draw"], graph.nodes["sheet"]
    cut = replace(
        draw_node, name="cut", spec=sheet_node.spec, dimensions=(*draw_node.dimensions, "frame"),
        wires={}, gather=(),
    )  # fmt: skip
    counted = replace(graph, nodes={**graph.nodes, "cut": cut}, run_time={"frame": "draw"})

    def length(_stage: str, at: tuple[tuple[str, str], ...]) -> int | None:
        return lengths.get(dict(at)["idea"])

    numbers = {idea: [str(number) for number in range(length)] for idea, length in lengths.items()}
    expected = [
        (*item.coordinates, ("frame", frame))
        for item in items_of(graph, draw_node, points(graph, EVERYTHING))
        for frame in numbers.get(dict(item.coordinates)["idea"], ["?"])
    ]
    found = items_of(counted, counted.nodes["cut"], points(counted, EVERYTHING), length)
    assert [item.coordinates for item in found] == expected
    assert count_of(counted, counted.nodes["cut"], EVERYTHING) is None
