"""One step from the old file to the new one."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.replace_file import put_in_place, replace_file, write_new


class HeldOpen(type(Path())):
    """A finished file whose target another program holds open for some tries, as on Windows."""

    tries = 0

    def replace(self, target: str | Path) -> Path:
        if self.tries:
            self.tries -= 1
            raise PermissionError(13, "the file is open elsewhere", str(target))
        return super().replace(target)


@pytest.mark.parametrize("durable", [False, True])
def test_it_writes_and_replaces_and_leaves_nothing_beside(tmp_path: Path, durable: bool) -> None:
    file = tmp_path / "a.bin"
    replace_file(file, b"old", durable=durable)
    replace_file(file, b"new", durable=durable)
    assert file.read_bytes() == b"new"
    assert [each.name for each in tmp_path.iterdir()] == ["a.bin"]


def test_what_cannot_be_replaced_stays_and_nothing_is_left_beside(tmp_path: Path) -> None:
    (tmp_path / "folder" / "inner").mkdir(parents=True)
    with pytest.raises(OSError, match=r"folder"):
        replace_file(tmp_path / "folder", b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["folder"]


def test_a_file_that_is_open_elsewhere_is_waited_for(tmp_path: Path) -> None:
    finished = HeldOpen(tmp_path / "finished")
    write_new(finished, b"new", durable=False)
    finished.tries = 3
    put_in_place(finished, tmp_path / "target")
    assert (tmp_path / "target").read_bytes() == b"new"


def test_one_that_is_never_let_go_of_raises_or_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrator.replace_file._PAUSE", 0)
    finished = HeldOpen(tmp_path / "finished")
    write_new(finished, b"new", durable=False)
    finished.tries = 1_000
    put_in_place(finished, tmp_path / "target", lambda: True)
    with pytest.raises(PermissionError):
        put_in_place(finished, tmp_path / "target")
    with pytest.raises(FileExistsError):
        write_new(finished, b"more", durable=False)
