"""Fenced blocks of Markdown, and commands as a reader types them, run inside this process."""

from __future__ import annotations

import contextlib
import gc
import io
import re
import runpy
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestrator.cli import main
from orchestrator.errors import OrchestratorError

_FENCE = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Fence:
    """A block: its language, its text, and the line of its first character."""

    language: str
    text: str
    line: int


def fences(markdown: str) -> list[Fence]:
    return [
        Fence(match[1], match[2], markdown.count("\n", 0, match.start()) + 2)
        for match in _FENCE.finditer(markdown)
    ]


def commands(text: str) -> Iterator[str]:
    """Command lines: those after `$ `, or, in a block without any, all; continued lines are joined."""
    lines = text.replace("\\\n", " ").splitlines()
    prompted = [line[2:] for line in lines if line.startswith("$ ")]
    yield from prompted or (line for line in lines if line.strip() and not line.lstrip().startswith("#"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command printed (stdout and stderr as they came) and its exit code."""

    output: str
    status: int


def typed(command: str) -> Outcome:
    """Runs `orchestrator …` or `python FILE` in this process and folder."""
    program, *arguments = shlex.split(command, comments=True)
    stream = io.StringIO()
    with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
        status = _called(program, arguments)
    gc.enable()  # a command that ends the process leaves it off
    return Outcome(stream.getvalue(), status)


def _called(program: str, arguments: list[str]) -> int:
    try:
        if program == "python":
            runpy.run_path(arguments[0], run_name="__main__")
            return 0
        assert program == "orchestrator", f"this test cannot run {program!r}"
        main(arguments)
    except SystemExit as end:
        return int(end.code or 0)
    except OrchestratorError as error:
        print(f"{type(error).__name__}: {error}")  # noqa: T201 - as Python ends a script
        return 1


def without_chance(text: str, folder: Path) -> str:
    """Output without what differs between machines: the folder's name, times, digests worked out."""
    text = re.sub(r"sha256:(?!(.)\1{63})[0-9a-f]{64}", "sha256:…", text)
    text = text.replace(f"{folder}/", "").replace(str(folder), ".")
    return re.sub(r"(?<=[ (])\d+(?::\d\d){1,2}(?![:\d])", "0:00", text)
