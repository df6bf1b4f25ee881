from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from orchestrator.errors import InvalidInput
from orchestrator.errors.render import full
from orchestrator.recipe import Given, Recipe, check_product, read_recipe
from orchestrator.recipe.changes.python import Members
from orchestrator.recipe.files import Files
from tests.recipe.memory_files import MemoryFiles

TEXT = """\
recipe: 1
models:
  painter: {diffusion: embedded}
items:
  idea: [fire sword, ice sword]
  variant: 2
stages:
  expand: {use: expand}
  plan: {use: plan, with: {steps: 25, style: flat}}
"""


@pytest.fixture
def recipe() -> Recipe:
    return read_recipe(TEXT, "recipe.yaml")


def assigned(*assignments: str) -> Recipe:
    return read_recipe(TEXT, "recipe.yaml", given=Given(assignments=assignments))


def with_items(items: Mapping[str, Members], files: Files | None = None) -> Recipe:
    return read_recipe(TEXT, "recipe.yaml", files=files, given=Given(items=items))


def with_models(models: Mapping[str, object]) -> Recipe:
    return read_recipe(TEXT, "recipe.yaml", given=Given(models=models))


def params(recipe: Recipe, stage: str) -> dict[str, object]:
    (entry,) = (entry for entry in recipe.stages if entry.name == stage)
    return {name: value.node.plain() for name, value in entry.params.items()}


def refused(error: pytest.ExceptionInfo[InvalidInput]) -> list[str]:
    return [finding.code for finding in error.value.findings]


@pytest.mark.parametrize(
    "text", ["ugly #1 hands", "#ff0000", "ugly, blurry", "a=b", "note: no hands", "colours:", "- #1", "a:b #"]
)
def test_set_hash(text: str) -> None:
    (_, plan) = assigned(f"plan.negative_prompt={text}").stages
    assert plan.params["negative_prompt"].node.plain() == text


@pytest.mark.parametrize(
    ("text", "value"), [('"a #b"', "a #b"), ("[a, 'b: c']", ["a", "b: c"]), ("{a: 1}", {"a": 1}), ("7", 7)]
)
def test_what_stands_in_quotes_and_brackets_is_read_as_in_a_recipe(text: str, value: object) -> None:
    (_, plan) = assigned(f"plan.negative_prompt={text}").stages
    assert plan.params["negative_prompt"].node.plain() == value


@pytest.mark.parametrize(
    ("assignment", "value"),
    [
        ("plan.steps=30", 30),
        ("plan.steps = 1e-4", 1e-4),
        ("plan.steps=no", "no"),
        ("plan.steps=[a, {b: 1}]", ["a", {"b": 1}]),
        ("plan.steps=a=b", "a=b"),
        ("plan.steps=$item.style", "$item.style"),
        ("plan.steps=", None),
        ("plan.steps='12'", "12"),
        ('plan.steps="[blurry"', "[blurry"),
    ],
)
def test_a_param_is_set(recipe: Recipe, assignment: str, value: object) -> None:
    changed = assigned(assignment)
    assert params(changed, "plan") == {"steps": value, "style": "flat"}
    assert params(recipe, "plan")["steps"] == 25


def test_the_last_one_wins_and_others_stay(recipe: Recipe) -> None:
    changed = assigned("plan.width=64", "plan.width=32", "seed=9")
    assert params(changed, "plan") == {"steps": 25, "style": "flat", "width": 32}
    assert changed.seed == 9


def test_roles_get_sources_and_kinds(recipe: Recipe) -> None:
    changed = assigned(
        "models.painter=models/sd/", "models.writer=models/llm", "models.other=diffusion:C:/models/x"
    )
    assert [(choice.role, choice.kind, str(choice.source)) for choice in changed.models] == [
        ("painter", "diffusion", "models/sd/"),
        ("writer", "llm", "models/llm"),
        ("other", "diffusion", "C:/models/x"),
    ]


