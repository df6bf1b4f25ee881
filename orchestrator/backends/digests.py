"""Digests of model files, remembered by path, size and times, so that gigabytes are read once."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from typing import cast

from orchestrator.frozen import Slotted
from orchestrator.replace_file import replace_file

_NAME = "model-digests.json"
_BLOCK = 1 << 20


class FileDigests(Slotted):
    """sha256 of files. What `keep` wrote under the store is asked first; a broken memory is no memory."""

    store: Path
    _known: dict[str, str] = field(default_factory=dict[str, str])
    _new: bool = False

    @classmethod
    def remembered(cls, store: Path) -> FileDigests:
        """With the digests that earlier calls kept."""
        known: dict[str, str] = {}
        with suppress(OSError, ValueError, AttributeError):
            held = cast("dict[object, object]", json.loads((store / _NAME).read_text("utf-8")))
            known = {
                key: value for key, value in held.items() if isinstance(key, str) and isinstance(value, str)
            }
        return cls(store, known)

    def of(self, path: Path) -> str:
        """`sha256:` and the digest of the file's bytes; raises OSError where it cannot be read."""
        real = path.resolve()
        state = real.stat()
        key = f"{real.as_posix()}|{state.st_size}|{state.st_mtime_ns}|{state.st_ctime_ns}"
        if key not in self._known:
            self._known[key] = _digest(real)
            self._new = True
        return self._known[key]

    def keep(self) -> None:
        """Writes what was learned, whole or not at all; a store that cannot be written costs time only."""
        if not self._new:
            return
        with suppress(OSError):
            self.store.mkdir(parents=True, exist_ok=True)
            text = json.dumps(self._known, indent=0, sort_keys=True)
            replace_file(self.store / _NAME, text.encode())
            self._new = False


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return "sha256:" + digest.hexdigest()
