"""Reads a stranger's file: a plain one, not too large, and not through a link that leads elsewhere."""

from __future__ import annotations

import stat
from pathlib import Path


class RefusedFile(OSError):  # noqa: N818 - it says what is wrong with the file
    """A file that is not opened; `strerror` says why, as of any other that cannot be read."""

    def __init__(self, reason: str) -> None:
        super().__init__(0, reason)


def read_plain_file(path: Path, most: int, within: Path | None = None) -> bytes:
    """All bytes of a file.

    Args:
        path: the file; a pipe or a device is refused before it is opened, for it may never end.
        most: how many bytes it may have.
        within: the folder below which it lies; a link that leads out of it is refused.

    Raises:
        OSError: it cannot be read, or (RefusedFile) it is none of those.
    """
    if within is not None and not path.resolve().is_relative_to(within.resolve()):
        raise RefusedFile("it is a link that leads out of its folder")
    state = path.stat()
    if not stat.S_ISREG(state.st_mode) and not stat.S_ISDIR(state.st_mode):
        raise RefusedFile("it is no plain file")
    if state.st_size > most and stat.S_ISREG(state.st_mode):
        raise RefusedFile(f"it has {state.st_size:,} bytes, and {most:,} are the most")
    with path.open("rb", buffering=0) as file:
        data = file.read(state.st_size + 1) or b""
        while len(data) <= most and (more := file.read(most + 1 - len(data))):
            data += more
    if len(data) > most:
        raise RefusedFile(f"it has more than {most:,} bytes")
    return data
