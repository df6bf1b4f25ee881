"""The JSON Schema says what the recipe language is, as far as it goes without wiring."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

import orchestrator
from orchestrator.api.recipe_schema import schema
from orchestrator.stage.registry import Registry
from tests.fences import fences

ROOT = Path(__file__).parents[2]
FILES = [*(ROOT / "pipelines").glob("*.yaml"), *(ROOT / "examples").rglob("*.yaml")]
READY = sorted(
    path for path in FILES if not path.name.endswith(".review.yaml") and "packages" not in path.parts
)
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
STAGES = '''\
from orchestrator.stage import Context, Field, Image, Params, stage


class Outline(Params):
    """Draw an outline."""

    width: int = Field(default=2, ge=1, le=16, description="outline width, px")
    colour: str = Field(description="its colour", examples=["black"])
    soft: bool = Field(default=False, deprecated="it never worked")


@stage("studio.outline", version=2, was=("outline",))
def outline(image: Image, mask: Image | None, params: Outline, ctx: Context) -> Image:
    return image
'''
BASE: dict[str, Any] = {
    "recipe": 1,
    "items": {"idea": ["a"]},
    "stages": {"expand": {"use": "expand"}, "plan": {"use": "plan"}, "render": {"use": "render"}},
}


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    return json.loads(json.dumps(schema(stages_files=[ROOT / "examples" / "custom_stage.py"])))


@pytest.fixture(scope="module")
def rules(whole: dict[str, Any]) -> Draft7Validator:
    Draft7Validator.check_schema(whole)
    return Draft7Validator(whole)


@pytest.fixture
def studio_rules(tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "outline.py").write_text(STAGES)
    return json.loads(json.dumps(schema(stages_files=[tmp_path / "outline.py"])))


def _recipes() -> list[tuple[str, str]]:
    files = [(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in READY]
    blocks = [
        (f"{path.name}:{fence.line}", fence.text)
        for path in DOCUMENTS
        for fence in fences(path.read_text(encoding="utf-8"))
        if fence.language == "yaml"
    ]
    return [*files, *blocks]


@pytest.mark.parametrize(("name", "text"), _recipes(), ids=[name for name, _ in _recipes()])
def test_a_good_recipe_passes(rules: Draft7Validator, name: str, text: str) -> None:
    assert [error.message for error in rules.iter_errors(yaml.safe_load(text))] == []


@pytest.mark.parametrize(
    "change",
    [
        {"recipe": 2}, {"stages": None}, {"stages": {}}, {"sede": 3}, {"seed": -1}, {"seed": "x"},
        {"items": {"idea": []}}, {"items": {"Idea": ["a"]}}, {"items": {"variant": 0}},
        {"items": {"idea": {"csv": "a.csv", "columns": 2}}}, {"items": {"idea": [{"name": "a"}]}},
        {"models": {"painter": {"difusion": "embedded"}}}, {"models": {"painter": "embedded"}},
        {"zip": ["idea"]}, {"exclude": [{"idea": {}}]}, {"vars": {"x": None}},
        {"export": [{"from": "render", "to": "build"}]},
        {"export": [{"from": "render", "to": "build", "format": "nope"}]},
    ],
)  # fmt: skip
def test_a_bad_recipe_fails(rules: Draft7Validator, change: dict[str, object]) -> None:
    assert not rules.is_valid({**BASE, **change})


@pytest.mark.parametrize(
    ("stage", "good"),
    [
        ({"use": "plan", "with": {"steps": 20}}, True),
        ({"use": "plan", "with": {"steps": "$vars.steps"}}, True),
        ({"use": "plan", "with": {"steps": "$item.idea.steps"}}, True),
        ({"use": "plan", "with": {"steps": "twenty"}}, False),
        ({"use": "plan", "with": {"steps": 0}}, False),
        ({"use": "plan", "with": {"step": 20}}, False),
        ({"use": "plan", "with": None}, True),
        ({"use": "plan", "with": {"style": "of-our-own"}}, True),
        ({"use": "plan", "with": {"style": 3}}, False),
        ({"use": "plan", "inputs": {"prompt": "expand"}}, True),
        ({"use": "plan", "inputs": {"promt": "expand"}}, False),
        ({"use": "plan", "gather": "idea"}, False),
        ({"use": "plan", "gather": ["idea", "idea"]}, False),
        ({"use": "plan", "each": {"frame": "idle"}, "when": "true", "per": ["idea"]}, True),
        ({"use": "plan", "wen": "true"}, False),
        ({"use": "atlas", "with": {"sizes": "equal"}}, True),
        ({"use": "atlas", "with": {"sizes": "same"}}, False),
        ({"use": "picture", "with": {"file": "$item.ref"}}, True),
        ({"use": "picture"}, False),
        ({"use": "picture", "with": {}}, False),
        ({"use": "amend", "with": {"add_details": ["$item.mood", "runes"]}}, True),
        ({"use": "nope"}, False),
        ({"with": {"steps": 20}}, False),
        ({"include": "item-icons", "with": {"steps": 20}}, True),
        ({"include": "parts/cut.yaml", "inputs": {"image": "render"}}, True),
        ({"include": "item-icons", "gather": ["idea"]}, False),
        ("plan", False),
    ],
)
def test_a_stage_is_checked_by_what_it_uses(rules: Draft7Validator, stage: object, *, good: bool) -> None:
    assert rules.is_valid({**BASE, "stages": {"expand": {"use": "expand"}, "one": stage}}) is good


def test_every_stage_and_param_is_described(whole: dict[str, Any]) -> None:
    registry = Registry()
    names = registry.names()
    known = whole["definitions"]["stage"]["else"]["properties"]["use"]
    assert set(names) <= set(known["enum"])
    assert len(known["enum"]) == len(known["enumDescriptions"])
    for name in names:
        spec = registry.find(name)
        assert spec is not None
        params = whole["definitions"][f"with-{name}"]["properties"]
        assert set(params) >= set(spec.params.model_fields)
        assert all(param["description"] for param in params.values()), name
        ports = whole["definitions"][f"inputs-{name}"]["properties"]
        assert set(ports) == {port.name for port in spec.inputs}


def test_limits_defaults_and_choices_are_those_of_the_params(whole: dict[str, Any]) -> None:
    atlas = whole["definitions"]["with-atlas"]["properties"]
    assert atlas["padding"]["default"] == 2
    assert {"type": "integer", "minimum": 0, "maximum": 64} in [
        {key: option[key] for key in ("type", "minimum", "maximum") if key in option}
        for option in atlas["padding"]["anyOf"]
    ]
    assert atlas["sizes"]["anyOf"][0]["enum"] == ["pad", "equal"]
    style = whole["definitions"]["with-plan"]["properties"]["style"]
    assert "pixel" in style["anyOf"][0]["enum"]


def test_stages_of_a_studio_are_there_by_all_their_names(studio_rules: dict[str, Any]) -> None:
    rules = Draft7Validator(studio_rules)
    params = studio_rules["definitions"]["with-studio.outline"]
    assert params["properties"]["colour"]["examples"] == ["black"]
    assert params["properties"]["soft"]["deprecated"] is True
    assert params["required"] == ["colour"]
    assert "mask" in studio_rules["definitions"]["inputs-studio.outline"]["properties"]
    for name in ("studio.outline", "outline"):
        one = {"use": name, "with": {"colour": "red", "width": 3}}
        assert rules.is_valid({**BASE, "stages": {"one": one}})
        wide = {**one, "with": {"colour": "red", "width": 99}}
        assert not rules.is_valid({**BASE, "stages": {"one": wide}})


def test_every_reference_of_the_schema_leads_somewhere(whole: dict[str, Any]) -> None:
    def references(node: object) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
            return own + [found for value in node.values() for found in references(value)]
        return [found for value in node for found in references(value)] if isinstance(node, list) else []

    assert {reference.removeprefix("#/definitions/") for reference in references(whole)} <= set(
        whole["definitions"]
    )


def test_what_validate_takes_the_schema_takes(rules: Draft7Validator, tmp_path: Path) -> None:
    """A record of every form that the language has."""
    text = """\
