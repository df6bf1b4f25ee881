from __future__ import annotations

import time
from collections.abc import Mapping

import pytest

from orchestrator.errors import InvalidInput
from orchestrator.errors.render import full
from orchestrator.recipe import Caps, Given, Recipe, examine, read_recipe
from tests.recipe.memory_files import MemoryFiles

OUTER = """\
recipe: 1
models: {painter: {diffusion: embedded}}
vars: {steps: 30, many: [1, 2]}
items: {idea: [sword]}
stages:
  expand: {use: expand}
  look: {include: parts/look.yaml, with: {steps: $vars.steps, style: $item.idea}}
  sheet: {use: contact-sheet, inputs: {images: look.render}}
"""
LOOK = """\
recipe: 1
name: look
models: {painter: {diffusion: embedded}, writer: {llm: embedded}}
vars: {steps: 20, style: flat, scale: 1.5}
items: {idea: [other]}
zip: nonsense, but not taken
stages:
  plan: {use: plan, with: {steps: $vars.steps, style: $vars.style}}
  render: {use: render, inputs: {plan: plan, image: expand}}
  inner: {include: deep.yaml, with: {steps: $vars.steps, list: [$vars.scale]}}
"""
DEEP = """\
recipe: 1
vars: {steps: 1, list: [0.5]}
stages:
  cut: {use: remove-background, with: {steps: $vars.steps, list: $vars.list}, each: {frame: cut}}
"""
FILES = {"parts/look.yaml": LOOK, "parts/deep.yaml": DEEP}


def read(*assignments: str) -> Recipe:
    given = Given(assignments=assignments)
    return read_recipe(OUTER, "art/recipe.yaml", files=MemoryFiles(FILES), given=given)


def found(text: str, files: Mapping[str, str | bytes] = FILES) -> list[tuple[str, str, int]]:
    ready = {"icons": LOOK.replace("  inner", "  #"), "ready-file": outer("x.yaml"), "ready": outer("icons")}
    reading = examine(text, "art/recipe.yaml", files=MemoryFiles(files, ready))
    printed = full(reading.findings, {**reading.sources, "art/recipe.yaml": reading.text})
    assert bool(printed) == bool(reading.findings)
    return [(each.code, each.span.file, each.span.line) for each in reading.findings if each.span]


def stages(count: int, entry: str) -> str:
    return "recipe: 1\nstages:\n" + "".join(f"  s{number}: {{{entry}}}\n" for number in range(count))


def outer(name: str, more: str = "", head: str = "") -> str:
    return f"recipe: 1\n{head}stages:\n  look: {{include: {name}{more}}}\n"


def test_stages_are_spliced_under_their_namespace() -> None:
    recipe = read()
    assert [stage.name for stage in recipe.stages] == [
        "expand",
        "look.plan",
        "look.render",
        "look.inner.cut",
        "sheet",
    ]
    render, cut = recipe.stages[2], recipe.stages[3]
    inputs = {port: text.value for port, text in render.inputs.items()}
    assert inputs == {"plan": "look.plan", "image": "expand"}
    assert (render.scope, cut.scope, cut.each["frame"].value) == ("look", "look.inner", "look.inner.cut")
    assert (cut.name_span.file, cut.name_span.line) == ("art/parts/deep.yaml", 4)
    assert [(choice.role, choice.span.file) for choice in recipe.models] == [
        ("painter", "art/recipe.yaml"),
        ("writer", "art/parts/look.yaml"),
    ]
    assert [record.id for record in recipe.dimensions[0].records] == ["sword"]
    assert set(recipe.sources) == {"art/parts/look.yaml", "art/parts/deep.yaml"}


def test_variables_are_resolved_through_the_scopes_and_late() -> None:
    recipe = read("vars.steps=40")

    def value(scope: str, name: str) -> object:
        variable = recipe.variable(scope, name)
        return variable and variable.node.plain()

    assert (value("", "steps"), value("look", "steps"), value("look.inner", "steps")) == (40, 40, 40)
    assert value("look", "style") == "$item.idea"
    assert value("look.inner", "list") == [1.5]
    assert value("look", "nosuch") is None
    assert value("other", "steps") is None


def test_a_param_of_an_included_stage_is_set_by_its_path() -> None:
    recipe = read("look.inner.cut.steps=3", "look.plan.steps=4")
    assert recipe.stages[3].params["steps"].node.value == 3
    assert recipe.stages[1].params["steps"].node.value == 4
    with pytest.raises(InvalidInput) as error:
        read("look.paln.steps=3")
    assert error.value.findings[0].fix == "--set look.plan.steps=3"


def test_a_ready_recipe_by_its_name() -> None:
    assert found(outer("icons")) == []
    assert found(outer("ready")) == []
    assert found(outer("ready-file")) == [("E157", "<ready>/ready-file.yaml", 3)]
    assert found(outer("icnos")) == [("E162", "art/recipe.yaml", 3)]
    (finding,) = examine(outer("icnos"), "r", files=MemoryFiles({}, {"icons": LOOK})).findings
    assert finding.fix == "icons"
    (finding,) = examine(outer("cut"), "r", files=MemoryFiles({"cut.yaml": DEEP})).findings
    assert finding.fix == "cut.yaml"


def test_what_an_include_names_of_the_outside_is_kept_for_the_wiring() -> None:
    inner = "recipe: 1\nstages: {x: {use: y}}\n"
    files = {"a.yaml": outer("b.yaml", ", inputs: {mask: look.x}"), "b.yaml": inner}
    recipe = read_recipe(outer("a.yaml", ", inputs: {image: render}"), "r", files=MemoryFiles(files))
    assert {port: text.value for port, text in recipe.stages[0].given.items()} == {
        "look/image": "render",
        "look.look/mask": "look.look.x",
    }


