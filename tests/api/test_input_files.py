"""File params: found below the recipe's folder or among what ships, digested when checked, read when used."""

from __future__ import annotations

import io
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


POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"


def picture_bytes(kind: str) -> bytes:
    file = io.BytesIO()
    PillowImage.effect_noise((64, 64), 80).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "code", "word"),
    [
        (POINTER, "E544", "git lfs pull"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "E544", "web page"),
        (b"\n <html lang='en'>", "E544", "web page"),
        (b"", "E544", "is empty"),
        (b"not a picture", "E544", "no picture"),
        (b"RIFF....WAVEfmt ", "E544", "no picture"),
        *((picture_bytes(kind)[: len(picture_bytes(kind)) // 2], "E546", "cut off")
          for kind in ("PNG", "JPEG", "WEBP", "GIF", "BMP")),
    ],
)  # fmt: skip
def test_pictures_that_are_none_are_told_before_a_run(
    recipe: Path, data: bytes, code: str, word: str
) -> None:
    (recipe.parent / "refs" / "two.png").write_bytes(data)
    with pytest.raises(InvalidInput) as raised:
        orchestrator.check(recipe)
    (finding,) = raised.value.findings
    assert finding.code == code
    assert "refs/two.png" in finding.message
    assert word in f"{finding.message} {finding.help}"
    assert finding.span is not None


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
@pytest.mark.parametrize("more", [b"", b"\0" * 100_000])
def test_whole_pictures_are_none_of_them(recipe: Path, kind: str, more: bytes) -> None:
    """Whatever their ending says of the format, and whatever a camera wrote behind them."""
    (recipe.parent / "refs" / "two.png").write_bytes(picture_bytes(kind) + more)
    assert orchestrator.check(recipe).findings == ()


def test_a_jpeg_without_its_last_mark_is_read(recipe: Path) -> None:
    (recipe.parent / "refs" / "two.png").write_bytes(picture_bytes("JPEG").removesuffix(b"\xff\xd9"))
    try:
        with PillowImage.open(recipe.parent / "refs" / "two.png") as opened:
            opened.load()
    except OSError:
        pytest.skip("this decoder wants it")
    assert orchestrator.check(recipe).findings == ()


def test_files_that_are_named_otherwise_may_hold_anything(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_bytes(b"<html>")
    assert InputFiles(tmp_path).find("notes.txt") is not None


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
