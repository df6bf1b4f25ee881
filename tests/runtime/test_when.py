"""`when:` in a run: passed on, left out, None in optional ports, gathers that do not wait, missing fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pytest
from PIL import Image as PillowImage

from orchestrator.graph import Graph, Wire
from orchestrator.runtime import Results
from orchestrator.stage import Artifact, Gathered, Idea, Image, Many, Params, Prompt, Sheet, stage
from orchestrator.stage.many import many_of
from orchestrator.store import Store
from tests import graphs
from tests.runtime.test_execute import by_outcome
from tests.runtime.test_many import frames, places
from tests.runtime.workshop import CALLS, run

Holds = Callable[[Mapping[str, str], Params, Mapping[str, Artifact | None]], bool]


@dataclass
class When:
    """A condition of a test's own."""

    holds: Holds
    ports: frozenset[str] = frozenset()
    text: str = "of the test"


def idea_is(*ids: str) -> When:
    return When(lambda item, _params, _inputs: item["idea"] in ids)


@stage("t.draw", version=1)
def draw(idea: Idea) -> Image:
    CALLS.append(("draw", idea.text))
    return Image.of(PillowImage.new("L", (len(idea.text), 4), 7))


@stage("t.wide", version=1)
def wide(image: Image) -> Image:
    CALLS.append(("wide", str(image.size[0])))
    return Image.of(PillowImage.new("L", (100, 4), 7))


@stage("t.words", version=1)
def words(image: Image) -> Prompt:
    CALLS.append(("words", str(image.size[0])))
    return Prompt(subject=str(image.size[0]))


@stage("t.maybe", version=1)
def maybe(image: Image, prompt: Prompt | None) -> Sheet:
    CALLS.append(("maybe", prompt.subject if prompt else "nothing"))
    return Sheet.of(image.pil)


@stage("t.atlas", version=1, missing="refuse")
def atlas(prompts: Gathered[Prompt]) -> Sheet:
    CALLS.append(("atlas", *(member.coordinates["idea"] for member in prompts)))
    return Sheet.of(PillowImage.new("L", (len(prompts), 1)))


@stage("t.both", version=1, missing="skip")
def both(images: Gathered[Image], prompts: Gathered[Prompt]) -> Sheet:
    there = (f"{member.coordinates['idea']}{member.artifact is not None}" for member in prompts)
    CALLS.append(("both", *there))
    return Sheet.of(PillowImage.new("L", (len(images), 1)))


@stage("t.echo", version=1)
def echo(idea: Idea) -> Idea:
    return Idea(text=idea.text * 2)


def a_graph(when: When | None, words_when: When | None = None) -> Graph:
    """draw → wide → words → maybe, atlas and both; ideas of one, two and three letters."""
    return graphs.graph(
        {"idea": ("a", "bb", "ccc")},
        [
            graphs.node("draw", draw, {"idea": graphs.IDEA}, ("idea",)),
            replace(graphs.node("wide", wide, {"image": "draw"}, ("idea",)), when=when),
            replace(graphs.node("words", words, {"image": "wide"}, ("idea",)), when=words_when),
            graphs.node("maybe", maybe, {"image": "wide", "prompt": "words"}, ("idea",)),
            graphs.node("atlas", atlas, {"prompts": "words"}, (), gather=("idea",)),
            graphs.node("both", both, {"images": "wide", "prompts": "words"}, (), gather=("idea",)),
        ],
    )


def at(results: Results, name: str, idea: str) -> object:
    return results.items[name, (("idea", idea),)]


def test_what_it_was_given_is_passed_on(store: Store) -> None:
    results = run(a_graph(idea_is("bb")), store)
    assert [call for call in CALLS if call[0] in {"wide", "words"}] == [
        ("wide", "2"), ("words", "1"), ("words", "100"), ("words", "3"),
    ]  # fmt: skip
    passed = results.items["wide", (("idea", "a"),)]
    drawn = results.items["draw", (("idea", "a"),)]
    assert passed.outcome == "stored"
    assert (passed.key, passed.artifact_digest) == (drawn.key, drawn.artifact_digest)
    assert passed.notes == {"when": "of the test"}
    assert type(passed.artifact()) is Image
    assert sum(results.counts.values()) == 3 * 4 + 2


def test_it_looks_at_what_it_was_given(store: Store) -> None:
    def small(_item: object, _params: object, inputs: Mapping[str, Artifact | None]) -> bool:
        image = inputs["image"]
        assert isinstance(image, Image)
        return image.size[0] < 3

    run(a_graph(When(small, frozenset({"image"}))), store)
    assert [call for call in CALLS if call[0] == "wide"] == [("wide", "1"), ("wide", "2")]


