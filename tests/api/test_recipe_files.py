from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from orchestrator.api.recipe_files import RecipeFiles
from orchestrator.recipe import CannotRead, Files, read_recipe


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "refs" / "deep").mkdir(parents=True)
    (folder / ".git").mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    pictures = ("refs/b.png", "refs/a.png", "refs/deep/c.png", "refs/.hidden.png", ".git/d.png", "refs/A.PNG")
    for name in ("a.csv", *pictures):
        (folder / name).write_text(name)
    return folder


def outside(files: RecipeFiles, name: str) -> bool:
    with pytest.raises(CannotRead) as error:
        files.read(name, 1000)
    return error.value.outside


def test_it_is_what_the_recipe_asks_for(folder: Path) -> None:
    files: Files = RecipeFiles(folder)
    assert files.read("refs/deep/c.png", 100) == b"refs/deep/c.png"
    assert files.ready("item-icons") is not None
    assert files.ready("nosuch") is None
    assert "item-icons" in files.ready_names()


@pytest.mark.parametrize(
    "name",
    [
        "../secret.txt",
        "refs/../../secret.txt",
        "/etc/passwd",
        "//etc/passwd",
        "C:/x",
        "~/x",
        "a\\b",
        "NUL",
        "a.csv:x",
        "",
    ],
)
def test_hostile_names_are_refused_unseen(folder: Path, name: str) -> None:
    assert outside(RecipeFiles(folder), name)
    with pytest.raises(CannotRead) as error:
        RecipeFiles(folder).glob(f"{name}/*" if name else "", 10)
    assert error.value.outside


def test_glob_nfd(folder: Path) -> None:
    name = unicodedata.normalize("NFD", "refs/épée.png")
    (folder / name).write_text("nfd")
    files = RecipeFiles(folder)
    assert files.glob("refs/épé*.png", 10) == [name]
    assert files.read(unicodedata.normalize("NFC", name), 10) == b"nfd"
    assert files.read(name, 10) == b"nfd"


def test_folders_in_nfd_are_found_under_either_name(folder: Path) -> None:
    name = unicodedata.normalize("NFD", "é")
    (folder / name / "ü").mkdir(parents=True)
    (folder / name / "ü" / "a.png").write_text("a")
    files = RecipeFiles(folder)
    assert files.read("é/ü/a.png", 10) == b"a"
    with pytest.raises(CannotRead, match="does not exist"):
        files.read("é/ü/b.png", 10)


def test_glob_brackets(folder: Path) -> None:
    (folder / "refs [v2]").mkdir()
    (folder / "refs [v2]" / "knight [a].png").write_text("k")
    files = RecipeFiles(folder)
    assert files.glob("refs [v2]/*.png", 10) == ["refs [v2]/knight [a].png"]
    assert files.glob("refs [v2]/knight [a].png", 10) == ["refs [v2]/knight [a].png"]
    assert files.glob("refs [v2]/knight [[]a[]].png", 10) == ["refs [v2]/knight [a].png"]
    assert files.glob("refs/[ac].png", 10) == ["refs/a.png"]


def test_what_is_not_there_a_folder_and_too_large_are_told(folder: Path) -> None:
    files = RecipeFiles(folder)
    reasons = {"nosuch": "does not exist", "refs": "is a folder", "a.csv/x": "does not exist"}
    for name, reason in reasons.items():
        with pytest.raises(CannotRead, match=reason) as error:
            files.read(name, 100)
        assert not error.value.outside
    with pytest.raises(CannotRead) as error:
        files.read("a.csv", 4)
    assert error.value.over
    assert files.read("a.csv", 5) == b"a.csv"


@pytest.mark.skipif(os.name == "nt", reason="Windows lets only administrators make links")
def test_links_may_stay_inside_and_not_lead_out(folder: Path) -> None:
    (folder / "in.csv").symlink_to("a.csv")
    (folder / "out.csv").symlink_to("../secret.txt")
    (folder / "loop").symlink_to("loop")
    (folder / "refs" / "up").symlink_to("..")
    (folder / "elsewhere").symlink_to("..")
    files = RecipeFiles(folder)
    assert files.read("in.csv", 100) == b"a.csv"
    assert files.read("refs/up/a.csv", 100) == b"a.csv"
    assert outside(files, "out.csv")
    assert outside(files, "elsewhere/secret.txt")
    assert not outside(files, "loop")
    with pytest.raises(CannotRead) as error:
        files.glob("*.csv", 10)
    assert error.value.outside
    with pytest.raises(CannotRead, match="`elsewhere`, which is a link that leads out"):
        files.glob("elsewhere/*", 10)
    assert files.glob("elsewhere/*", 10, lenient=True) == []
    assert "refs/up/a.csv" not in files.glob("**/a.csv", 10)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes")
def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.csv")
    assert outside(RecipeFiles(folder), "pipe.csv")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("refs/*.png", ["refs/a.png", "refs/b.png"]),
        ("./refs//?.png", ["refs/a.png", "refs/b.png"]),
        ("**/*.png", ["refs/a.png", "refs/b.png", "refs/deep/c.png"]),
        ("refs/**", ["refs/A.PNG", "refs/a.png", "refs/b.png", "refs/deep/c.png"]),
        ("refs/.*.png", ["refs/.hidden.png"]),
        ("refs", []),
        ("nosuch/*", []),
    ],
)
def test_patterns(folder: Path, pattern: str, expected: list[str]) -> None:
    found = RecipeFiles(folder).glob(pattern, 10)
    if (folder / "REFS").exists():
        pytest.skip("the file system does not tell case apart")
    assert list(found) == expected


def test_too_many_matches_are_over_the_cap(folder: Path) -> None:
    with pytest.raises(CannotRead) as error:
        RecipeFiles(folder).glob("**", 2)
    assert error.value.over


def test_a_recipe_reads_what_lies_beside_it(folder: Path) -> None:
    (folder / "ideas.csv").write_text("id,value\nsword,a {red|blue} sword\n")
    (folder / "part.yaml").write_text("recipe: 1\nstages: {plan: {use: plan}}\n")
    text = "recipe: 1\nitems:\n  idea: {csv: ideas.csv}\n  ref: {glob: refs/?.png}\n"
    text += "stages:\n  look: {include: part.yaml}\n"
    read = read_recipe(text, "recipe.yaml", files=RecipeFiles(folder))
    assert [[record.id for record in each.records] for each in read.dimensions] == [
        ["sword-red", "sword-blue"],
        ["a", "b"],
    ]
    assert [stage.name for stage in read.stages] == ["look.plan"]


@pytest.mark.skipif(os.name == "nt", reason="Windows lets only administrators make links")
def test_a_pattern_goes_through_links_to_folders_below(folder: Path) -> None:
    (folder / "looks").mkdir()
    (folder / "looks" / "now").symlink_to("../refs/deep")
    files = RecipeFiles(folder)
    assert files.glob("looks/*/*.png", 10) == ["looks/now/c.png"]
    assert files.glob("looks/now/*.png", 10) == ["looks/now/c.png"]
    assert files.read("looks/now/c.png", 100) == b"refs/deep/c.png"
    (folder.parent / "other").mkdir()
    (folder.parent / "other" / "x.png").write_text("x")
    (folder / "looks" / "out").symlink_to("../../other")
    with pytest.raises(CannotRead, match="leads out") as error:
        files.glob("looks/*/*.png", 10)
    assert error.value.outside
    assert files.glob("looks/*/*.png", 10, lenient=True) == ["looks/now/c.png"]
