from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SOURCES = sorted(HERE.glob("*_writer.py"))
Place = tuple[str, int]


def said(*command: str) -> str:
    """What a type checker answers; it ends with 1 where it refuses something."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode in {0, 1}, done.stderr.decode()
    return done.stdout.decode()


def basedpyright() -> set[Place]:
    document = json.loads(said("basedpyright", "--outputjson", *map(str, SOURCES)))
    assert document["summary"]["filesAnalyzed"] == len(SOURCES)
    return {
        (Path(finding["file"]).name, finding["range"]["start"]["line"] + 1)
        for finding in document["generalDiagnostics"]
    }


def mypy() -> set[Place]:
    cached = ("--follow-imports=silent", "--cache-dir", ".pytest_cache/mypy")
    lines = said("mypy", "--strict", *cached, *map(str, SOURCES)).splitlines()
    found = (re.match(r"(.*?):(\d+)(?::\d+)*: error: ", line) for line in lines)
    return {(Path(match[1]).name, int(match[2])) for match in found if match}


@pytest.mark.parametrize("checker", [basedpyright, mypy])
def test_a_writer_is_told_what_is_wrong_and_nothing_else(checker: Callable[[], set[Place]]) -> None:
    refused = {
        (source.name, number)
        for source in SOURCES
        for number, line in enumerate(source.read_text("utf-8").splitlines(), start=1)
        if line.endswith("# refused")
    }
    assert len(refused) > 10
    assert checker() == refused
