"""`when:`: read, typed, told where it is wrong, and what it comes to at an item."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.errors import Span
from orchestrator.graph import StageNode, build
from orchestrator.graph.when.evaluate import NotThere
from orchestrator.graph.when.syntax import SyntaxProblem, parse
from orchestrator.recipe import Given, read_recipe
from orchestrator.stage import Image, RenderPlan, Score
from orchestrator.text import Cell
from tests.graph.stages import HEAD, built, graph_of, surroundings

TEXT = """\
vars: {least: 20, look: flat, on: true}
items:
  idea: [sword, bow]
  state: [{id: idle, value: idle, light: 0.5, big: true}, {id: run, value: run, light: 1, big: false}]
  style: [flat, pixel]
stages:
  expand: {use: expand}
  plan: {use: plan, with: {style: $item.style}, per: [state]}
  render: {use: render}
  scored: {use: rate}
  last: {use: shift, inputs: {image: render, score: scored}, with: {width: 4}, when: 'WHEN'}
"""
PLAN = RenderPlan(prompt="a sword", width=64, height=32, steps=25, guidance_scale=2, style="flat")
IMAGE = Image("L", (64, 32), bytes(64 * 32))
SCORE = Score(value=0.75, texts=("a", "b"), aspects={"noun": 0.5})


def node(when: str) -> StageNode:
    return graph_of(TEXT.replace("'WHEN'", f'"{when}"')).nodes["last"]


def test_a_condition_may_name_a_member_that_the_caller_replaced():
    text = HEAD + TEXT.replace("'WHEN'", "\"$item.idea.id != 'sword'\"")
    given = Given({"idea": ["axe"]}, "<--idea>")
    graph, findings = build(read_recipe(text, "r", given=given), surroundings())
    assert graph is not None, findings


def holds(when: str, state: str = "idle", style: str = "flat") -> bool:
    graph = graph_of(TEXT.replace("'WHEN'", f'"{when}"'))
    last = graph.nodes["last"]
    at = {"idea": "sword", "state": state, "style": style}
    assert last.when is not None
    return last.when.holds(at, graph.params_of(last, at), {"image": IMAGE, "score": SCORE})


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("$item.state == 'idle'", True),
        ("$item.state != 'idle'", False),
        ("$item.state.light < 1", True),
        ("$item.state.big", True),
        ("not $item.state.big", False),
        ("$item.state in ['run', 'idle']", True),
        ("$item.state not in ['run']", True),
        ("image.width >= 64 and image.height < 64", True),
        ("image.mode == 'RGBA' or image.mode == 'L'", True),
        ("score.value > 0.5", True),
        ("score.value > .75", False),
        ("score.aspects.noun == 0.5", True),
        ("'a' in score.texts", True),
        ("params.width == 4", True),
        ("params.width >= $vars.least", False),
        ("$vars.on", True),
        ("$vars.look == $item.style", True),
        ("true or $item.state.light > 5 and false", True),
        ("(true or $item.state.light > 5) and false", False),
        ("not (false or not true)", True),
        ("'it''s' == 'it''s'", True),
        ("1e-1 == 0.1", True),
        ("-3 < -2.5", True),
    ],
)
def test_what_a_condition_comes_to(when: str, expected: bool) -> None:
    assert holds(when) == expected


def test_what_it_reads() -> None:
    last = node("image.width > 3 and $item.state   ==  'idle'")
    assert last.when is not None
    assert last.when.ports == {"image"}
    assert last.when.text == "image.width > 3 and $item.state == 'idle'"


@pytest.mark.parametrize(
    ("when", "code", "column", "fix"),
    [
        ("$item.state = 'idle'", "E236", 13, "=="),
        ("$item.state == 'idle' && true", "E236", 23, "and"),
        ("($item.state == 'idle'", "E236", 1, ""),
        ("$item.state ==", "E236", 14, ""),
        ("$item.state == 'idle' true", "E236", 23, ""),
        ("== 3", "E236", 1, ""),
        ("images.width > 3", "E237", 1, "image.width"),
        ("image.widht > 3", "E237", 1, "image.width"),
        ("scroe.value > 3", "E237", 1, "score.value"),
        ("score.aspects == 3", "E237", 1, ""),
        ("params.widht > 3", "E237", 1, "params.width"),
        ("mask.width > 3", "E237", 1, ""),
        ("state == 'idle'", "E237", 1, "$item.state"),
        ("width > 3", "E237", 1, "params.width"),
        ("height > 3", "E237", 1, "image.height"),
        ("$item.state == idle", "E237", 16, "'idle'"),
        ("$item.stat == 'idle'", "E211", 1, "$item.state"),
        ("$item.state.lihgt > 1", "E212", 1, "$item.state.light"),
        ("$vars.lest > 1", "E235", 1, "$vars.least"),
        ("image.width", "E238", 1, "image.width == 1"),
        ("image.width and true", "E238", 1, "image.width == 1"),
        ("image.width == '64'", "E238", 1, ""),
        ("$item.state > 'idle'", "E238", 1, ""),
        ("$item.state in 'idle'", "E238", 16, "['idle']"),
        ("$item.state == 'idel'", "E238", 16, "'idle'"),
        ("params.mode == 'darkn'", "E238", 16, "'darken'"),
    ],
)
def test_what_is_wrong_with_it(when: str, code: str, column: int, fix: str) -> None:
    _, findings = built(TEXT.replace("'WHEN'", f'"{when}"'))
    (finding,) = [finding for finding in findings if finding.severity == "error"]
    assert (finding.code, finding.fix) == (code, fix)
    assert finding.span is not None
    assert finding.span.column - TEXT.splitlines()[-1].index("'WHEN'") - 1 == column
    assert finding.why
    assert finding.help


def test_it_names_only_what_the_stage_runs_over() -> None:
    text = TEXT.replace(", per: [state]", "").replace("'WHEN'", "\"$item.state == 'idle'\"")
    _, findings = built(text)
    (finding,) = [finding for finding in findings if finding.severity == "error"]
    assert (finding.code, finding.fix) == ("E239", "per: [state]")


def test_a_key_that_is_not_there_is_told() -> None:
    with pytest.raises(NotThere, match="has no 'colour' here; it has: noun"):
        holds("score.aspects.colour > 1")


def test_a_cell_is_what_it_is_compared_with() -> None:
    from dataclasses import replace

    from orchestrator.graph import build
    from orchestrator.recipe import read_recipe
    from tests.graph.stages import HEAD, surroundings

    at = Span.point("states.csv", 2, 5)
    recipe = read_recipe(HEAD + TEXT.replace("'WHEN'", "'$item.state.light > 0.6'"), "recipe.yaml")
    idea, state, style = recipe.dimensions

    def with_light(*cells: str) -> object:
        records = tuple(
            replace(record, fields={**record.fields, "light": Cell(cell, at)})
            for record, cell in zip(state.records, cells, strict=True)
        )
        lit = replace(state, records=records)
        return build(replace(recipe, dimensions=(idea, lit, style)), surroundings())

    graph, _ = with_light("0.5", "1")  # type: ignore[misc]
    last = graph.nodes["last"]
    params = last.spec.params.checked({"width": 4})
    found = [last.when.holds({"state": name}, params, {}) for name in ("idle", "run")]
    assert found == [False, True]
    _, findings = with_light("0.5", "bright")  # type: ignore[misc]
    (finding,) = [finding for finding in findings if finding.severity == "error"]
    assert (finding.code, finding.span) == ("E238", at)


words = st.sampled_from(
    [
        "(", ")", "[", "]", ",", "and", "or", "not", "in", "==", "<", "'a'", "1", "true", "a.b", "$item.x",
        "=", "'",
    ]
)


@given(st.lists(words, max_size=12).map(" ".join) | st.text(max_size=30))
def test_any_text_is_read_or_refused_at_a_place(text: str) -> None:
    found = None
    try:
        parse(text)
    except SyntaxProblem as problem:
        found = problem.place
    assert found is None or 0 <= found.start <= found.end <= len(text) + 1


def test_depth_has_an_end() -> None:
    with pytest.raises(SyntaxProblem, match="nested"):
        parse("(" * 500 + "true" + ")" * 500)
    with pytest.raises(SyntaxProblem, match="nested"):
        parse("not " * 400 + "true")


def test_what_cannot_be_ordered_is_not() -> None:
    text = TEXT.replace("light: 1,", "light: bright,").replace("'WHEN'", '"$item.state.light > 0.1"')
    graph = graph_of(text)
    last = graph.nodes["last"]
    assert last.when is not None
    params = last.spec.params.checked({"width": 4})
    assert [last.when.holds({"state": name}, params, {}) for name in ("idle", "run")] == [True, False]
