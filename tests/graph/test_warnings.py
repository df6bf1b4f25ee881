"""What is legal, but surely unmeant; and that a cause is told without its consequences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orchestrator.graph import Surroundings, build
from orchestrator.recipe import Given, read_recipe
from orchestrator.stage import Card, Description
from orchestrator.stage.registry import Registry
from tests.graph.stages import ALL, HEAD, codes, surroundings

TEXT = """\
items:
  idea: [fire sword, justice, 猫, axe]
  style: [flat, oil]
stages:
  expand: {use: expand}
  plan: {use: plan, with: {style: $item.style}}
  render: {use: render}
"""


def knowing() -> Surroundings:
    """A painter with a vocabulary, and a plan that looks words up."""

    def describe(choice):
        card = Card(name="icons", kind=choice.kind, styles=("flat", "pixel"), nouns=("sword", "hammer"))
        return Description(choice.role, choice.kind, choice.source, "sha256:x", card)

    base = surroundings()
    return replace(base, describe=describe)


def found(text: str, around: Surroundings | None = None) -> list[tuple[str, int]]:
    _, findings = build(read_recipe(HEAD + text, "recipe.yaml"), around or surroundings())
    return [(each.code, (each.span.line if each.span else 0) - HEAD.count("\n")) for each in findings]


def test_an_output_that_nobody_uses():
    text = TEXT + "  rated: {use: rate}\n"
    assert found(text.replace("oil", "pixel")) == [("W602", 8)]


def test_an_exported_one_is_used():
    text = TEXT + "  rated: {use: rate}\nexport:\n  - {from: rated, to: build, format: files}\n"
    assert found(text.replace("oil", "pixel")) == []


def test_the_last_open_end_of_a_recipe_without_pictures_is_handed_over():
    text = TEXT.replace("  render: {use: render}\n", "").replace("oil", "pixel")
    assert found(text) == []
    assert found(text + "  again: {use: plan, inputs: {prompt: expand}}\n") == [("W602", 6)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("{steps: $vars.least}", []),
        ("{steps: 5}", [("W603", 1)]),
    ],
)
def test_a_variable_that_nothing_names(given: str, expected: list[tuple[str, int]]):
    text = TEXT.replace("{style: $item.style}", given).replace("  style: [flat, oil]\n", "")
    assert found("vars: {least: 5}\n" + text) == expected


def test_a_param_that_set_pins_may_have_named_the_variable():
    text = HEAD + "vars: {least: 5}\n" + TEXT.replace("{style: $item.style}", "{steps: $vars.least}")
    recipe = read_recipe(text, "recipe.yaml", given=Given(assignments=["plan.steps=9"]))
    assert "W603" not in {finding.code for finding in build(recipe, surroundings())[1]}


def test_a_condition_names_a_variable():
    text = "vars: {least: 5}\n" + TEXT.replace("oil", "pixel")
    assert found(text + "  cut: {use: outline, with: {width: 1}, when: image.width > $vars.least}\n") == []


def test_a_style_that_the_painter_does_not_know():
    text = TEXT.replace("oil", "pixel, watercolour").replace("fire sword, justice, 猫, axe", "sword")
    base = knowing()

    def find(room: str, name: str):
        return base.find_resource(room, "flat" if room == "style" else name)

    assert found(text, replace(base, find_resource=find)) == [("W604", 3)]


def test_names_in_alphabetical_order_beside_an_error_that_another_order_mends():
    text = "items: {idea: [sword]}\nstages:\n" + "".join(
        f"  {name}: {{use: {use}}}\n"
        for name, use in (("a", "expand"), ("b", "render"), ("c", "plan"), ("d", "sheet"))
    )
    assert found(text) == [("W606", 3), ("E213", 4)]
    assert "W606" not in [code for code, _ in found(text.replace("  a:", "  e:"))]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("$item.style", "$item.stile"), [("E211", 6)]),
        (("$item.style", "$vars.style"), [("E235", 6)]),
        (("{use: plan,", "{use: plan, inputs: {prompt: rendr},"), [("E207", 6)]),
    ],
)
def test_a_cause_is_told_without_its_consequences(change: tuple[str, str], expected: list[tuple[str, int]]):
    text = TEXT.replace("oil", "pixel") + (
        "  cut: {use: outline, with: {width: 1}, when: \"$item.style == 'flat'\", seed_by: [style]}\n"
        "  sheet: {use: sheet, gather: [style]}\n"
    )
    assert found(text) == []
    assert found(text.replace(*change, 1)) == expected


def test_a_role_that_is_not_declared_is_told_once():
    text = "models: {one: {diffusion: embedded}, two: {diffusion: ./sd}}\n" + TEXT.replace("oil", "pixel")
    wrong = text.replace("{style: $item.style}", "{style: $item.style, painter: tow}")
    assert found(wrong) == [("E217", 7)]
    assert [code for code, _ in found(text)] == ["E219"]


def test_a_value_out_of_range_hides_nothing():
    text = TEXT.replace("oil", "pixel").replace("$item.style}", "$item.style, steps: 1000}")
    assert found(text + "  sheet: {use: sheet, gather: [stile]}\n") == [("E203", 6), ("E215", 8)]


def test_all_specs_are_known():
    assert Registry({}, [spec for spec in ALL if spec is not None]).find("rate") is not None
    assert codes(TEXT.replace("oil", "pixel")) == []


def test_a_style_that_items_name_is_told_once():
    text = TEXT + "  again: {use: plan, inputs: {prompt: expand}, with: {style: $item.style}}\n"
    assert found(text) == [("E220", 6)]
    literal = "  again: {use: plan, inputs: {prompt: expand}, with: {style: oil}}\n"
    assert found(TEXT + literal) == [("E220", 6), ("E220", 8)]