@pytest.mark.parametrize(
    ("more", "head", "expected"),
    [
        (", with: {stesp: 3}", "", [("E164", 3)]),
        (", with: {steps: many}", "", [("E155", 3)]),
        (", with: {steps: 3.5}", "", [("E155", 3)]),
        (", with: {steps: true}", "", [("E155", 3)]),
        (", with: {scale: 3}", "", []),
        (", with: {steps: $vars.x}", "", [("E166", 3)]),
        (", with: {steps: $vars.x}", "vars: {x: text}\n", [("E155", 4)]),
        (", with: {scale: $vars.x}", "vars: {x: 1}\n", []),
        (", with: {style: $$cheap}", "", []),
        (", wiht: {style: a}", "", [("E111", 3)]),
        (", use: render", "", [("E111", 3)]),
        (", inputs: [a]", "", [("E114", 3)]),
        ("", "models: {painter: {diffusion: ./other}}\n", [("E165", 4)]),
        ("", "models: {painter: {llm: embedded}}\n", [("E165", 4)]),
    ],
)
def test_parameters_and_roles_are_checked(more: str, head: str, expected: list[tuple[str, int]]) -> None:
    got = found(outer("parts/look.yaml", more, head))
    assert got == [(code, "art/recipe.yaml", line) for code, line in expected]


@pytest.mark.parametrize(
    "name", ["../x.yaml", "/etc/x.yaml", "C:/x.yaml", "a\\x.yaml", "con.yaml", "a/../../b.yaml"]
)
def test_an_include_stays_below_the_folder(name: str) -> None:
    assert found(outer(f"'{name}'")) == [("E157", "art/recipe.yaml", 3)]


def test_an_include_at_the_top_is_told_its_place() -> None:
    (finding,) = examine(f"include: parts/cut.yaml\n{stages(1, 'use: b')}", "r").findings
    assert (finding.code, finding.fix) == ("E111", "look: {include: parts/cut.yaml}")


def test_cycles_end() -> None:
    itself = {"recipe.yaml": outer("recipe.yaml")}
    assert found(outer("recipe.yaml"), itself) == [("E163", "art/recipe.yaml", 3)]
    assert found(outer("./recipe.yaml"), itself) == [("E163", "art/recipe.yaml", 3)]
    files = {"a.yaml": outer("b.yaml"), "b.yaml": outer("a.yaml")}
    assert found(outer("a.yaml"), files) == [("E163", "art/b.yaml", 3)]


def test_depth_number_bytes_nodes_and_stages_have_caps() -> None:
    deep = {f"f{n}.yaml": outer(f"f{n + 1}.yaml") for n in range(20)}
    wide = {f"f{n}.yaml": stages(9, f"include: f{n + 1}.yaml") for n in range(5)}
    wide["f5.yaml"] = stages(1, "use: b")
    big = {"f0.yaml": stages(900, "use: b")}
    three = stages(3, "include: f0.yaml")
    start = time.process_time()
    for text, files, caps, name in (
        (outer("f0.yaml"), deep, Caps(), "include_depth"),
        (outer("f0.yaml"), wide, Caps(), "includes"),
        (three, big, Caps(), "stages"),
        (three, big, Caps(nodes=8_000), "nodes"),
        (three, big, Caps(bytes=40_000), "bytes"),
    ):
        reading = examine(text, "r", caps, MemoryFiles(files))
        assert {each.code for each in reading.findings} == {"E106"}, name
        assert any(f"`caps.{name} =" in each.help for each in reading.findings), name
    assert time.process_time() - start < 2


def test_variables_cannot_multiply() -> None:
    fifty, head = ", ".join(["$vars.x"] * 50), "vars: {x: [1]}\n"
    chain = {f"f{n}.yaml": outer(f"f{n + 1}.yaml", f", with: {{x: [{fifty}]}}", head) for n in range(7)}
    chain["f7.yaml"] = f"recipe: 1\n{head}stages: {{a: {{use: b, with: {{c: $vars.x}}}}}}\n"
    start = time.process_time()
    assert [code for code, *_ in found(outer("f0.yaml", ", with: {x: [1, 2]}"), chain)] == ["E106"]
    assert time.process_time() - start < 1


def test_what_is_wrong_inside_has_its_place_inside() -> None:
    look = LOOK.replace("use: plan", "us: plan").replace("scale: 1.5", "scale: ")
    broken = {"parts/look.yaml": look, "parts/deep.yaml": "recipe: 1\nstages: [\n"}
    assert found(OUTER, broken) == [
        ("E103", "art/parts/deep.yaml", 2),
        ("E114", "art/parts/look.yaml", 4),
        ("E111", "art/parts/look.yaml", 8),
    ]
    assert found(outer("x.yaml"), {"x.yaml": ""}) == [("E162", "art/recipe.yaml", 3)]
    assert found(outer("x.yaml"), {"x.yaml": "a: 1"}) == [("E113", "art/x.yaml", 1)]
    assert found(outer("x.yaml"), {"x.yaml": "[1]"}) == [("E114", "art/x.yaml", 1)]
    assert found(outer("x.yaml"), {"x.yaml": "recipe: 1\nstages: {a: *b}"})[0][0] == "E108"
    assert found(outer("parts/lok.yaml")) == [("E156", "art/recipe.yaml", 3)]
    assert found("recipe: 1\nstages:\n  A: {include: parts/look.yaml}\n") == [("E115", "art/recipe.yaml", 3)]


def test_set_on_an_include_lists_its_stages() -> None:
    with pytest.raises(InvalidInput) as raised:
        read("look.steps=3")
    (finding,) = raised.value.findings
    assert (finding.code, finding.fix) == ("E141", "")
    assert "`look.plan`" in finding.why
