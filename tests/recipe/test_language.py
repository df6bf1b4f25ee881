"""zip, exclude, vars, export, and the keys that say where a stage runs."""

from __future__ import annotations

import pytest

from orchestrator.errors import InvalidInput
from orchestrator.recipe import Given, Recipe, check_product, examine, read_recipe
from orchestrator.recipe.changes.given import NOTHING_GIVEN

ITEMS = "items: {idea: [a, b], style: [x, y], state: [p, q], variant: 2}\n"
STAGES = "stages:\n  expand: {use: expand}\n"


def recipe(
    text: str, items: str = ITEMS, given: Given = NOTHING_GIVEN, stages: str = STAGES
) -> Recipe:
    return read_recipe(f"recipe: 1\n{items}{text}{stages}", "recipe.yaml", given=given)


def found(text: str, items: str = ITEMS, stages: str = STAGES) -> list[tuple[str, int, int]]:
    reading = examine(f"recipe: 1\n{items}{text}{stages}", "recipe.yaml")
    product = check_product(reading.recipe) if reading.recipe is not None else ()
    findings = (*reading.findings, *product)
    return [(each.code, each.span.line, each.span.column) for each in findings if each.span]


def test_zip_is_a_group_or_groups() -> None:
    assert [[name.value for name in group] for group in recipe("zip: [idea, style]\n").zip] == [
        ["idea", "style"]
    ]
    both = recipe("zip: [[idea, style]]\n")
    assert [[each.name for each in axis] for axis in both.axes()] == [
        ["idea", "style"],
        ["state"],
        ["variant"],
    ]
    crossed = recipe("zip: [[state, idea]]\n")
    assert [[each.name for each in axis] for axis in crossed.axes()] == [
        ["idea", "state"],
        ["style"],
        ["variant"],
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("zip: idea\n", [("E114", 3, 6)]),
        ("zip: []\n", [("E114", 3, 6)]),
        ("zip: [idea]\n", [("E150", 3, 6)]),
        ("zip: [idea, idea]\n", [("E150", 3, 13)]),
        ("zip: [idea, variant]\n", [("E150", 3, 13)]),
        ("zip: [[idea, style], [style, state]]\n", [("E150", 3, 23)]),
        ("zip: [[idea, style], state]\n", [("E114", 3, 7)]),
        ("zip: [idea, stlye]\n", [("E151", 3, 13)]),
        ("exclude: {idea: a}\n", [("E114", 3, 10)]),
        ("exclude: [idea]\n", [("E114", 3, 11)]),
        ("exclude: [{}]\n", [("E114", 3, 11)]),
        ("exclude: [{idea: []}]\n", [("E114", 3, 18)]),
        ("exclude: [{idea: [a, {b: c}]}]\n", [("E114", 3, 22)]),
        ("exclude: [{idea: [a, c]}]\n", [("E153", 3, 22)]),
        ("exclude: [{ideas: a}]\n", [("E151", 3, 12)]),
        ("exclude: [{idea: a, variant: 2}]\n", []),
        ("exclude: []\n", []),
    ],
)
def test_what_is_wrong_with_zip_and_exclude(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert found(text) == expected


def test_zipped_dimensions_are_of_one_length_once_all_items_are_known() -> None:
    text, items = "zip: [idea, ref]\n", "items: {idea: [a, b]}\n"
    assert [each.code for each in check_product(recipe(text, items))] == ["E151"]
    assert check_product(recipe(text, items, Given({"ref": ["r", "s"]}))) == ()
    (finding,) = check_product(recipe(text, items, Given({"ref": ["r"]})))
    assert (finding.code, finding.message) == (
        "E152",
        "zipped dimensions differ in length: `idea` has 2, `ref` has 1",
    )


def test_zipped_dimensions_count_once_for_the_cap() -> None:
    members = ", ".join(str(number) for number in range(1001))
    items = f"items: {{a: [{members}], b: [{members}]}}\n"
    assert found("zip: [a, b]\n", items) == []
    assert [code for code, *_ in found("", items)] == ["E106"]


def test_members_from_python_are_under_the_cap_too() -> None:
    with pytest.raises(InvalidInput) as error:
        recipe("", given=Given({"a": list(range(1000)), "b": list(range(1000))}))
    assert [finding.code for finding in error.value.findings] == ["E106"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vars: {a: 1, b: [x, {c: 2}], c: $$d, d: true}\n", []),
        ("vars:\n", []),
        ("vars: [a]\n", ["E114"]),
        ("vars: {A: 1}\n", ["E115"]),
        ("vars: {a: }\n", ["E114"]),
        ("vars: {a: $item.idea}\n", ["E154"]),
        ("vars: {a: [{b: $vars.c}]}\n", ["E154"]),
    ],
)
def test_variables(text: str, expected: list[str]) -> None:
    assert [code for code, *_ in found(text)] == expected


