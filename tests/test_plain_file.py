"""A stranger's file is looked at before it is read."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from orchestrator.plain_file import RefusedFile, read_plain_file

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="pipes and links of POSIX")


def test_a_plain_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abc")
    assert read_plain_file(tmp_path / "x", 3) == b"abc"


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "x").open("wb") as file:
        file.truncate(4 << 30)
    with pytest.raises(RefusedFile, match="4,294,967,296 bytes"):
        read_plain_file(tmp_path / "x", 1000)


@POSIX
def test_a_pipe_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x")
    with pytest.raises(RefusedFile, match="no plain file"):
        read_plain_file(tmp_path / "x", 1000)


@POSIX
def test_a_link_out_of_the_folder_is_refused_and_one_within_is_not(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "secret"
    inside.mkdir()
    outside.write_bytes(b"secret")
    (inside / "own").write_bytes(b"own")
    (inside / "out").symlink_to(outside)
    (inside / "in").symlink_to(inside / "own")
    assert read_plain_file(inside / "in", 10, inside) == b"own"
    with pytest.raises(RefusedFile, match="leads out"):
        read_plain_file(inside / "out", 10, inside)


def test_a_folder_and_nothing_at_all_are_errors_of_the_system(tmp_path: Path) -> None:
    for name in (".", "nothing"):
        with pytest.raises((FileNotFoundError, IsADirectoryError, PermissionError)):
            read_plain_file(tmp_path / name, 10)
