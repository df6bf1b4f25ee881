"""A stage may do what it likes: its item fails or it is put back, and the run goes on, ends and says so."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from orchestrator.errors import Cancelled
from orchestrator.graph import Graph
from orchestrator.runtime import Results
from orchestrator.stage import Document, Field, Gathered, Idea, Image, Prompt, Score, stage
from orchestrator.store import Store
from tests import graphs
from tests.runtime.workshop import run


class MuteError(Exception):
    """Whose text raises."""

    def __str__(self) -> str:
        raise SystemExit("no text")


class Own(BaseException):
    """No Exception."""


class Ends(Document):
    """An artifact whose encoding does as its text says."""

    text: str = ""

    def encode(self) -> bytes:
        if self.text == "exit":
            raise SystemExit(7)
        if self.text == "disk":
            raise OSError(28, "No space left on device")
        return super().encode()


RAISED = {
    "exit": SystemExit(0),
    "own": Own("not an Exception"),
    "generator": GeneratorExit(),
    "keyboard": KeyboardInterrupt(),
    "cancelled": Cancelled(),
    "stop": StopIteration("x"),
    "memory": MemoryError(),
    "mute": MuteError(),
}


@stage("h.words", version=1)
def words(idea: Idea) -> Prompt:
    if idea.text in RAISED:
        raise RAISED[idea.text]
    if idea.text == "folder":
        os.chdir(Path.cwd().parent)
    if idea.text == "limit":
        sys.setrecursionlimit(400)
    return Prompt(subject=f"{idea.text} in {Path.cwd().name}")


@stage("h.ends", version=1)
def ends(idea: Idea) -> Ends:
    return Ends(text=idea.text)


@stage("h.torn", version=1)
def torn(idea: Idea) -> Image:
    return Image("RGB", (100, 100), b"abc") if idea.text == "torn" else Image("RGB", (1, 1), b"abc")


def a_graph(function: object, *ideas: str) -> Graph:
    return graphs.graph(
        {"idea": {f"i{place}": {"value": text} for place, text in enumerate(ideas)}},
        [graphs.node("one", function, {"idea": graphs.IDEA}, ("idea",))],  # type: ignore[arg-type]
    )


def outcomes(results: Results) -> list[str]:
    return [item.outcome for item in results.items.values()]


@pytest.mark.parametrize("how", RAISED)
def test_whatever_a_stage_raises_fails_its_item_alone(store: Store, how: str) -> None:
    results = run(a_graph(words, "good", how, "better"), store)
    assert outcomes(results) == ["done", "failed", "done"]
    assert not results.interrupted
    failed = results.items["one", (("idea", "i1"),)]
    assert failed.code == "E501"
    assert type(RAISED[how]).__name__ in failed.message
    assert failed.help


def test_a_changed_current_folder_is_put_back_and_told(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    results = run(a_graph(words, "folder", "good"), store)
    assert Path.cwd() == tmp_path
    first, second = results.items.values()
    assert first.notes["warnings"] == ["the stage changed the current folder; it was put back"]
    assert second.artifact() == Prompt(subject=f"good in {tmp_path.name}")
    assert "warnings" not in second.notes


def test_a_lowered_recursion_limit_is_put_back_and_told(store: Store) -> None:
    before = sys.getrecursionlimit()
    results = run(a_graph(words, "limit", "good"), store)
    assert sys.getrecursionlimit() == before
    assert outcomes(results) == ["done", "done"]
    (told,) = next(iter(results.items.values())).notes["warnings"]  # type: ignore[misc]
    assert "recursion limit" in told


def test_an_encoding_that_ends_the_program_fails_its_item_alone(store: Store) -> None:
    results = run(a_graph(ends, "good", "exit", "better"), store)
    assert outcomes(results) == ["done", "failed", "done"]
    failed = results.items["one", (("idea", "i1"),)]
    assert failed.code == "E547"
    assert "SystemExit" in failed.message


def test_what_cannot_be_encoded_is_no_matter_of_the_disk(store: Store) -> None:
    results = run(a_graph(torn, "torn", "good"), store)
    assert outcomes(results) == ["failed", "done"]
    failed = next(iter(results.items.values()))
    assert failed.code == "E547"
    assert "free space" not in failed.help


def test_a_full_disk_is(store: Store) -> None:
    failed = next(iter(run(a_graph(ends, "disk"), store).items.values()))
    assert failed.code == "E530"
    assert "free space" in failed.help


class Table(Document):
    """With what can be changed, deep below."""

    rows: list[dict[str, int]] = Field(default_factory=list)


LATER: list[Table] = []


@stage("h.score", version=1)
def score(idea: Idea) -> Score:
    return Score(value=1.0, aspects={"a": float(len(idea.text))})


@stage("h.adds", version=1)
def adds(score: Score) -> Score:
    score.aspects["added"] = 5.0
    object.__setattr__(score, "value", 7.0)
    return Score(value=2.0, aspects=score.aspects)


@stage("h.reads", version=1)
def reads(score: Score) -> Prompt:
    return Prompt(subject=f"{score.value:.0f} {','.join(sorted(score.aspects))}")


@stage("h.over", version=1)
def over(image: Image) -> Image:
    object.__setattr__(image, "_data", b"\xff" * 12)
    return Image(image.mode, image.size, b"\xff" * 12)


@stage("h.first", version=1)
def first(image: Image) -> Prompt:
    return Prompt(subject=str(image.pil.getpixel((0, 0))))


@stage("h.dot", version=1)
def dot(idea: Idea) -> Image:
    del idea
    return Image("RGB", (2, 2), bytes(12))


@stage("h.table", version=1)
def table(idea: Idea) -> Table:
    for earlier in LATER:
        earlier.rows.append({"late": 1})
    LATER.append(Table(rows=[{idea.text: 1}]))
    return LATER[-1]


@stage("h.rows", version=1)
def rows(table: Table) -> Prompt:
    return Prompt(subject=str(table.rows))


def chain(*steps: tuple[object, str, str]) -> Graph:
    names = [f"s{place}" for place in range(len(steps))]
    nodes = [
        graphs.node(name, function, {port: source}, ("idea",))  # type: ignore[arg-type]
        for name, (function, port, source) in zip(names, steps, strict=True)
    ]
    return graphs.graph({"idea": {"a": {"value": "a"}, "b": {"value": "b"}}}, nodes)


def test_what_a_stage_changes_in_its_input_no_neighbour_sees(store: Store) -> None:
    results = run(chain((score, "idea", graphs.IDEA), (adds, "score", "s0"), (reads, "score", "s0")), store)
    at = (("idea", "a"),)
    assert results.items["s1", at].artifact() == Score(value=2.0, aspects={"a": 1.0, "added": 5.0})
    assert results.items["s2", at].artifact() == Prompt(subject="1 a")
    assert results.items["s0", at].artifact() == Score(value=1.0, aspects={"a": 1.0})


def test_what_a_stage_paints_over_no_neighbour_sees(store: Store) -> None:
    results = run(chain((dot, "idea", graphs.IDEA), (over, "image", "s0"), (first, "image", "s0")), store)
    assert results.items["s2", (("idea", "a"),)].artifact() == Prompt(subject="(0, 0, 0)")


def test_what_a_stage_changes_later_is_not_its_result(store: Store) -> None:
    LATER.clear()
    results = run(chain((table, "idea", graphs.IDEA), (rows, "table", "s0")), store)
    assert results.items["s0", (("idea", "a"),)].artifact() == Table(rows=[{"a": 1}])
    assert results.items["s1", (("idea", "a"),)].artifact() == Prompt(subject="[{'a': 1}]")


def test_members_are_handed_out_as_copies(store: Store) -> None:
    seen: list[str] = []

    @stage("h.spoils", version=1)
    def spoils(scores: Gathered[Score]) -> Prompt:
        for member in scores.present:
            assert member.artifact is not None
            seen.append(",".join(member.artifact.aspects))
            member.artifact.aspects.clear()
        return Prompt(subject="x")

    nodes = [graphs.node("s0", score, {"idea": graphs.IDEA}, ("idea",))]
    nodes += [graphs.node(name, spoils, {"scores": "s0"}, (), gather=("idea",)) for name in ("x", "y")]
    run(graphs.graph({"idea": {"a": {"value": "a"}}}, nodes), store)
    assert set(seen) == {"a"}
