from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.errors import InvalidInput
from orchestrator.errors.render import full
from orchestrator.recipe import Caps, Recipe, examine, read_recipe
from tests.recipe.readings import FORTY, HEAD, STAGES, codes, found, recipe

READY = Path(__file__).parents[2] / "pipelines" / "item-icons.yaml"
def items(text: str) -> str:
    return f"{HEAD}items: {{{text}}}\n{STAGES}"


def test_the_ready_recipe_reads() -> None:
    ready = read_recipe(READY.read_bytes(), "item-icons.yaml")
    assert ready.name == "item-icons"
    assert len(ready.dimensions[0].records) == 12
    assert ready.dimensions[0].records[2].id == "一只可爱的猫咪"
    assert [stage.name for stage in ready.stages][:3] == ["expand", "plan", "render"]


def test_every_part_is_kept_with_its_place() -> None:
    read = recipe(
        f"""\
recipe: 1
name: icons
seed: 7
models:
  painter: {{diffusion: huggingface:a/b@{FORTY}}}
items:
  variant: 2
  idea: [" fire sword ", {{id: Ice, value: ice sword, power: {{light: 0.5}}}}]
  style: [flat, {{id: px, grid: 32}}]
stages:
  plan: {{use: plan, with: {{style: $item.style, steps: 25}}}}
  sheet:
    use: contact-sheet
    inputs: {{images: plan}}
    gather: [idea, variant]
"""
    )
    assert (read.name, read.seed) == ("icons", 7)
    assert [(model.role, model.kind, str(model.source)) for model in read.models] == [
        ("painter", "diffusion", f"huggingface:a/b@{FORTY}")
    ]
    assert [dimension.name for dimension in read.dimensions] == ["idea", "style", "variant"]
    sword, ice = read.dimensions[0].records
    assert (sword.id, sword.fields["value"], sword.span.line, sword.span.column) == (
        "fire-sword",
        "fire sword",
        8,
        10,
    )
    assert ice.fields == {"id": "Ice", "value": "ice sword", "power": {"light": 0.5}}
    assert read.dimensions[1].records[1].fields == {"id": "px", "grid": 32}
    assert [record.id for record in read.dimensions[2].records] == ["1", "2"]
    plan, sheet = read.stages
    assert plan.params["steps"].node.value == 25
    assert (plan.params["steps"].key_span.line, plan.params["steps"].key_span.column) == (11, 48)
    assert plan.gather is None
    assert sheet.gather is not None
    assert [text.value for text in sheet.gather] == ["idea", "variant"]
    assert sheet.inputs["images"].value == "plan"


def test_name_and_seed_may_be_left_out() -> None:
    read = read_recipe(HEAD + STAGES, "art/Item Icons.yaml")
    assert (read.name, read.seed, read.models, read.dimensions) == ("item-icons", 0, (), ())


def test_all_findings_come_at_once_in_order_of_place() -> None:
    text = "recipe: 1\nsede: 1\nitems:\n  idea: ['', 1]\nmodels:\n  p: {llm: X}\n"
    text += "stages:\n  A: {use: a}\n  b: {wiht: {}}\n"
    assert found(text) == [
        ("E111", 2, 1),
        ("E130", 4, 10),
        ("E135", 4, 14),
        ("E122", 6, 12),
        ("E115", 8, 3),
        ("E113", 9, 3),
        ("E111", 9, 7),
    ]


