"""What belongs to the whole process and a stage may not move: put back after each call, and told."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from orchestrator.stage import StageSpec
from orchestrator.stage.opened_files import undeclared, watching


@contextmanager
def kept_process(told: list[str]) -> Generator[None]:
    """Puts back the current folder and the recursion limit; `told` is given a sentence for each."""
    folder, limit = _folder(), sys.getrecursionlimit()
    try:
        yield
    finally:
        if sys.getrecursionlimit() != limit:
            sys.setrecursionlimit(limit)
            told.append("the stage changed the recursion limit; it was put back")
        if folder and _folder() != folder:
            told.append(_put_back(folder))


@contextmanager
def declared_files(spec: StageSpec) -> Generator[None]:
    """Refuses files beside a stage file that its stages open undeclared: no key would count with them."""
    if not spec.home:
        yield
        return
    home = _resolved(spec.home)

    def look(file: Path) -> None:
        name = file.relative_to(home).as_posix()
        if name not in spec.opens:
            raise undeclared(spec.name, spec.version, name, spec.files)

    with watching(home, look):
        yield


@cache
def _resolved(folder: str) -> Path:
    """It is asked for at each call, and looks at every folder above."""
    return Path(folder).resolve()


def _put_back(folder: str) -> str:
    try:
        os.chdir(folder)
    except OSError as error:
        return f"the stage changed the current folder, and it cannot be put back: {error.strerror or error}"
    return "the stage changed the current folder; it was put back"


def _folder() -> str:
    """The current folder; "" where it was removed."""
    try:
        return os.getcwd()  # noqa: PTH109 - a text is compared, at each call
    except OSError:
        return ""
