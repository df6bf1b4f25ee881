"""The files that a stage file, or a call of one of its stages, opens below the stage file's folder."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from importlib.util import source_from_cache
from pathlib import Path
from typing import Final

from orchestrator.errors import StageFailure
from orchestrator.stage.local_modules import is_local, is_remembered

Opened = Callable[[Path], None]
_HERE: Final = threading.local()
_hearing: list[bool] = []


@contextmanager
def watching(folder: Path, opened: Opened) -> Generator[None]:
    """Tells of each file below the folder that this thread opens for reading; `opened` may raise to refuse.

    The folder has its links followed already. Files that C libraries open by themselves are not seen.
    """
    if not _hearing:
        _hearing.append(True)
        sys.addaudithook(_hear)
    before = getattr(_HERE, "watcher", None)
    _HERE.watcher = (folder, opened)
    try:
        yield
    finally:
        _HERE.watcher = before


@contextmanager
def unwatched() -> Generator[None]:
    """While the framework reads by itself: models, and the files that params name."""
    before = getattr(_HERE, "watcher", None)
    _HERE.watcher = None
    try:
        yield
    finally:
        _HERE.watcher = before


def undeclared(stage: str, version: int, name: str, declared: tuple[str, ...]) -> StageFailure:
    """The failure of an item whose stage opens a file that nothing counts with."""
    files = ", ".join(f'"{each}"' for each in (*declared, name))
    return StageFailure(
        f"{stage} opens {name!r}, which it does not declare: an edit of that file would redraw nothing",
        code="E548",
        help=f'declare it: `@stage("{stage}", version={version}, files=[{files}])`, or let a param of type '
        "`File` name it",
    )


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    """Python calls it for all that a program does, for the whole life of the process."""
    if event != "open":
        return
    watcher = getattr(_HERE, "watcher", None)
    if watcher is not None:
        _look(watcher, arguments)


def _look(watcher: tuple[Path, Opened], arguments: tuple[object, ...]) -> None:
    given, mode, flags = (*arguments, None, None)[:3]
    if not isinstance(given, (str, bytes)) or _only_writes(mode, flags):
        return
    folder, opened = watcher
    with unwatched():
        path = _source_of(Path(os.path.realpath(os.fsdecode(given))))
        if path.is_relative_to(folder) and is_local(path) and path.is_file() and not is_remembered(path):
            opened(path)


def _source_of(path: Path) -> Path:
    """The module that a cached one was made of."""
    if path.suffix != ".pyc":
        return path
    with contextlib.suppress(ValueError, NotImplementedError):
        return Path(source_from_cache(str(path)))
    return path


def _only_writes(mode: object, flags: object) -> bool:
    if isinstance(mode, str):
        return not ("r" in mode or "+" in mode)
    return isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR) == os.O_WRONLY
