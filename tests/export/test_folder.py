"""Writing a run's files: what is ours, what a person edited, what lies elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.export import OutputFile, write_run
from orchestrator.export.manifest import MANIFEST, is_safe_name


def _files(**contents: str) -> list[OutputFile]:
    return [OutputFile(f"{name}.txt", data.encode()) for name, data in contents.items()]


def _names(out: Path) -> list[str]:
    return sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())


def test_equal_bytes_are_not_written_again(tmp_path: Path) -> None:
    write_run(_files(a="1"), tmp_path, partial=False)
    before = (tmp_path / "a.txt").stat().st_mtime_ns
    manifest_before = (tmp_path / MANIFEST).stat().st_mtime_ns
    written = write_run(_files(a="1"), tmp_path, partial=False)
    assert written.unchanged == ("a.txt",)
    assert not written.added
    assert (tmp_path / "a.txt").stat().st_mtime_ns == before
    assert (tmp_path / MANIFEST).stat().st_mtime_ns == manifest_before


def test_a_full_run_removes_what_it_no_longer_makes(tmp_path: Path) -> None:
    write_run([*_files(a="1"), OutputFile("sub/b.txt", b"2")], tmp_path, partial=False)
    written = write_run(_files(a="1"), tmp_path, partial=False)
    assert written.removed == ("sub/b.txt",)
    assert _names(tmp_path) == [MANIFEST, "a.txt"]
    assert not (tmp_path / "sub").exists()


def test_a_partial_run_only_adds(tmp_path: Path) -> None:
    write_run(_files(a="1", b="2"), tmp_path, partial=False)
    written = write_run(_files(c="3"), tmp_path, partial=True)
    assert not written.removed
    assert _names(tmp_path) == [MANIFEST, "a.txt", "b.txt", "c.txt"]
    written = write_run(_files(a="1", c="3"), tmp_path, partial=False)
    assert written.removed == ("b.txt",)


def test_what_a_person_edited_is_kept_and_reported(tmp_path: Path) -> None:
    write_run(_files(a="1", b="2"), tmp_path, partial=False)
    (tmp_path / "a.txt").write_text("painted over")
    (tmp_path / "b.txt").write_text("painted over")
    written = write_run(_files(b="new"), tmp_path, partial=False)
    assert sorted(written.kept) == ["a.txt", "b.txt"]
    assert (tmp_path / "a.txt").read_text() == (tmp_path / "b.txt").read_text() == "painted over"
    (tmp_path / "b.txt").unlink()
    assert write_run(_files(b="new"), tmp_path, partial=False).added == ("b.txt",)


def test_a_file_that_was_there_before_us_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("my site")
    written = write_run([OutputFile("index.html", b"page")], tmp_path, partial=False)
    assert written.kept == ("index.html",)
    assert (tmp_path / "index.html").read_text() == "my site"
    assert write_run([], tmp_path, partial=False).removed == ()
    assert (tmp_path / "index.html").exists()


def test_recipes_that_share_a_folder_leave_each_others_files(tmp_path: Path) -> None:
    write_run(_files(a="1"), tmp_path, partial=False, owner="icons")
    write_run(_files(b="2"), tmp_path, partial=False, owner="portraits")
    assert _names(tmp_path) == [MANIFEST, "a.txt", "b.txt"]


def test_after_a_crash_between_announcing_and_settling_both_files_are_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_run(_files(a="1", b="1"), tmp_path, partial=False)

    def crash(_path: Path, name: str) -> None:
        raise KeyboardInterrupt(name)

    with monkeypatch.context() as patched:
        patched.setattr("orchestrator.export.folder._Writing._remove", crash)
        with pytest.raises(KeyboardInterrupt):
            write_run(_files(a="2"), tmp_path, partial=False)
    assert (tmp_path / "a.txt").read_text() == "2"
    written = write_run(_files(a="3"), tmp_path, partial=False)
    assert (written.added, written.removed, written.kept) == (("a.txt",), ("b.txt",), ())


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "C:x", "a\\b", "", "a//b", MANIFEST, "a\0"])
def test_names_that_would_leave_the_folder_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="would leave"):
        write_run([OutputFile(name, b"")], tmp_path, partial=False)


def test_a_forged_manifest_removes_nothing_outside(tmp_path: Path) -> None:
    out, victim = tmp_path / "out", tmp_path / "victim.txt"
    write_run(_files(a="1"), out, partial=False)
    victim.write_text("1")
    manifest = json.loads((out / MANIFEST).read_text())
    manifest["files"]["../victim.txt"] = manifest["files"].pop("a.txt")
    (out / MANIFEST).write_text(json.dumps(manifest))
    write_run([], out, partial=False)
    assert victim.read_text() == "1"


def test_a_link_inside_the_folder_is_not_followed(tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    elsewhere.mkdir()
    out.mkdir()
    (out / "render").symlink_to(elsewhere, target_is_directory=True)
    (out / "top.png").symlink_to(elsewhere / "top.png")
    written = write_run([OutputFile("render/a.png", b"1"), OutputFile("top.png", b"2")], out, partial=False)
    assert set(written.blocked) == {"render/a.png", "top.png"}
    assert not list(elsewhere.iterdir())


def test_one_file_that_cannot_be_replaced_leaves_the_others_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def locked(self: Path, target: Path) -> Path:
        if Path(target).name == "a.txt":
            raise PermissionError(13, "open in another program")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", locked)
    monkeypatch.setattr("orchestrator.replace_file._PAUSE", 0)
    written = write_run(_files(a="1", b="2"), tmp_path, partial=False)
    assert written.blocked == {"a.txt": "open in another program"}
    assert written.added == ("b.txt",)
    assert _names(tmp_path) == [MANIFEST, "b.txt"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"files": []}', '{"files": {"a.txt": 3}}', "\xff"])
def test_a_broken_manifest_claims_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text("mine")
    (tmp_path / MANIFEST).write_text(text, encoding="latin-1")
    assert write_run(_files(a="1"), tmp_path, partial=False).kept == ("a.txt",)


@given(st.text(max_size=30))
def test_safe_names_stay_below_the_folder(name: str) -> None:
    if is_safe_name(name):
        root = Path("/root-of-test/out")
        assert (root / name).is_relative_to(root)
        assert ".." not in (root / name).parts