@pytest.mark.parametrize(
    ("assignment", "value"),
    [
        ("vars.count=3", 3),
        ("vars.share=1", 1),
        ("vars.share=0.25", 0.25),
        ("vars.look=pixel", "pixel"),
        ("vars.look='3'", "3"),
        ("vars.sizes=[3]", [3]),
        ("vars.count=0.5", "E155"),
        ("vars.count=true", "E155"),
        ("vars.look=3", "E155"),
        ("vars.look=", "E155"),
        ("vars.look=$item.style", "E154"),
        ("vars.lok=a", "E141"),
        ("vars.look=[", "E142"),
    ],
)
def test_a_variable_is_set_and_keeps_its_type(assignment: str, value: object) -> None:
    text = "vars: {count: 2, share: 0.5, look: flat, sizes: [1, 2]}\n"
    given = Given(assignments=[assignment])
    if str(value).startswith("E1"):
        with pytest.raises(InvalidInput) as error:
            recipe(text, given=given)
        assert [finding.code for finding in error.value.findings] == [value]
        return
    changed = recipe(text, given=given)
    variable = changed.variable("", assignment.split("=", maxsplit=1)[0].removeprefix("vars."))
    assert variable is not None
    assert variable.node.plain() == value


def test_the_keys_of_a_stage() -> None:
    stages = """\
stages:
  base: {use: animate}
  cut:
    use: remove-background
    each: {frame: base}
    per: [style]
    seed_by: []
    when: '$item.state != "p"'
"""
    cut = recipe("", stages=stages).stages[1]
    assert {dimension: text.value for dimension, text in cut.each.items()} == {"frame": "base"}
    assert [text.value for text in cut.per] == ["style"]
    assert cut.seed_by == ()
    assert cut.when is not None
    assert (cut.when.value, cut.when.span.line) == ('$item.state != "p"', 10)
    assert recipe("").stages[0].seed_by is None


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ("per: style", "E114"),
        ("per: [style, style]", "E150"),
        ("per: [3]", "E114"),
        ("seed_by: {a: b}", "E114"),
        ("each: base", "E114"),
        ("each: {Frame: base}", "E115"),
        ("each: {frame: }", "E114"),
        ("when: true", "E114"),
        ("when: [a]", "E114"),
        ("when: ", "E114"),
        ("wehn: a == b", "E111"),
        ("pre: [style]", "E111"),
        ("ecah: {frame: base}", "E111"),
    ],
)
def test_what_is_wrong_with_the_keys_of_a_stage(keys: str, code: str) -> None:
    assert [each for each, *_ in found("", stages=f"stages:\n  a: {{use: b, {keys}}}\n")] == [code]


def test_exports() -> None:
    maps = "from: {albedo: a, normal: b}"
    text = f"export:\n  - {{{maps}, to: out, format: files, name: '{{idea}}_{{map}}', quality: 3}}\n"
    (export,) = recipe(text + "  - {from: cut, to: o, format: files}\n").exports[:1]
    assert {map_: text.value for map_, text in export.sources.items()} == {"albedo": "a", "normal": "b"}
    assert (export.to.value, export.format.value, export.pattern and export.pattern.value) == (
        "out",
        "files",
        "{idea}_{map}",
    )
    assert export.options["quality"].node.value == 3


@pytest.mark.parametrize(
    ("export", "expected"),
    [
        ("a", ["E114"]),
        ("[a]", ["E114"]),
        ("[{}]", ["E113", "E113", "E113"]),
        ("[{from: a, to: b}]", ["E113"]),
        ("[{form: a, to: b, format: c}]", ["E111"]),
        ("[{from: [a], to: b, format: c}]", ["E114"]),
        ("[{from: {}, to: b, format: c}]", ["E114"]),
        ("[{from: {A: b}, to: b, format: c}]", ["E115"]),
        ("[{from: a, to: 3, format: c, name: ''}]", ["E114", "E114"]),
    ],
)
def test_what_is_wrong_with_exports(export: str, expected: list[str]) -> None:
    assert [code for code, *_ in found(f"export: {export}\n")] == expected
