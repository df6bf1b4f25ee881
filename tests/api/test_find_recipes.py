"""Which files of a folder are recipes."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.api.find_recipes import find_recipes

RECIPE = "recipe: 1\nstages: {}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _write(name: str, text: str = RECIPE) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_folder_stands_for_its_recipes_however_deep(folder: Path) -> None:
    for name in ("looks/b.yml", "looks/deep/er/c.yaml", "looks/a.yaml"):
        _write(name)
    _write("looks/flat.yaml", "description: one colour\n")
    _write("looks/a.review.yaml", "- {item: {idea: sword}, attempt: 1}\n")
    _write("looks/notes.txt")
    _write("looks/.git/d.yaml")
    found = find_recipes(["looks"])
    assert found.recipes == ("looks/a.yaml", "looks/b.yml", "looks/deep/er/c.yaml")
    assert found.skipped == ("looks/flat.yaml",)
    assert not found.findings


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffrecipe: 1\n", "# a note\n\n---\nrecipe: 1\n", "name: icons\nrecipe: 1\n", "'recipe': 1\n",
        "{recipe: 1}\n", "recipe : 1\r\n",
    ],
)  # fmt: skip
def test_a_recipe_has_its_key_at_the_left_margin(folder: Path, text: str) -> None:
    _write("looks/a.yaml", text)
    assert find_recipes(["looks"]).recipes == ("looks/a.yaml",)


@pytest.mark.parametrize("text", ["", "a:\n  recipe: 1\n", "recipes: 1\n", "# recipe: 1\n", "- recipe\n"])
def test_other_files_are_none(folder: Path, text: str) -> None:
    _write("looks/a.yaml", text)
    found = find_recipes(["looks"])
    assert found.skipped == ("looks/a.yaml",)
    assert [finding.code for finding in found.findings] == ["E424"]


def test_what_is_named_outright_is_taken_as_it_is_and_once(folder: Path) -> None:
    _write("looks/flat.yaml", "description: one colour\n")
    _write("looks/a.yaml")
    found = find_recipes(["item-icons", "looks/flat.yaml", "looks", "looks/a.yaml", "nothing"])
    assert found.recipes == ("item-icons", "looks/flat.yaml", "looks/a.yaml", "nothing")
    assert found.skipped == ()


def test_a_review_file_stands_for_the_recipe_beside_it(folder: Path) -> None:
    _write("looks/a.yml")
    assert find_recipes(["looks/a.review.yaml", "looks/a.yml", "looks"]).recipes == ("looks/a.yml",)
    assert find_recipes(["b.review.yml"]).recipes == ("b.yaml",)
