"""While a package's format works, it writes no file itself: its bytes go through the manifest, or nowhere.

This keeps mistakes out, and is no wall: who installs a package trusts it.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

_CHANGES: Final = frozenset({"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink"})
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_here: Final = threading.local()


class WroteItself(PermissionError):  # noqa: N818 - it names what was tried
    """A format would have written a file; it was kept from it."""


@contextmanager
def nothing_written() -> Generator[None]:
    """Raises WroteItself where this thread changes a file outside of the folder for temporary ones."""
    _watch()
    # asked for now: the first to ask tries a file there, holding a lock that the hook would wait for
    _here.temporary = os.path.abspath(tempfile.gettempdir())  # noqa: PTH100 - resolving asks the disk
    _here.on = True
    try:
        yield
    finally:
        _here.on = False


@contextmanager
def as_usual() -> Generator[None]:
    """Within it nothing is watched: our own work between two steps of the format."""
    before, _here.on = getattr(_here, "on", False), False
    try:
        yield
    finally:
        _here.on = before


@cache
def _watch() -> None:
    """Adds the hook, once in a process, for hooks cannot be taken away."""
    sys.addaudithook(_hook)


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if not getattr(_here, "on", False):
        return
    if (event == "open" and _writes(arguments)) or event in _CHANGES:
        path = arguments[0]
        if isinstance(path, (str, bytes)) and not _is_free(Path(os.fsdecode(path))):
            raise WroteItself(f"it would write {os.fsdecode(path)!r} itself, in place of giving its bytes")


def _writes(arguments: tuple[object, ...]) -> bool:
    flags = arguments[2] if len(arguments) > 2 else 0  # noqa: PLR2004 - path, mode, flags
    return isinstance(flags, int) and bool(flags & _WRITING)


def _is_free(path: Path) -> bool:
    """Temporary files, and what Python keeps of a module that it imports."""
    if path.parent.name == "__pycache__" or str(path) == os.devnull:
        return True
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - resolving asks the disk about each part
    return whole.is_relative_to(_here.temporary)
