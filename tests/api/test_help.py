"""Help that helps: what was told and led nowhere."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from orchestrator.recipe import is_id
from tests.fences import typed

ICON = "masterpiece, best quality, highly detailed game icon of a flaming steel longsword with a {} hilt"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(recipe: str) -> list[dict[str, str]]:
    Path("r.yaml").write_text(recipe, encoding="utf-8")
    """The errors."""
    found = json.loads(typed("orchestrator validate r.yaml --format json").output)
    return [each for each in found if each["severity"] == "error"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (ICON.format("golden"), ICON.format("silver")),
        (f"{ICON.format('golden')}: \"sharp\"", f"{ICON.format('golden')} - sharp"),
        ("剑" * 40, "剑" * 41),
        ("fire sword", "fire: sword"),
        ("true", "True"),
    ],
)
def test_the_id_that_is_proposed_is_one_and_the_text_is_whole(first: str, second: str) -> None:
    ideas = [json.dumps(text, ensure_ascii=False) for text in (first, second)]
    rest = "stages: {expand: {use: expand}}\n"
    (found,) = told(f"recipe: 1\nitems:\n  idea:\n    - {ideas[0]}\n    - {ideas[1]}\n{rest}")
    assert found["code"] == "E132"
    assert is_id(found["fix"].removeprefix("{id: ").partition(",")[0])
    assert told(f"recipe: 1\nitems:\n  idea:\n    - {ideas[0]}\n    - {found['fix']}\n{rest}") == []


def pictures(pattern: str) -> str:
    return (f'recipe: 1\nitems: {{pic: {{glob: "{pattern}"}}}}\n'
            "stages: {load: {use: picture, with: {file: $item.pic}}}\n")  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot hold these files")
@pytest.mark.parametrize("name", ["aux.png", "con.sprite.png", "a?.png", "end. "])
def test_a_file_that_windows_cannot_hold_is_to_be_renamed(name: str) -> None:
    Path("odd").mkdir()
    Path("odd", name).write_bytes(b"x")
    (found,) = told(pictures("odd/*"))
    assert found["code"] == "E157"
    assert name in found["message"]
    assert found["help"].startswith(f"rename `{name}`")


def test_a_link_that_leads_nowhere_is_told_as_that() -> None:
    Path("refs").mkdir()
    Path("refs/knight.png").symlink_to("gone.png")
    (found,) = told(pictures("refs/*.png"))
    assert "leads nowhere" in found["message"]
    assert "mend the link" in found["help"]
    (found,) = told("recipe: 1\nitems: {idea: {csv: refs/knight.png}}\nstages: {expand: {use: expand}}\n")
    assert "leads nowhere" in found["message"]


def test_backslashes_are_mended() -> None:
    Path("refs").mkdir()
    Path("refs/ideas.csv").write_text("value\nfire sword\n")
    (found,) = told("recipe: 1\nitems: {idea: {csv: 'refs\\ideas.csv'}}\nstages: {expand: {use: expand}}\n")
    assert found["fix"] == "refs/ideas.csv"
    assert typed("orchestrator validate r.yaml --fix").status == 0
    assert "{csv: 'refs/ideas.csv'}" in Path("r.yaml").read_text()


def test_files_are_listed_beside_one_that_is_refused() -> None:
    Path("refs").mkdir()
    Path("refs/knight.png").write_bytes(b"x")
    Path("refs/away.png").symlink_to("/etc/hostname")
    (found,) = told("recipe: 1\nstages: {load: {use: picture, with: {file: refs/knigt.png}}}\n")
    assert "refs/knight.png" in found["why"]
    assert found["fix"] == "refs/knight.png"
    Path("refs/ideas.csv").write_text("value\nfire sword\n")
    (found,) = told("recipe: 1\nitems: {idea: {csv: refs/idea.csv}}\nstages: {expand: {use: expand}}\n")
    assert found["fix"] == "refs/ideas.csv"