recipe: 1
name: all
seed: 9223372036854775807
vars: {steps: 20, look: flat, words: [a, b]}
models: {painter: {diffusion: embedded}}
items:
  idea: [{id: sword, value: fire sword, light: 1.2}, {id: bow, value: bow, light: 1.0}]
  style: [flat, pixel]
  variant: 2
exclude: [{idea: sword, style: [pixel]}]
stages:
  expand: {use: expand, with: {}}
  plan: {use: plan, with: {style: $item.style, steps: $vars.steps, painter: painter}}
  render: {use: render, per: [style], seed_by: [idea, style]}
  lit: {use: brightness, with: {factor: $item.idea.light}, when: 'image.width > 8'}
  sheet: {use: contact-sheet, gather: [idea, style, variant]}
export: [{from: {lit: lit}, to: build, format: files, name: "{idea}_{style}_{variant}_{map}"}]
"""
    (tmp_path / "recipe.yaml").write_text(text)
    orchestrator.check(tmp_path / "recipe.yaml")
    assert [error.message for error in rules.iter_errors(yaml.safe_load(text))] == []


STAGES_OF = "stages:\n  expand: {use: expand}\n  plan: {use: plan}\n  render: {use: render}\n"
GOOD = (
    "items: {idea: [a]}\nexport:\nvars:\nmodels:\n",
    "items: {idea: [a], x: [{id: b, value: [1, 2]}, {id: c, value: {y: 1}}, {id: d, z: null}]}\n",
    "items: {idea: [{id: 3, value: a}, {id: Sword, value: b}, {value: c, light: 1.5}]}\n",
    "name: 3\nitems: {idea: [a]}\nexclude: []\n",
    "items: {idea: [a], x: {csv: table.csv, id: key, value: b}, y: {csv: table.csv}}\n",
    "items: {idea: [a]}\nvars: {v: {a: 1}, w: [1]}\n",
)
BAD = (
    "items: {idea: [1, true]}\n",
    "items: {idea: [null]}\n",
    "name:\nitems: {idea: [a]}\n",
    "seed:\nitems: {idea: [a]}\n",
    "items: {idea: [a]}\nzip:\n",
    "items: {idea: [a]}\nmodels: {painter: {diffusion: embedded, llm: embedded}}\n",
    'items: {idea: [a]}\nexport: [{from: render, to: x, format: files, name: "{idea}", png: 3}]\n',
)


CASES = [*((text, True) for text in GOOD), *((text, False) for text in BAD)]


@pytest.mark.parametrize(("text", "good"), CASES)
def test_the_schema_and_validate_agree(
    rules: Draft7Validator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, *, good: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("table.csv").write_text("key,b\nfirst,2\n")
    Path("recipe.yaml").write_text(f"recipe: 1\n{text}{STAGES_OF}")
    try:
        orchestrator.check("recipe.yaml")
        valid = True
    except orchestrator.InvalidInput:
        valid = False
    assert valid is good
    assert rules.is_valid(yaml.safe_load(f"recipe: 1\n{text}{STAGES_OF}")) is good
