"""Styles and templates of installed packages are data: found by name, read, digested, never run."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

import orchestrator
from orchestrator.errors import InvalidInput
from orchestrator.library import Library, shipped_folder
from tests.fences import typed
from tests.packages import packed

NEON = "words: [neon sign]\n"
RECIPE = """\
recipe: 1
items: {idea: [fire sword]}
stages:
  expand: {use: expand, with: {template: neon-icon}}
  plan: {use: plan, with: {style: neon}}
"""


def look(folder, name="studio-look", **files):
    module = name.replace("-", "_")
    written = {
        f"{module}/__init__.py": "raise SystemError\n",
        **{f"{module}/{path.replace('__', '/', 1)}.{'yaml' if path.startswith('styles') else 'jinja'}": text
           for path, text in files.items()},
    }  # fmt: skip
    points = {f"orchestrator.{shelf}": {name: f"{module}.{shelf}"} for shelf in ("styles", "templates")}
    return packed(folder, name, points, written)


@pytest.fixture
def desk(tmp_path, own_store, monkeypatch):
    """A package with a style and a template, the latter built upon a shipped one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ORCHESTRATOR_STORE", str(own_store))
    template = '{% extends "game-icon" %}'
    monkeypatch.syspath_prepend(look(tmp_path, styles__neon=NEON, **{"templates__neon-icon": template}))
    Path("recipe.yaml").write_text(RECIPE, "utf-8")
    return tmp_path


def library(*folders):
    return Library([*folders, shipped_folder("prompts")], packages=True)


def refused(call, *arguments):
    with pytest.raises(InvalidInput) as raised:
        call(*arguments)
    return [finding.code for finding in raised.value.findings]


def test_a_recipe_names_what_a_package_has_and_the_package_is_not_run(desk):
    graph = orchestrator.check("recipe.yaml").graph
    own = Library([desk / "own"])
    (desk / "own" / "styles").mkdir(parents=True)
    (desk / "own" / "styles" / "neon.yaml").write_text(NEON, "utf-8")
    assert graph.resources["style", "neon"].digest == own.find("style", "neon").digest
    assert ("template", "neon-icon") in graph.resources
    assert "studio_look" not in sys.modules


def test_the_recipes_own_comes_first_then_what_ships_then_packages(desk, monkeypatch):
    monkeypatch.syspath_prepend(look(desk, "studio-flat", styles__flat="words: [other]\n"))
    shipped = Library([shipped_folder("prompts")]).find("style", "flat")
    assert library().find("style", "flat").digest == shipped.digest
    (desk / "mine" / "styles").mkdir(parents=True)
    (desk / "mine" / "styles" / "neon.yaml").write_text("words: [mine]\n", "utf-8")
    assert library(desk / "mine").find("style", "neon").value.words == ("mine",)
    assert library().find("style", "neon").value.words == ("neon sign",)


def test_names_are_those_of_packages_too_and_help_who_misspells(desk):
    assert {"neon", "flat"} <= set(library().names("style"))
    assert "neon" not in Library([shipped_folder("prompts")]).names("style")
    Path("recipe.yaml").write_text(RECIPE.replace("style: neon", "style: neno"), "utf-8")
    with pytest.raises(InvalidInput) as raised:
        orchestrator.check("recipe.yaml")
    assert [finding.fix for finding in raised.value.findings] == ["neon"]


def test_two_packages_with_one_style_are_no_choice(desk, monkeypatch):
    monkeypatch.syspath_prepend(look(desk, "studio-second", styles__neon=NEON))
    assert refused(library().find, "style", "neon") == ["E417"]
    with pytest.raises(InvalidInput) as raised:
        orchestrator.check("recipe.yaml")
    (finding,) = raised.value.findings
    assert (finding.code, finding.span.line, finding.span.column) == ("E417", 5, 35)
    assert "`python -m pip uninstall studio-look`" in finding.help


def test_what_is_wrong_in_a_package_is_told_at_its_line(desk, monkeypatch):
    monkeypatch.syspath_prepend(
        look(desk, "studio-bad", styles__bad="words: [1\n", templates__bad="{% if %}")
    )
    assert refused(library().find, "style", "bad")
    assert refused(library().find, "template", "bad") == ["E413"]


def test_a_package_whose_folder_is_not_there_hides_nothing(desk, monkeypatch):
    monkeypatch.syspath_prepend(packed(desk, "studio-none", {"orchestrator.styles": {"x": "studio_none"}}))
    assert library().find("style", "neon") is not None
    assert library().find("style", "flat") is not None
    assert refused(library().find, "style", "missing") == ["E409"]


def test_the_list_says_who_offers_what(desk, monkeypatch):
    monkeypatch.syspath_prepend(look(desk, "studio-flat", styles__flat="words: [other]\n"))
    monkeypatch.syspath_prepend(packed(desk, "studio-new", {"orchestrator.styles.v2": {"x": "studio_new"}}))
    outcome = typed("orchestrator library style")
    assert outcome.status == 0
    lines = [line.split() for line in outcome.output.splitlines()]
    assert ["neon", "style", "(studio-look", "1.0)"] in lines
    assert ["flat", "style"] in lines
    assert "warning[W670]: the style 'flat' of studio-flat 1.0 is not used" in outcome.output
    assert "error[E418]: the folder of styles 'x' of studio-new 1.0" in outcome.output
    document = json.loads(typed("orchestrator library template --json").output)
    neon = {"shelf": "template", "name": "neon-icon", "package": "studio-look", "release": "1.0"}
    assert neon in document["resources"]
