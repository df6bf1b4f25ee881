"""Files in memory, as `orchestrator.recipe.Files` asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from orchestrator.recipe import CannotRead


class MemoryFiles:
    def __init__(self, files: Mapping[str, str | bytes], ready: Mapping[str, str] | None = None) -> None:
        self._files, self._ready = files, ready or {}

    def read(self, name: str, limit: int) -> bytes:
        if name not in self._files:
            raise CannotRead("does not exist", missing=True)
        data = self._files[name]
        data = data.encode() if isinstance(data, str) else data
        if len(data) > limit:
            raise CannotRead(f"has {len(data):,} bytes", over=True)
        return data

    def glob(self, pattern: str, limit: int, *, lenient: bool = False) -> Sequence[str]:
        del lenient  # nothing is refused here
        found = sorted(name for name in self._files if fnmatchcase(name, pattern))
        if len(found) > limit:
            raise CannotRead("matches too many files", over=True)
        return found

    def ready(self, name: str) -> tuple[str, bytes] | None:
        text = self._ready.get(name)
        return None if text is None else (f"{name}.yaml", text.encode())

    def ready_names(self) -> Sequence[str]:
        return tuple(self._ready)
