"""Content-addressed files: `blobs/ab/cdef…`, written beside and put in place in one step."""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from pathlib import Path
from typing import Protocol

from orchestrator.replace_file import put_in_place, write_new
from orchestrator.stage.canonical import digest_of

_ABANDONED_AFTER_SECONDS = 24 * 3600


class DamagedBlobError(Exception):
    """A blob is gone, or its bytes are not those of its name."""


class Files(Protocol):
    """Where bytes touch the disk; a test puts a full disk here."""

    def write(self, path: Path, data: bytes) -> None:
        """Writes a new file and waits until it is on the disk."""
        ...

    def read(self, path: Path) -> bytes:
        """All bytes of a file."""
        ...


class DiskFiles:
    """The real disk."""

    def write(self, path: Path, data: bytes) -> None:
        """Writes a new file and waits until it is on the disk."""
        write_new(path, data, durable=True)

    def read(self, path: Path) -> bytes:
        """All bytes of a file."""
        return path.read_bytes()


class Blobs:
    """The folder of blobs. Names are hexadecimal: legal on every file system."""

    def __init__(self, folder: Path, files: Files) -> None:
        self._folder, self._files = folder, files
        self._incoming = folder / "incoming"  # on the same file system, so that putting in place is one step
        self._incoming.mkdir(parents=True, exist_ok=True)
        self._clear_abandoned()

    def write(self, digest: str, data: bytes) -> None:
        """Stores bytes under their digest; a sound blob that is there already is left alone."""
        target = self.path(digest)
        if self._is_sound(digest):
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._incoming / f"{os.getpid()}-{secrets.token_hex(8)}"
        try:
            self._files.write(temporary, data)
            put_in_place(temporary, target, lambda: self._is_sound(digest))
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)

    def read(self, digest: str) -> bytes:
        """The bytes of a digest.

        Raises:
            DamagedBlobError: they are gone or changed.
        """
        try:
            data = self._files.read(self.path(digest))
        except OSError as error:
            raise DamagedBlobError(f"{self.path(digest)}: {error.strerror or error}") from error
        if digest_of(data) != digest:
            raise DamagedBlobError(f"{self.path(digest)}: its bytes have changed")
        return data

    def path(self, digest: str) -> Path:
        """Where the bytes of a digest lie."""
        name = digest.removeprefix("sha256:")
        return self._folder / name[:2] / name[2:]

    def _is_sound(self, digest: str) -> bool:
        try:
            self.read(digest)
        except DamagedBlobError:
            return False
        return True

    def _clear_abandoned(self) -> None:
        """A killed process leaves its unfinished file; old ones go, young ones may be in work elsewhere."""
        limit = time.time() - _ABANDONED_AFTER_SECONDS
        with contextlib.suppress(OSError):
            for path in self._incoming.iterdir():
                if path.stat().st_mtime < limit:
                    path.unlink(missing_ok=True)
