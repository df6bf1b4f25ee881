"""File params: found below the recipe's folder or among what ships, digested when checked, read when used."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image as PillowImage

import orchestrator
from orchestrator.api.input_files import InputFiles
from orchestrator.errors import InvalidInput, StageFailure
from orchestrator.stage.canonical import digest_of

RECIPE = """\
recipe: 1
name: t
items:
  ref: {glob: "refs/*.png"}
stages:
  base: {use: picture, with: {file: $item.ref}}
"""


@pytest.fixture
def recipe(tmp_path: Path, known_models: Path) -> Path:
    (tmp_path / "refs").mkdir()
    for shade, name in ((10, "one"), (200, "two")):
        PillowImage.new("L", (8, 8), shade).save(tmp_path / "refs" / f"{name}.png")
    path = tmp_path / "recipe.yaml"
    path.write_text(RECIPE, encoding="utf-8")
    return path


def test_a_file_is_known_by_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one")
    found = InputFiles(tmp_path).find("a.txt")
    assert found is not None
    assert found.digest == digest_of(b"one")
    assert found.value == b"one"
    (tmp_path / "a.txt").write_bytes(b"two")
    with pytest.raises(StageFailure, match="other bytes") as error:
        _ = found.value
    assert error.value.code == "E538"


def test_what_ships_is_named_by_package() -> None:
    found = InputFiles(Path()).find("package:item-icons.yaml")
    assert found is not None
    assert b"recipe: 1" in found.value


@pytest.mark.parametrize("name", ["../out.txt", "/etc/hosts", "package:../pyproject.toml", "folder", "C:/x"])
def test_what_lies_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InvalidInput) as error:
        InputFiles(tmp_path).find(name)
    (finding,) = error.value.findings
    assert finding.code == "E228"
    assert finding.help


def test_the_names_are_those_below_the_folder(recipe: Path) -> None:
    assert InputFiles(recipe.parent).names() == ("recipe.yaml", "refs/one.png", "refs/two.png")
    assert InputFiles(recipe.parent).find("refs/three.png") is None


def test_a_run_over_files_follows_their_bytes(
    recipe: Path, own_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_STORE", str(own_store))
    first = orchestrator.run(recipe)
    assert [picture.getpixel((0, 0)) for picture in first.pictures] == [10, 200]
    PillowImage.new("L", (8, 8), 99).save(recipe.parent / "refs" / "two.png")
    second = orchestrator.run(recipe)
    assert (second.counts["stored"], second.counts["done"]) == (1, 1)
    assert [picture.getpixel((0, 0)) for picture in second.pictures] == [10, 99]


def test_a_missing_file_has_a_finding_at_the_param(recipe: Path) -> None:
    recipe.write_text(RECIPE.replace("$item.ref", "refs/tow.png"), encoding="utf-8")
    with pytest.raises(InvalidInput) as error:
        orchestrator.check(recipe)
    finding = error.value.findings[0]
    assert (finding.code, finding.fix) == ("E220", "refs/two.png")
    assert finding.span is not None
    assert finding.span.line == 6
