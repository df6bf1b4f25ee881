"""Writing a run's files: what is ours, what a person edited, what lies elsewhere."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.export import OutputFile, Owner, place_of, write_run
from orchestrator.export.manifest import ANNOUNCED, MANIFEST, is_safe_name


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
    write_run(_files(a="1"), tmp_path, partial=False, owner=Owner("icons"))
    write_run(_files(b="2"), tmp_path, partial=False, owner=Owner("portraits"))
    assert _names(tmp_path) == [MANIFEST, "a.txt", "b.txt"]


def _only_close(writing: Any) -> None:
    """A crash: the manifest is not settled; the file that was open is closed for the test's sake."""
    if writing._log is not None:
        writing._log.close()


def test_after_a_crash_between_announcing_and_settling_both_files_are_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_run(_files(a="1", b="1"), tmp_path, partial=False)

    def crash(_path: Path, name: str) -> None:
        raise KeyboardInterrupt(name)

    with monkeypatch.context() as patched:
        patched.setattr("orchestrator.export.folder._Writing._remove", crash)
        patched.setattr("orchestrator.export.folder._Writing._settle", _only_close)
        assert write_run(_files(a="2"), tmp_path, partial=False).stopped
    assert (tmp_path / ANNOUNCED).exists()
    assert (tmp_path / "a.txt").read_text() == "2"
    written = write_run(_files(a="3"), tmp_path, partial=False)
    assert (written.added, written.removed, written.kept) == (("a.txt",), ("b.txt",), ())


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "C:x", "a\\b", "", "a//b", MANIFEST, "a\0"])
def test_names_that_would_leave_the_folder_are_refused(tmp_path: Path, name: str) -> None:
    written = write_run([OutputFile(name, b""), *_files(a="1")], tmp_path, partial=False)
    assert written.blocked == {name: "its name would leave the folder"}
    assert written.added == ("a.txt",)
    assert _names(tmp_path) == [MANIFEST, "a.txt"]


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


def test_a_file_is_made_when_its_turn_has_come(tmp_path: Path) -> None:
    made: list[str] = []

    def data(name: str) -> bytes:
        made.append(f"{name} after {_names(tmp_path)}")
        return name.encode()

    files = [OutputFile("a.txt", lambda: data("a")), OutputFile("b.txt", lambda: data("b"))]
    assert write_run(files, tmp_path, partial=False).added == ("a.txt", "b.txt")
    assert [line.startswith(("a after", "b after")) for line in made] == [True, True]
    assert "a.txt" in made[1]
    assert "a.txt" not in made[0]


def test_a_file_that_cannot_be_made_leaves_the_others_and_nothing_is_removed(tmp_path: Path) -> None:
    write_run(_files(a="1", old="1"), tmp_path, partial=False)

    def lost() -> bytes:
        raise LookupError("the store has lost it")

    written = write_run([OutputFile("a.txt", lost), *_files(b="2")], tmp_path, partial=False)
    assert (written.added, written.removed) == (("b.txt",), ())
    assert written.blocked == {"a.txt": "the store has lost it"}
    assert _names(tmp_path) == [MANIFEST, "a.txt", "b.txt", "old.txt"]


def test_files_that_raise_half_way_leave_what_came_before(tmp_path: Path) -> None:
    def files() -> Iterator[OutputFile]:
        yield OutputFile("a.txt", b"1")
        raise ZeroDivisionError("a format of a package")

    written = write_run(files(), tmp_path, partial=False)
    assert written.added == ("a.txt",)
    assert written.blocked == {"the rest": "ZeroDivisionError: a format of a package"}


def test_what_a_killed_run_left_half_written_goes(tmp_path: Path) -> None:
    write_run([OutputFile("sub/b.txt", b"2")], tmp_path, partial=False)
    for folder in (tmp_path, tmp_path / "sub"):
        (folder / ".writing-0123456789abcdef").write_text("half")
    (tmp_path / ".writing-notes").write_text("mine")
    write_run([OutputFile("sub/b.txt", b"2")], tmp_path, partial=False)
    assert _names(tmp_path) == [MANIFEST, ".writing-notes", "sub/b.txt"]


@pytest.mark.parametrize("last", ["", '{"name": "c.txt", "ow', "[[[[", '{"name": "../x", "digests": []}'])
def test_what_was_announced_is_ours_after_a_crash_also_where_its_last_line_is_cut(
    tmp_path: Path, last: str
) -> None:
    write_run(_files(a="1"), tmp_path, partial=False)
    digest = json.loads((tmp_path / MANIFEST).read_text())["files"]["a.txt"]["digests"][0]
    (tmp_path / MANIFEST).unlink()
    line = json.dumps({"name": "a.txt", "owner": "", "digests": [digest]})
    (tmp_path / ANNOUNCED).write_text(f"\n{line}\n{last}")
    assert write_run(_files(a="2"), tmp_path, partial=False).added == ("a.txt",)
    assert _names(tmp_path) == [MANIFEST, "a.txt"]