def test_what_the_yaml_reader_found_comes_with_the_rest_and_once() -> None:
    assert found("recipe: 1\nsede: 1\nseed: .inf\nstages:\n  a: {use: b}\n  a: {use: c}\n") == [
        ("E111", 2, 1),
        ("E109", 3, 7),
        ("E104", 6, 3),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["E101"]),
        ("\n# nothing\n", ["E101"]),
        ("---\n", ["E101"]),
        ("[a]", ["E114"]),
        ("text", ["E114"]),
        ("a: 1", ["E113"]),
        ("recipe: 2\nwhatever: [", ["E103"]),
        ("recipe: 2\nwhatever: 1", ["E110"]),
        ("recipe: '1'\n" + STAGES, ["E110"]),
        ("recipe: true\n" + STAGES, ["E110"]),
        ("recipe: 1.0\n" + STAGES, ["E110"]),
        (STAGES, ["E113"]),
        (HEAD, ["E113"]),
        (HEAD + "stages:", ["E113"]),
        (HEAD + "stages: {}", ["E113"]),
        (HEAD + "stages: [a]", ["E114"]),
        (HEAD + "stagse:\n  a: {use: b}", ["E111"]),
        (HEAD + "seed: abc\n" + STAGES, ["E116"]),
        (HEAD + "seed: true\n" + STAGES, ["E116"]),
        (HEAD + "name: a/b\n" + STAGES, ["E117"]),
        (HEAD + "name:\n" + STAGES, ["E117"]),
        (HEAD + "name: [a]\n" + STAGES, ["E117"]),
        (HEAD + "name: 12\n" + STAGES, []),
    ],
)
def test_the_top_level(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize("key", ["look", "contract"])
def test_keys_of_later_issues_are_refused_at_the_top(key: str) -> None:
    assert codes(f"{HEAD}{key}: {{}}\n{STAGES}") == ["E112"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("idea: sword", ["E114"]),
        ("idea: {csv: a.csv}", ["E156"]),
        ("idea: {a: b}", ["E114"]),
        ("idea: ", ["E114"]),
        ("idea: []", ["E134"]),
        ("idea: [a, A]", ["E132"]),
        ("idea: [{id: a, value: x}, {id: A, value: y}]", ["E132"]),
        ("idea: [{value: x}]", []),
        ("idea: [{id: x}]", ["E113"]),
        ("idea: [{id: x, value: '  '}]", ["E130"]),
        ("idea: [[a]]", ["E114"]),
        ("idea: [{id: x, value: [a]}]", ["E135"]),
        ("idea: ['a {b|c} d']", []),
        ("idea: ['a __colour__ d']", ["E156"]),
        ("idea: [{b|c}]", ["E103"]),
        ("idea: [no, on, 12:30, 0123]", []),
        ("idea: ['12']", []),
        ("idea: [{id: con, value: a}]", ["E133"]),
        ("idea: [{id: 1, value: a}]", []),
        ("idea: [{id: true, value: a}]", ["E133"]),
        ("idea: [{id: a, value: b, Power: 1}]", ["E115"]),
        ("idea: [{id: a, value: b, state: {Light: 1}}]", ["E115"]),
        ("style: [1, 0.5, true]", []),
        ("style: [null]", ["E114"]),
        ("style: [{value: [1]}]", ["E133"]),
        ("style: [{id: a, value: [1]}]", []),
        ("style: [1, '1']", ["E132"]),
        ("Style: [a]", ["E115"]),
        ("variant: 0", ["E116"]),
        ("variant: 1001", ["E116"]),
        ("variant: [a]", ["E116"]),
        ("variant: true", ["E116"]),
        ("idea: [🗡]", ["E133"]),
    ],
)
def test_items(text: str, expected: list[str]) -> None:
    assert codes(items(text)) == expected


def test_the_fix_for_a_clash_can_be_pasted() -> None:
    finding = examine(items("idea: [fire sword, 'Fire, sword!']"), "r").findings[0]
    assert codes(items(f"idea: [fire sword, {finding.fix}]")) == []


def test_an_idea_has_a_cap_that_is_named() -> None:
    (finding,) = examine(items(f"idea: [{'x' * 100_000}]"), "r").findings
    assert finding.code == "E131"
    assert "100,000" in finding.message
    assert "2,000" in finding.message
    assert codes(items(f"idea: [{'x' * 2_000}]")) == []


