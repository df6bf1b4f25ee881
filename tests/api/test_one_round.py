"""All findings in one round: what reads wrong is set aside, and the rest is checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.pairs import OF_FOUR, measure, of_four
from orchestrator.api.locate import Located
from orchestrator.api.validate import Checked, Request, check, check_located
from orchestrator.config import settings_from
from orchestrator.errors import InvalidInput
from orchestrator.errors.render import full

HEAD = """\
recipe: 1
models: {writer: {llm: embedded}, painter: {diffusion: embedded}}
"""
ITEMS = "items: {idea: [fire sword], style: [flat, pixel]}\n"
STAGES = """\
stages:
  expand: {use: expand}
  plan: {use: plan, with: {style: $item.style}}
  render: {use: render}
"""


def told(text: str, folder: Path = Path(), request: Request | None = None) -> list[tuple[str, int]]:
    try:
        located = Located(text.encode(), "recipe.yaml", folder)
        findings = check_located(located, request or Request(), settings_from()).findings
    except InvalidInput as error:
        findings = error.findings
        full(findings, error.sources)  # every place is in a text that is there
    return [(each.code, each.span.line) for each in findings if each.span is not None]


def test_four_mistakes_of_four_kinds_are_told_at_once() -> None:
    assert of_four() == len(OF_FOUR) == 4


def test_two_independent_mistakes_are_both_told_and_nothing_that_follows() -> None:
    tally = measure(60, 14)
    assert tally.made == 60
    assert tally.both >= 59, tally.misses


@pytest.mark.parametrize(
    ("items", "stages", "expected"),
    [
        ("items: {idea: [axe], style: flat}\n", STAGES, [("E114", 3)]),
        ("items: {idea: [axe], style: {csv: none.csv}}\n", STAGES, [("E156", 3)]),
        ("items: {idea: [axe], Style: [flat]}\n", STAGES, [("E115", 3)]),
        ("items: {idea: [], style: [flat]}\n", STAGES, [("E134", 3)]),
        ("items: [axe]\n", STAGES, [("E114", 3)]),
        ("itmes: {idea: [axe], style: [flat]}\n", STAGES, [("E111", 3)]),
        ("items: {idea: [axe, 3], style: [flat, pixel, ink]}\nzip: [idea, style]\n", STAGES, [("E135", 3)]),
        ("items: {idea: [axe, 3], style: [flat]}\nexclude: [{idea: hat}]\n", STAGES, [("E135", 3)]),
        (ITEMS, STAGES.replace("{use: expand}", "expand"), [("E114", 5)]),
        (ITEMS, STAGES.replace("{use: expand}", "{with: {template: game-icon}}"), [("E113", 5)]),
        (ITEMS, STAGES.replace("{use: plan, ", "{use: 3, "), [("E114", 6)]),
        (ITEMS, STAGES.replace("{use: plan, ", "{use: nothing, "), [("E201", 6)]),
        (ITEMS, STAGES.replace("{use: plan, ", "{use: plann, "), [("E201", 6)]),
        (ITEMS, STAGES.replace("{use: render}", "{use: render, inputs: plan}"), [("E114", 7)]),
        (ITEMS, STAGES.replace("{use: render}", "{use: render, inptus: {plan: plan}}"), [("E111", 7)]),
        (ITEMS, STAGES.replace("with: {style", "wiht: {style"), [("E111", 6)]),
        (ITEMS, STAGES.replace("$item.style", "1e999"), [("E109", 6)]),
        (ITEMS, STAGES + "  sheet: {use: contact-sheet, gather: style}\n", [("E114", 8)]),
        (ITEMS, "vars: {S: flat}\n" + STAGES.replace("$item.style", "$vars.s"), [("E115", 4)]),
        (ITEMS, "vars: [a]\n" + STAGES.replace("$item.style", "$vars.s"), [("E114", 4)]),
    ],
)
def test_a_cause_is_told_once(items: str, stages: str, expected: list[tuple[str, int]]) -> None:
    assert told(HEAD + items + stages) == expected


@pytest.mark.parametrize(
    "models",
    ["{writer: {llm: embedded}, painter: {diffusion: embeded}}", "{painter: embedded}", "[painter]"],
)
def test_a_role_that_cannot_be_read_is_not_missed(models: str) -> None:
    stages = STAGES.replace("{style: $item.style}", "{painter: painter}") + "seed: -1\n"
    text = f"recipe: 1\nmodels: {models}\n{ITEMS}{stages}"
    assert [line for _, line in told(text)] == [2, 8]


def test_an_include_that_cannot_be_read_may_give_what_is_named() -> None:
    cut = "  cut: {use: remove-background, inputs: {image: look.x}}\n"
    stages = f"stages:\n  look: {{include: none.yaml}}\n{cut}"
    export = "export: [{from: look.x, to: out, format: files}, {from: nowhere, to: out, format: files}]\n"
    found = told(HEAD + ITEMS + stages + export)
    assert [line for _, line in found] == [5, 7]


def test_ideas_from_outside_need_no_table_of_the_recipe(tmp_path: Path) -> None:
    text = HEAD + "items: {idea: {csv: none.csv}, style: [flat]}\n" + STAGES
    assert told(text, tmp_path) == [("E156", 3)]
    assert told(text, tmp_path, Request(items={"idea": ["fire sword"]}, items_from="<--idea>")) == []


def test_a_seed_and_a_model_from_outside_are_taken_before_the_recipe_s_are_read() -> None:
    text = HEAD.replace("diffusion: embedded", "diffusion: emb") + ITEMS + STAGES + "seed: x\n"
    assert len(told(text)) == 2
    assert told(text, request=Request(overrides=["seed=3", "models.painter=embedded"])) == []
    assert told(text, request=Request(overrides=["seed=y"])) == [("E116", 1), *told(text)[:1]]


def test_what_is_wrong_outside_is_told_beside_what_is_wrong_inside() -> None:
    request = Request({"idea": [""]}, {"panter": object()}, ["plan.steps=[", "plan.stpes=3"])
    found = told(HEAD + ITEMS + STAGES + "seed: x\n", request=request)
    assert [code for code, _ in found] == ["E142", "E202", "E130", "E143", "E116"]


def test_a_recipe_that_stands_is_as_before(tmp_path: Path) -> None:
    path = tmp_path / "my_icons.yaml"
    path.write_text(HEAD + "name: my_icons\n" + ITEMS + STAGES, encoding="utf-8")
    checked = check(path)
    assert isinstance(checked, Checked)
    assert checked.graph.recipe.name == "my_icons"
    assert checked.graph.recipe.unknown == frozenset()
