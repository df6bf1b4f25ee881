"""Keys and seeds. The golden values are a promise: where one changes, every studio's store is worthless."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.graph import Graph, StageNode
from orchestrator.library import Loaded
from orchestrator.stage import (
    CardRole,
    Field,
    Gathered,
    Idea,
    Image,
    Painter,
    Params,
    Prompt,
    Role,
    Sheet,
    Style,
    stage,
)
from orchestrator.stage.canonical import digest_of
from orchestrator.work import (
    EVERYTHING,
    InputRef,
    WorkItem,
    identity_of,
    items_of,
    key_of,
    plain_params,
    points,
    seed_of,
)
from tests import graphs

PIXEL = digest_of(b"pixel")


class DrawParams(Params):
    model: Role[Painter] = Role()
    style: Style = Style()
    steps: int = 25
    words: tuple[str, ...] = ()
    sizes: Mapping[str, int] = Field(default={})


class PlanParams(Params):
    model: CardRole[Painter] = CardRole()


@stage("t.words", version=1)
def words(idea: Idea) -> Prompt:
    return Prompt(subject=idea.text)


@stage("t.draw", version=3, seeded=True, variants=True, was=("t.paint",))
def draw(prompt: Prompt, params: DrawParams) -> Image:
    raise NotImplementedError


@stage("t.plan", version=1)
def plan(prompt: Prompt, params: PlanParams) -> Prompt:
    raise NotImplementedError


@stage("t.sheet", version=1)
def sheet(images: Gathered[Image]) -> Sheet:
    raise NotImplementedError


def a_graph(
    seed: int = 1234, identity: str = "sha256:painter", card_steps: int = 30, **values: object
) -> Graph:
    return graphs.graph(
        {"idea": ("sword", "一只可爱的猫咪"), "variant": ("1", "2")},
        [
            graphs.node("words", words, {"idea": graphs.IDEA}, ("idea",)),
            graphs.node("plan", plan, {"prompt": "words"}, ("idea",), model="painter"),
            graphs.node(
                "draw", draw, {"prompt": "words"}, ("idea", "variant"),
                **{"model": "painter", "style": "pixel", **values},
            ),
            graphs.node("sheet", sheet, {"images": "draw"}, (), gather=("idea", "variant")),
        ],
        models=[graphs.model("painter", identity=identity, steps=card_steps)],
        resources={("style", name): Loaded(lambda: (PIXEL, None)) for name in ("pixel", "pix")},
        seed=seed,
    )  # fmt: skip


def item(graph: Graph, stage_name: str, at: int = 0) -> WorkItem:
    return list(items_of(graph, graph.nodes[stage_name], points(graph, EVERYTHING)))[at]


def key(graph: Graph, stage_name: str, at: int = 0, *, missing: str = "") -> str:
    def digest(reference: InputRef) -> str | None:
        text = f"InputRef(stage={reference.stage!r}, coordinates={reference.coordinates!r})"
        return None if missing and missing in text else digest_of(text.encode())

    return key_of(identity_of(graph, item(graph, stage_name, at), digest))


GOLDEN_KEYS = {
    "words": "sha256:790b5f918dd44abb5d05810f5e02be1fe1cb67cc1237e62b71d9e95dbfd5fe49",
    "plan": "sha256:ec1d06483a7c1d534e519d1a52af2ae374c0facb512e9117b62b1441642ec286",
    "draw": "sha256:9dec9e2f146e4b30169a60393f83693fe822778903f05407d2bada5c0d9ed3d5",
    "sheet": "sha256:a4279ef757106ac0ed0426183d23d39e4adca02d16e8788915d45e9eb00c1da2",
}
GOLDEN_SEEDS = [
    6910416896903290246,
    5080623823496834808,
    4286617537974044942,
    5379559176426764835,
]


@pytest.mark.parametrize("name", GOLDEN_KEYS)
def test_keys_stand_for_ever(name: str) -> None:
    assert key(a_graph(), name) == GOLDEN_KEYS[name]


def test_seeds_stand_for_ever() -> None:
    graph = a_graph()
    items = items_of(graph, graph.nodes["draw"], points(graph, EVERYTHING))
    assert [item.seed for item in items] == GOLDEN_SEEDS


def test_an_identity_says_what_it_counts() -> None:
    graph = a_graph()
    drawn = item(graph, "draw")
    assert identity_of(graph, drawn, lambda _: "sha256:p") == {
        "stage": "t.paint",
        "version": 3,
        "source": "",
        "params": {
            "model": {"model": "sha256:painter"},
            "style": {"digest": PIXEL},
            "steps": 25,
            "words": [],
            "sizes": {},
        },
        "seed": drawn.seed,
        "inputs": {"prompt": "sha256:p"},
    }


def test_params_read_as_they_were_written() -> None:
    assert plain_params(item(a_graph(), "draw").params) == {
        "model": "painter", "style": "pixel", "steps": 25, "words": [], "sizes": {},
    }  # fmt: skip


def test_a_resource_counts_by_its_bytes_and_not_by_its_name() -> None:
    assert key(a_graph(style="pix"), "draw") == key(a_graph(), "draw")


def test_a_card_counts_where_it_is_read_and_a_model_where_it_is_loaded() -> None:
    plain, other_card, other_model = a_graph(), a_graph(card_steps=31), a_graph(identity="sha256:other")
    assert key(plain, "draw") == key(other_card, "draw") != key(other_model, "draw")
    assert key(plain, "plan") == key(other_model, "plan") != key(other_card, "plan")


def test_the_seed_counts_only_for_a_seeded_stage() -> None:
    assert key(a_graph(seed=1), "words") == key(a_graph(seed=2), "words")
    assert key(a_graph(seed=1), "draw") != key(a_graph(seed=2), "draw")


def test_a_missing_member_counts() -> None:
    assert key(a_graph(), "sheet") != key(a_graph(), "sheet", missing="'2'")


@given(st.permutations([("steps", 9), ("words", ["b", "a"]), ("sizes", {"x": 1, "y": 2})]))
def test_the_order_in_which_params_are_written_does_not_count(given_order: list[tuple[str, object]]) -> None:
    straight = {"steps": 9, "words": ["b", "a"], "sizes": {"y": 2, "x": 1}}
    assert key(a_graph(**dict(given_order)), "draw") == key(a_graph(**straight), "draw")


params = st.fixed_dictionaries(
    {
        "steps": st.integers(1, 60),
        "words": st.lists(st.text(max_size=3), max_size=3),
        "sizes": st.dictionaries(st.text(max_size=2), st.integers(0, 3), max_size=2),
    }
)


@given(params, params)
def test_keys_are_equal_exactly_when_params_are(one: dict[str, object], other: dict[str, object]) -> None:
    assert (key(a_graph(**one), "draw") == key(a_graph(**other), "draw")) == (one == other)


def node_of(**changes: object) -> StageNode:
    return replace(a_graph().nodes["draw"], **changes)  # type: ignore[arg-type]


def test_more_variants_and_other_styles_move_no_seed() -> None:
    at = (("idea", "sword"),)
    seed = seed_of(1, node_of(), at)
    assert seed == seed_of(1, node_of(), (*at, ("variant", "1")))
    assert seed == seed_of(1, node_of(), (*at, ("style", "flat"), ("variant", "1")), attempt=0)
    assert seed != seed_of(1, node_of(), (*at, ("variant", "2")))


@given(st.integers(), st.text(min_size=1), st.integers(0, 5), st.integers(1, 9), st.integers(0, 9))
def test_a_seed_follows_each_of_its_causes(
    recipe: int, idea: str, rank: int, variant: int, attempt: int
) -> None:
    node = node_of(rank=rank)
    at = (("idea", idea), ("variant", str(variant)))
    seed = seed_of(recipe, node, at, attempt)
    assert 0 <= seed < 2**63
    others = [
        seed_of(recipe + 1, node, at, attempt),
        seed_of(recipe, node_of(rank=rank + 1), at, attempt),
        seed_of(recipe, node, (("idea", idea + "x"), at[1]), attempt),
        seed_of(recipe, node, (at[0], ("variant", str(variant + 1))), attempt),
        seed_of(recipe, node, at, attempt + 1),
    ]
    assert seed not in others