@pytest.mark.parametrize("name", [MANIFEST, "a.txt", ANNOUNCED])
def test_a_folder_where_a_file_should_be_is_told_and_the_rest_written(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "mine").write_text("1")
    written = write_run(_files(a="1", b="2"), tmp_path, partial=False)
    assert written.blocked
    assert (tmp_path / name / "mine").exists()
    if name != ANNOUNCED:
        assert (tmp_path / "b.txt").read_text() == "2"


def test_writing_stops_between_files_and_the_next_run_goes_on(tmp_path: Path) -> None:
    write_run(_files(old="0"), tmp_path, partial=False)
    left = iter([False, False, True])
    written = write_run(_files(a="1", b="2", c="3"), tmp_path, partial=False, stopped=lambda: next(left))
    assert (written.stopped, written.added, written.removed) == (True, ("a.txt",), ())
    written = write_run(_files(a="1", b="2", c="3"), tmp_path, partial=False)
    assert (written.stopped, written.added, written.unchanged) == (False, ("b.txt", "c.txt"), ("a.txt",))
    assert written.removed == ("old.txt",)


def test_two_writers_of_one_folder_keep_one_manifest(tmp_path: Path) -> None:
    def files(first: str) -> Iterator[OutputFile]:
        for at in range(20):
            time.sleep(0.005)
            yield OutputFile(f"{first}{at}.txt", first.encode())

    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(write_run, files(first), tmp_path, partial=True) for first in "ab"]
        assert all(len(run.result().added) == 20 for run in runs)
    assert len(json.loads((tmp_path / MANIFEST).read_text())["files"]) == 40
    assert len(_names(tmp_path)) == 41


def test_nothing_that_another_recipe_made_is_replaced_or_removed(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "icons.yaml").write_text("recipe: 1")
    out = tmp_path / "out"
    one = Owner("icons:export", place_of(tmp_path / "one/icons.yaml", out))
    two = Owner("icons:export", place_of(tmp_path / "two/icons.yaml", out))
    write_run(_files(a="1", b="1"), out, partial=False, owner=one)
    written = write_run(_files(b="2", c="2"), out, partial=False, owner=two)
    assert (written.added, written.removed) == (("c.txt",), ())
    (reason,) = written.blocked.values()
    assert reason.startswith("the recipe 'icons' (")
    assert reason.endswith("one/icons.yaml) made it")
    assert (out / "b.txt").read_text() == "1"
    assert str(tmp_path) not in (out / MANIFEST).read_text()


def test_a_recipe_that_was_moved_or_renamed_keeps_its_files(tmp_path: Path) -> None:
    out, old, new = tmp_path / "out", tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text("recipe: 1")
    write_run(_files(a="1"), out, partial=False, owner=Owner("icons", place_of(old, out)))
    written = write_run(_files(b="1"), out, partial=False, owner=Owner("props", place_of(old, out)))
    assert written.removed == ("a.txt",)
    old.rename(new)
    written = write_run(_files(c="1"), out, partial=False, owner=Owner("props", place_of(new, out)))
    assert written.removed == ("b.txt",)


def test_a_folder_that_became_a_link_is_not_written_through(tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    elsewhere.mkdir()
    root = out.resolve()
    out.symlink_to(elsewhere, target_is_directory=True)
    written = write_run(_files(a="1"), out, partial=False, root=root)
    assert set(written.blocked) == {"."}
    assert not list(elsewhere.iterdir())


def test_recipes_that_share_a_folder_keep_their_pages_side_by_side(tmp_path: Path) -> None:
    write_run([OutputFile("index.html", b"icons")], tmp_path, partial=False, owner=Owner("icons"))
    for page in (b"portraits", b"portraits again"):
        aside: dict[str, str] = {}
        written = write_run(
            [OutputFile("index.html", page)], tmp_path, partial=False, owner=Owner("portraits"), aside=aside
        )
        assert written.added == ("portraits_index.html",)
        assert aside == {"index.html": "portraits_index.html"}
    assert (tmp_path / "index.html").read_bytes() == b"icons"
    written = write_run([], tmp_path, partial=False, owner=Owner("portraits"))
    assert written.removed == ("portraits_index.html",)
    assert _names(tmp_path) == [MANIFEST, "index.html"]
