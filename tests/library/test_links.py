"""Links of a library: those of a clone lead nowhere else, those of our own wherever an installer put them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from orchestrator.errors import InvalidInput
from orchestrator.errors.render import full
from orchestrator.library import SUFFIXES, Library
from tests.library.test_library import Desk


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of POSIX")
@pytest.mark.parametrize("room", SUFFIXES)
def test_a_link_out_of_the_recipes_folder_is_not_followed(tmp_path: Path, room: str) -> None:
    (tmp_path / "secret").write_text("password: [hunter2\n{% secret", encoding="utf-8")
    desk = Desk(tmp_path / "clone/prompts")
    desk.write(room, "x", "")
    folder, suffix = SUFFIXES[room]
    file = desk.folder / folder / f"x{suffix}"
    file.unlink()
    file.symlink_to(tmp_path / "secret")
    with pytest.raises(InvalidInput) as problem:
        desk.find(room, "x")
    assert [finding.code for finding in problem.value.findings] == ["E410"]
    assert "leads out" in problem.value.findings[0].message
    assert "hunter2" not in full(problem.value.findings, problem.value.sources)


def test_links_of_a_trusted_library_lead_wherever_an_installer_put_them(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "ours")
    desk.write("glossary", "x", "")
    file = desk.folder / "glossaries/x.yaml"
    file.unlink()
    (tmp_path / "cache").write_text("刀: knife", encoding="utf-8")
    try:
        file.symlink_to(tmp_path / "cache")
    except OSError:
        pytest.skip("no links here")
    loaded = Library([desk.folder], trusted=[desk.folder]).find("glossary", "x")
    assert loaded is not None
    assert loaded.value == {"刀": "knife"}
