"""Streams that are closed, full or left, folders and locales that lack something: the work is done."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import RUN

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="shells, devices and locales of POSIX")
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
PICTURES = {"fire-sword.png", "一只可爱的猫咪.png", "health-potion.png"}


def _shell(command: list[str], rest: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    line = " ".join(f"'{word}'" for word in [*command, *RUN])
    return subprocess.run(
        ["/bin/sh", "-c", f"{line} {rest}"],
        capture_output=True,
        env={**os.environ, **environment},
        check=False,
    )


def _written() -> set[str]:
    return {path.name for path in Path("out/swatches").glob("*.png")}


@POSIX
@pytest.mark.parametrize(
    "rest", ["2>&-", ">&- 2>&-", "<&- >&- 2>&-", "2>&1 | head -1", "--json 2>&- | head -c 10"]
)
def test_a_stream_that_is_closed_or_left_is_no_reason_to_stop(
    studio: Path, command: list[str], rest: str
) -> None:
    ended = _shell(command, rest)
    assert ended.returncode == 0, ended.stderr
    assert b"Traceback" not in ended.stdout + ended.stderr
    assert _written() == PICTURES
    assert json.loads(Path("out/swatches/run.json").read_text("utf-8"))["counts"]["done"] == 6


@POSIX
@FULL
def test_a_full_output_is_a_finding_and_the_work_is_done(studio: Path, command: list[str]) -> None:
    ended = _shell(command, "> /dev/full")
    assert ended.returncode == 1
    assert b"error[E428]: what the command says could not be written" in ended.stderr
    assert b"Traceback" not in ended.stderr
    assert _written() == PICTURES


@POSIX
@FULL
def test_nobody_who_reads_the_errors_changes_nothing(studio: Path, command: list[str]) -> None:
    assert _shell(command, "2> /dev/full").returncode == 0
    assert _written() == PICTURES


@POSIX
def test_a_locale_without_the_letters_of_a_name_is_a_finding(studio: Path, command: list[str]) -> None:
    ended = _shell(command, "", PYTHONUTF8="0", LC_ALL="POSIX")
    assert ended.returncode == 1
    assert b"error[E428]" in ended.stderr
    assert b"set PYTHONUTF8=1" in ended.stderr
    assert b"2 pictures in out/swatches/." in ended.stdout
    assert _written() == PICTURES - {"一只可爱的猫咪.png"}
    assert _shell(command, "").returncode == 0
    assert _written() == PICTURES


@POSIX
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no names that are not UTF-8")
def test_a_folder_whose_name_is_no_utf_8(studio: Path, command: list[str]) -> None:
    folder = Path(os.fsdecode(b"caf\xe9"))
    folder.mkdir()
    for name in ("recipe.yaml", "stages.py"):
        Path(name).rename(folder / name)
    line = [*command, "run", str(folder / "recipe.yaml"), "--stages", str(folder / "stages.py")]
    ended = subprocess.run(line, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert _written() == PICTURES
    record = Path("out/swatches/run.json").read_text("utf-8")
    assert "recipe.yaml" in json.loads(record)["recipe"]["file"]
    assert (Path("out/swatches/index.html")).read_text("utf-8")


@POSIX
@pytest.mark.parametrize("name", ["fire-sword.png", "index.html", "run.json", ".orchestrator-manifest.json"])
def test_a_folder_in_the_place_of_any_file_is_a_finding(studio: Path, command: list[str], name: str) -> None:
    (Path("out/swatches") / name).mkdir(parents=True)
    ended = _shell(command, "")
    assert ended.returncode == 1
    assert b"error[E428]" in ended.stderr
    assert b"Traceback" not in ended.stderr
    (Path("out/swatches") / name).rmdir()
    again = _shell(command, "")
    assert again.returncode == 0, again.stderr
    assert b"6 results from the store" in again.stdout
    assert _written() == PICTURES


def test_what_strangers_write_commands_no_terminal(studio: Path, command: list[str]) -> None:
    Path("stages.py").write_text(
        Path("stages.py").read_text("utf-8").replace("the brush broke", "\\x1b[2J\\u202ebroke"), "utf-8"
    )
    line = [*command, *RUN, "--idea", "broken \x9b2J", "--set", "draw.side=\x1b[31m"]
    for arguments in (line, line[:-2]):
        ended = subprocess.run(arguments, capture_output=True, check=False)
        said = (ended.stdout + ended.stderr).decode("utf-8")
        assert ended.returncode in {1, 2}
        assert not set("\x1b\x9b\u202e") & set(said)


def test_what_a_stage_prints_spoils_no_document(studio: Path, command: list[str]) -> None:
    Path("stages.py").write_text(
        Path("stages.py").read_text("utf-8").replace("    time.sleep", "    print('noise')\n    time.sleep"),
        "utf-8",
    )
    ended = subprocess.run([*command, *RUN, "--json"], capture_output=True, check=False)
    assert json.loads(ended.stdout)["counts"]["done"] == 6
