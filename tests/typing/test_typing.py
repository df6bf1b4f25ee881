from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SOURCE = HERE / "stage_writer.py"


def said(*command: str) -> str:
    """What a type checker answers; it ends with 1 where it refuses something."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode in {0, 1}, done.stderr.decode()
    return done.stdout.decode()


def basedpyright() -> set[int]:
    document = json.loads(said("basedpyright", "--outputjson", str(SOURCE)))
    assert document["summary"]["filesAnalyzed"] == 1
    return {finding["range"]["start"]["line"] + 1 for finding in document["generalDiagnostics"]}


def mypy() -> set[int]:
    answer = said(
        "mypy", "--strict", "--follow-imports=silent", "--cache-dir", ".pytest_cache/mypy", str(SOURCE)
    )
    return {int(line.split(":")[1]) for line in answer.splitlines() if ": error: " in line}


@pytest.mark.parametrize("checker", [basedpyright, mypy])
def test_a_stage_writer_is_told_what_is_wrong_and_nothing_else(checker: Callable[[], set[int]]) -> None:
    lines = SOURCE.read_text("utf-8").splitlines()
    refused = {number for number, line in enumerate(lines, start=1) if line.endswith("# refused")}
    assert len(refused) > 5
    assert checker() == refused
