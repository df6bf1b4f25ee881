"""One writer at a time in an output folder; the system lets go of a lock whose process has ended."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Final

_ASKED_EVERY: Final = 0.2
_WAITS_AT_MOST: Final = 600.0
"""Seconds; writing ten thousand pictures takes one or two minutes."""


class FolderBusyError(OSError):
    """Another run has been writing into the folder for longer than we wait."""

    def __init__(self) -> None:
        super().__init__(0, "another run writes into this folder")


@contextlib.contextmanager
def locked(file: Path, stopped: Callable[[], bool]) -> Generator[None]:
    """Waits until nobody else holds the lock, or the user stops; the file is gone afterwards.

    Where the file system knows no locks, nothing is waited for.

    Raises:
        FolderBusyError: another run holds it for ten minutes.
    """
    from filelock import FileLock, Timeout

    if file.is_symlink():
        file.unlink()
    lock, until = FileLock(file, thread_local=False), time.monotonic() + _WAITS_AT_MOST
    while not stopped():
        try:
            lock.acquire(timeout=_ASKED_EVERY, poll_interval=_ASKED_EVERY / 4)
        except Timeout as error:
            if time.monotonic() > until:
                raise FolderBusyError from error
        except (OSError, NotImplementedError):
            break
        else:
            break
    try:
        yield
    finally:
        if lock.is_locked:
            with contextlib.suppress(OSError):  # on Windows it goes with its release, or stays
                file.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                lock.release(force=True)
