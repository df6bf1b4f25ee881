"""Tables, variant syntax, wildcards and includes through the whole check, with the stages that ship."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator import api
from orchestrator.errors import InvalidInput

RECIPE = """\
recipe: 1
vars: {steps: 10}
items:
  idea: {csv: ideas.csv}
  style: [flat, pixel]
zip: [idea, style]
stages:
  expand: {use: expand}
  look: {include: parts/look.yaml, with: {steps: $vars.steps}}
  icons: {include: item-icons}
"""
LOOK = """\
recipe: 1
vars: {steps: 8}
stages:
  plan: {use: plan, with: {steps: $vars.steps, style: $item.style, width: $item.idea.width}}
  render: {use: render}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "parts").mkdir()
    (tmp_path / "wildcards").mkdir()
    (tmp_path / "recipe.yaml").write_text(RECIPE)
    (tmp_path / "parts" / "look.yaml").write_text(LOOK)
    (tmp_path / "ideas.csv").write_text("id,value,Width\nblade,a __metal__ sword,64\n")
    (tmp_path / "wildcards" / "metal.txt").write_text("iron\nsteel\n")
    return tmp_path


def places(**given: object) -> list[tuple[str, str, int]]:
    with pytest.raises(InvalidInput) as error:
        api.check("recipe.yaml", **given)
    found = [(each.code, each.span.file, each.span.line) for each in error.value.findings if each.span]
    assert {file for _, file, _ in found} <= set(error.value.sources)
    return found


@pytest.mark.usefixtures("folder")
def test_a_recipe_of_tables_and_includes_is_one_graph() -> None:
    checked = api.check("recipe.yaml", overrides=["vars.steps=12", "icons.plan.steps=5"])
    graph = checked.graph
    assert [record.id for record in graph.recipe.dimensions[0].records] == ["blade-iron", "blade-steel"]
    assert {"expand", "look.plan", "look.render", "icons.render"} <= set(graph.nodes)
    plan = graph.params_of(graph.nodes["look.plan"], {"idea": "blade-iron", "style": "flat"})
    assert (plan.steps, plan.width) == (12, 64)
    assert graph.params_of(graph.nodes["icons.plan"], {"idea": "blade-iron"}).steps == 5
    assert {"ideas.csv", "parts/look.yaml", "wildcards/metal.txt"} <= set(checked.sources)


def test_a_bad_cell_is_told_at_its_place_in_the_table(folder: Path) -> None:
    (folder / "ideas.csv").write_text("id,value,Width\nblade,a __metal__ sword,wide\n")
    assert places() == [("E203", "ideas.csv", 2)]


def test_what_is_wrong_in_several_files_comes_at_once(folder: Path) -> None:
    (folder / "parts" / "look.yaml").write_text(LOOK.replace("use: render", "use: rendr"))
    (folder / "recipe.yaml").write_text(RECIPE.replace("use: expand", "use: expnad"))
    assert places() == [("E201", "parts/look.yaml", 5), ("E201", "recipe.yaml", 8)]


def test_zipped_dimensions_are_checked_after_python_gave_its_items(folder: Path) -> None:
    given = {"idea": {"csv": "ideas.csv"}, "style": ["flat"]}
    assert places(items=given) == [("E152", "recipe.yaml", 6)]
    (folder / "more.csv").write_text("value,width\nsword,64\naxe,32\n")
    assert api.check("recipe.yaml", items={"idea": {"csv": "more.csv"}}).graph.nodes