def test_the_product_of_dimensions_has_a_cap() -> None:
    members = ", ".join(str(number) for number in range(100))
    text = items(f"a: [{members}], b: [{members}], c: [{members}], d: [x, y]")
    assert codes(text) == ["E106"]
    assert [each.code for each in examine(items("a: [1, 2]"), "r", Caps(items=1)).findings] == ["E106"]


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("a: expand", ["E114"]),
        ("a:", ["E114"]),
        ("a: {use: 3}", ["E114"]),
        ("a: {use: [b]}", ["E114"]),
        ("a: {use: b, with: [c]}", ["E114"]),
        ("a: {use: b, with: }", []),
        ("a: {use: b, inputs: c}", ["E114"]),
        ("a: {use: b, inputs: {image: 1}}", ["E114"]),
        ("a: {use: b, gather: idea}", ["E114"]),
        ("a: {use: b, gather: [1]}", ["E114"]),
        ("a: {use: b, gather: []}", []),
        ("a: {use: b, width: 512}", ["E111"]),
        ("a: {us: b}", ["E111"]),
        ("models: {use: b}", ["E115"]),
        ("contact-sheet: {use: b}", ["E115"]),
    ],
)
def test_stages(stage: str, expected: list[str]) -> None:
    assert codes(f"{HEAD}stages:\n  {stage}\n") == expected


def test_a_param_beside_with_is_told_where_it_belongs() -> None:
    (finding,) = examine(f"{HEAD}stages:\n  a: {{use: plan, width: 512}}\n", "r").findings
    assert finding.fix == "with: {width: 512}"


FRAGMENTS = st.sampled_from(
    [
        "recipe: 1",
        "recipe",
        "name",
        "seed",
        "models",
        "items",
        "stages",
        "idea",
        "variant",
        "use",
        "with",
        "inputs",
        "gather",
        "expand",
        "plan",
        "$item.style",
        "id",
        "value",
        "llm",
        "diffusion",
        "embedded",
        "huggingface:a/b",
        ":",
        ": ",
        "- ",
        "\n",
        "\n  ",
        "\n    ",
        "[",
        "]",
        "{",
        "}",
        ",",
        "'",
        '"',
        "&a ",
        "*a",
        "!!str ",
        "|",
        "#",
        "猫",
        "12",
        "1e999",
        "~",
        "true",
        "\t",
        "\\",
        "\x00",
        "\u202e",
        "<<",
        "---\n",
        "x" * 300,
    ]
)


@settings(max_examples=400, deadline=1000)
@given(st.lists(FRAGMENTS, max_size=60).map("".join))
def test_any_text_is_a_recipe_or_invalid_input(text: str) -> None:
    _recipe_or_findings(text)


@settings(max_examples=200, deadline=1000)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_recipe_or_invalid_input(data: bytes) -> None:
    _recipe_or_findings(data)


VALUES = st.recursive(
    st.sampled_from([None, True, 0, -1, 2, 0.5, "", " ", "a", "embedded", "a/b", "con", "{x|y}", "🗡", "A b"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "value", "use", "with", "inputs", "gather", "idea", "variant", "llm", "A", "when"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=1000)
@given(
    st.fixed_dictionaries(
        {
            "recipe": st.just(1),
            "models": VALUES,
            "items": VALUES,
            "stages": VALUES,
            "seed": VALUES,
            "name": VALUES,
        }
    )
)
def test_any_tree_is_a_recipe_or_invalid_input(tree: dict[str, object]) -> None:
    _recipe_or_findings(json.dumps(tree, ensure_ascii=False))


def _recipe_or_findings(text: str | bytes) -> None:
    start = time.perf_counter()
    outcome = _outcome(text)
    assert time.perf_counter() - start < 1
    if isinstance(outcome, InvalidInput):
        assert outcome.findings
        assert all(finding.span is not None and finding.message for finding in outcome.findings)
        assert list(outcome.findings) == sorted(outcome.findings, key=lambda finding: finding.place)
        assert full(outcome.findings, outcome.sources)
    else:
        ids = [(axis.name, record.id.casefold()) for axis in outcome.dimensions for record in axis.records]
        assert len(ids) == len(set(ids))


def _outcome(text: str | bytes) -> Recipe | InvalidInput:
    try:
        return read_recipe(text, "recipe.yaml")
    except InvalidInput as error:
        return error


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("items: [fire sword, 剑]\n" + STAGES, "items: {idea: [fire sword, 剑]}"),
        ("stages: [plan, normal-map]\n", "stages:\n  plan: {use: plan}\n  normal_map: {use: normal-map}"),
        ("stages: [{expand: 1}]\n", ""),
    ],
)
def test_a_list_in_place_of_a_mapping_is_written_out(text: str, fix: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        read_recipe(HEAD + text, "r")
    assert [(each.code, each.fix) for each in raised.value.findings] == [("E114", fix)]
