"""Replaces a file in one step: nobody ever sees half of it; one that a viewer holds open is waited for."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

_TRIES: Final = 20
_PAUSE: Final = 0.01
"""Seconds, one more each time: about two altogether. Windows refuses to replace a file that is open
elsewhere, and most programs let go of one within moments."""


def replace_file(path: Path, data: bytes, *, durable: bool = False) -> None:
    """Writes beside the target and renames over it; its folder must be there.

    Args:
        path: the file, which may exist.
        data: all its bytes.
        durable: wait until they are on the disk, so that a loss of power leaves the old file or the new.

    Raises:
        OSError: it cannot be written or replaced; the old file stands, and nothing is left beside it.
    """
    beside = path.with_name(f".writing-{os.urandom(8).hex()}")
    try:
        write_new(beside, data, durable=durable)
        put_in_place(beside, path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def write_new(path: Path, data: bytes, *, durable: bool) -> None:
    """Writes a file that is not there yet; FileExistsError where one is."""
    with path.open("xb") as file:
        file.write(data)
        if durable:
            file.flush()
            os.fsync(file.fileno())


def put_in_place(source: Path, target: Path, is_settled: Callable[[], bool] = lambda: False) -> None:
    """Renames over a file of the same file system.

    Args:
        source: the finished file.
        target: where it belongs.
        is_settled: asked when the target cannot be replaced; True where what is there will do.

    Raises:
        OSError: it cannot be replaced, also after a while.
    """
    for attempt in range(_TRIES):
        try:
            source.replace(target)
        except PermissionError:
            if is_settled():
                return
            if attempt == _TRIES - 1:
                raise
            time.sleep(_PAUSE * (attempt + 1))
        else:
            return