def test_what_cannot_be_passed_on_is_left_out_and_nobody_waits_for_it(store: Store) -> None:
    results = run(a_graph(None, idea_is("a", "ccc")), store)
    left = results.items["words", (("idea", "bb"),)]
    assert (left.outcome, left.message) == ("skipped", "`when: of the test` does not hold")
    assert [call[1] for call in CALLS if call[0] == "maybe"] == ["100", "nothing"]  # the third is the first
    assert ("atlas", "a", "ccc") in CALLS
    assert ("both", "aTrue", "bbFalse", "cccTrue") in CALLS
    assert by_outcome(results.counts)["skipped"] == 1


def test_where_all_is_left_out_nothing_is_gathered(store: Store) -> None:
    results = run(a_graph(None, idea_is()), store)
    assert results.items["atlas", ()].message == "atlas has nothing to gather"
    assert by_outcome(results.counts)["skipped"] == 3 + 2
    assert not [call for call in CALLS if call[0] in {"atlas", "both"}]


def test_a_failure_is_not_left_out(store: Store) -> None:
    @stage("t.refuse", version=1)
    def refuse(image: Image) -> Prompt:
        raise ValueError("no")

    graph = a_graph(None)
    broken = graphs.node("words", refuse, {"image": "wide"}, ("idea",))
    results = run(replace(graph, nodes={**graph.nodes, "words": broken}), store)
    assert results.items["maybe", (("idea", "a"),)].outcome == "skipped"
    assert results.items["atlas", ()].outcome == "skipped"


def test_a_field_that_is_not_there_fails_its_item_alone(store: Store) -> None:
    def unknown(item: Mapping[str, str], _params: object, _inputs: object) -> bool:
        if item["idea"] == "bb":
            raise LookupError("no such field")
        return True

    results = run(a_graph(When(unknown)), store)
    failed = results.items["wide", (("idea", "bb"),)]
    assert (failed.outcome, failed.code) == ("failed", "E539")
    assert failed.message == "`when: of the test` cannot be told: no such field"
    assert by_outcome(results.counts)["failed"] == 1


def test_a_second_run_finds_it_all(store: Store) -> None:
    graph = a_graph(idea_is("bb"), idea_is("a"))
    first = run(graph, store)
    CALLS.clear()
    second = run(graph, store)
    assert CALLS == []
    assert {place: item.artifact_digest for place, item in first.items.items()} == {
        place: item.artifact_digest for place, item in second.items.items()
    }


def test_a_condition_moves_no_key(store: Store) -> None:
    plain = run(a_graph(None), store)
    CALLS.clear()
    held = run(a_graph(idea_is("a", "bb", "ccc")), store)
    assert CALLS == []
    assert {place: item.key for place, item in plain.items.items()} == {
        place: item.key for place, item in held.items.items()
    }


@pytest.mark.parametrize("twice", [1, 2])
def test_members_and_ideas_are_passed_on_under_results_of_their_own(store: Store, twice: int) -> None:
    keep_even = When(lambda item, _params, _inputs: int(item["frame"]) % 2 == 1)
    cut = replace(
        graphs.node("cut", wide, {"image": "idle"}, ("idea", "frame")),
        wires={"image": Wire("idle", many_of(Image), "frame")},
        when=keep_even,
    )
    echoed = replace(graphs.node("echo", echo, {"idea": graphs.IDEA}, ("idea",)), when=idea_is("ccc"))
    graph = graphs.graph(
        {"idea": ("bb", "ccc")},
        [echoed, graphs.node("idle", frames, {"idea": "echo"}, ("idea",)), cut],
    )
    results = [run(replace(graph, run_time={"frame": "idle"}), store) for _ in range(twice)][-1]
    assert places(results, "cut") == ["bb 0", "bb 1", *(f"ccc {number}" for number in range(6))]
    passed = results.items["cut", (("idea", "bb"), ("frame", "0"))].artifact()
    assert isinstance(passed, Image)
    assert passed.size == (4, 4)
    assert isinstance(results.items["echo", (("idea", "bb"),)].artifact(), Idea)
    assert not isinstance(passed, Many)


def test_an_input_that_was_lost_fails_its_item(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from orchestrator.runtime.inputs import Inputs
    from orchestrator.store import DamagedResultError

    graph = a_graph(When(lambda *_: True, frozenset({"image"})))
    run(graph, store)

    def lost(*_: object) -> Artifact:
        raise DamagedResultError("gone")

    monkeypatch.setattr(Inputs, "artifact", lost)
    results = run(graph, store)
    item = results.items["wide", (("idea", "a"),)]
    assert (item.outcome, item.code) == ("failed", "E535")