@pytest.mark.parametrize(
    ("assignment", "code"),
    [
        ("", "E140"),
        ("plan", "E140"),
        ("=3", "E140"),
        ("plan.steps:3", "E140"),
        ("paln.steps=3", "E141"),
        ("plan=3", "E141"),
        ("plan.=3", "E141"),
        ("models=3", "E141"),
        ("plan.steps=[1", "E142"),
        ("plan.steps=!!x 1", "E142"),
        ("plan.steps={a: 1, a: 2}", "E142"),
        ("models.panter=embedded", "E143"),
        ("models.painter=3", "E114"),
        ("models.painter=SD", "E122"),
        ("models.painter=huggingface:a/b", "E121"),
        ("models.painter=gam:embedded", "E122"),
        ("vars.x=1", "E141"),
        ("seed=x", "E116"),
    ],
)
def test_refused_assignments(recipe: Recipe, assignment: str, code: str) -> None:
    with pytest.raises(InvalidInput) as error:
        assigned(assignment)
    assert refused(error) == [code]
    assert full(error.value.findings, error.value.sources)


def test_all_findings_of_all_assignments_with_their_places(recipe: Recipe) -> None:
    with pytest.raises(InvalidInput) as error:
        assigned("a.b=1", "plan.steps=3", "plan.x=[", "seed=-1")
    places = [
        (finding.code, finding.span.line, finding.span.column)
        for finding in error.value.findings
        if finding.span
    ]
    assert places == [("E141", 1, 7), ("E142", 3, 14), ("E116", 4, 12)]


def test_items_are_replaced_and_added(recipe: Recipe) -> None:
    changed = with_items(
        {
            "idea": ["  Red apple ", {"id": "x", "value": "axe", "hard": True}],
            "style": ["flat", 2],
            "variant": 3,
        }
    )
    ids = [(axis.name, [record.id for record in axis.records]) for axis in changed.dimensions]
    assert ids == [
        ("idea", ["red-apple", "x"]),
        ("style", ["flat", "2"]),
        ("variant", ["1", "2", "3"]),
    ]
    assert changed.dimensions[0].records[0].fields["value"] == "Red apple"
    assert changed.dimensions[0].records[1].fields["hard"] is True
    assert [record.id for record in recipe.dimensions[0].records] == ["fire-sword", "ice-sword"]


@pytest.mark.parametrize(
    ("items", "codes"),
    [
        ({"idea": []}, ["E134"]),
        ({"idea": "sword"}, ["E114"]),
        ({"idea": ["", "a", "A", 3, None]}, ["E130", "E132", "E135", "E130"]),
        ({"Idea": ["a"]}, ["E115"]),
        ({"idea": ["x" * 3000]}, ["E131"]),
        ({"variant": 0}, ["E116"]),
        ({"idea": [object()]}, []),
    ],
)
def test_refused_items(recipe: Recipe, items: dict[str, list[object]], codes: list[str]) -> None:
    if not codes:
        with_items(items)
        return
    with pytest.raises(InvalidInput) as error:
        with_items(items)
    assert refused(error) == codes


def test_a_value_that_holds_itself_ends(recipe: Recipe) -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(InvalidInput):
        with_items({"style": endless})


def test_a_table_from_python(recipe: Recipe) -> None:
    files = MemoryFiles({"ideas.csv": "id,value\na,axe\n"})
    changed = with_items({"idea": {"csv": "ideas.csv"}, "style": ["flat"]}, files)
    assert [record.id for record in changed.dimensions[0].records] == ["a"]
    assert changed.sources["ideas.csv"]


def test_models_from_python(recipe: Recipe, tmp_path: Path) -> None:
    pipe = object()
    changed = with_models({"painter": pipe, "writer": Path("llm")})
    painter, writer = changed.models
    assert (painter.kind, painter.given, str(painter.source)) == ("diffusion", pipe, "<python>")
    assert (writer.kind, str(writer.source)) == ("llm", "./llm")
    assert str(with_models({"painter": tmp_path}).models[0].source) == tmp_path.as_posix()
    assert with_models({"second": "diffusion:embedded"}).models[1].kind == "diffusion"


@pytest.mark.parametrize(
    ("role", "model", "code"),
    [("second", object(), "E143"), ("painter", "SD", "E122"), ("A", "llm:embedded", "E143")],
)
def test_refused_models(recipe: Recipe, role: str, model: object, code: str) -> None:
    with pytest.raises(InvalidInput) as error:
        with_models({role: model})
    assert refused(error) == [code]


def test_exclusions_may_name_members_that_the_caller_replaced() -> None:
    text = "recipe: 1\nitems: {idea: [cat, dog]}\nexclude: [{idea: cat}]\nstages: {a: {use: b}}\n"
    assert not check_product(read_recipe(text, "r", given=Given({"idea": ["sword"]}, "<--idea>")))
