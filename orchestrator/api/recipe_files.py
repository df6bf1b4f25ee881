"""The files that a recipe may name: in and below its own folder, links followed, plain files only.

A name is that of a file whichever way accents are written, composed or not: archives of macOS part them.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import translate
from functools import lru_cache
from pathlib import Path
from typing import Final

from orchestrator.library import ready_recipes
from orchestrator.recipe.files import CannotRead, Refusal, why_refused

_MOST_LOOKED_AT: Final = 100_000
_DEEPEST: Final = 32
_HERE: Final = "**"
_MEND_THE_LINK: Final = "put the file itself there, or mend the link"


class RecipeFiles:
    """Implements `Files` of orchestrator.recipe over a folder.

    `drafts` are bytes that count in place of those of a file, by its whole path with links followed.
    """

    def __init__(self, folder: Path, drafts: Mapping[Path, bytes] | None = None) -> None:
        self._folder, self._drafts = folder, drafts or {}
        self._root = folder.resolve()
        self._looked_at = 0

    def read(self, name: str, limit: int) -> bytes:
        """The bytes of a plain file below the folder."""
        path = self._inside(name)
        if path in self._drafts:
            return self._drafts[path]
        try:
            with path.open("rb", buffering=0) as file:
                size = os.fstat(file.fileno()).st_size
                if size > limit:
                    raise CannotRead(f"has {size:,} bytes", over=True)
                data = file.read(limit + 1) or b""
                while len(data) <= limit and (more := file.read(limit + 1 - len(data))):
                    data += more
        except OSError as error:
            raise CannotRead(f"cannot be read: {error.strerror or type(error).__name__}") from error
        if len(data) > limit:
            raise CannotRead("has too many bytes", over=True)
        return data

    def glob(self, pattern: str, limit: int, *, lenient: bool = False) -> Sequence[str]:
        """The plain files that a pattern matches: `*` and `?` within a name, `**` for any folders.

        `[ab]` stands for one of these letters, unless a name there holds the brackets themselves.
        """
        if refused := why_refused(pattern, pattern=True):
            raise CannotRead(refused.reason, refusal=refused)
        parts = [part for part in pattern.split("/") if part not in {"", "."}]
        found: set[str] = set()
        for name in self._matches("", parts, 0):
            if self._is_plain_file(name, lenient=lenient):
                found.add(name)
            if len(found) > limit:
                raise CannotRead("matches too many files", over=True)
        return sorted(found)

    def ready(self, name: str) -> tuple[str, bytes] | None:
        """The ready recipe of this name."""
        path = ready_recipes().get(name)
        return None if path is None else (path.name, path.read_bytes())

    def ready_names(self) -> Sequence[str]:
        """The names of the ready recipes."""
        return tuple(ready_recipes())

    def _inside(self, name: str) -> Path:
        """The file with its links followed; CannotRead where it is none, or lies elsewhere."""
        if refused := why_refused(name):
            raise CannotRead(refused.reason, refusal=refused)
        path = self._spelt(name)
        try:
            target = path.resolve()
            if not target.is_relative_to(self._root):
                raise _refused("is a link that leads out of the recipe's folder")
            mode = target.stat().st_mode
        except (FileNotFoundError, NotADirectoryError) as error:
            if path.is_symlink():
                raise _refused("is a link that leads nowhere", _MEND_THE_LINK) from error
            raise CannotRead("does not exist", missing=True) from error
        except (OSError, RuntimeError) as error:
            raise CannotRead("cannot be read: its links have no end, or its folder is closed") from error
        if stat.S_ISDIR(mode):
            raise CannotRead("is a folder")
        if not stat.S_ISREG(mode):
            raise _refused("is no plain file", "name a file; pipes and devices are not read")
        return target

    def _spelt(self, name: str) -> Path:
        """The path as the disk spells it, where only the way in which accents are written differs."""
        path = self._folder / name
        if name.isascii() or os.path.lexists(path):
            return path
        here = self._folder
        for part in name.split("/"):
            here = here / part
            if not os.path.lexists(here):
                alike = (entry.name for entry in self._scanned(here.parent) if _nfc(entry.name) == _nfc(part))
                here = here.parent / min(alike, default=part)
        return here

    def _is_plain_file(self, name: str, *, lenient: bool) -> bool:
        """False for a folder; a link that leads out is refused, not passed over."""
        try:
            self._inside(name)
        except CannotRead as error:
            if error.refusal is not None and not lenient:
                refusal = replace(error.refusal, reason=f"matches `{name}`, which {error.reason}", meant="")
                raise CannotRead(refusal.reason, refusal=refusal) from error
            return False
        return True

    def _matches(self, folder: str, parts: Sequence[str], depth: int) -> Iterator[str]:
        if not parts or depth > _DEEPEST:
            return
        first, rest = parts[0], parts[1:]
        if first == _HERE:
            yield from self._matches(folder, rest or ["*"], depth)
            for name in self._folders(folder):
                yield from self._matches(name, parts, depth + 1)
            return
        entries = self._entries(folder)
        matching = _matching(first, [entry.name for entry in entries])
        for entry in entries:
            if not matching(entry.name) or (entry.name.startswith(".") and not first.startswith(".")):
                continue
            path = f"{folder}/{entry.name}" if folder else entry.name
            if not rest:
                yield path
            elif _is_folder(entry):
                if entry.is_symlink() and not self._lies_below(path):
                    yield path  # what leads out is refused, not passed over
                else:
                    yield from self._matches(path, rest, depth + 1)

    def _lies_below(self, path: str) -> bool:
        try:
            return (self._folder / path).resolve().is_relative_to(self._root)
        except (OSError, RuntimeError):
            return False

    def _folders(self, folder: str) -> Iterator[str]:
        """The folders in a folder; none that is a link, so that no walk is endless."""
        for entry in self._entries(folder):
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                yield f"{folder}/{entry.name}" if folder else entry.name

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        """What lies in a folder, by name."""
        found = self._scanned(self._folder / folder)
        self._looked_at += len(found)
        if self._looked_at > _MOST_LOOKED_AT:
            raise CannotRead(f"would have to look at more than {_MOST_LOOKED_AT:,} files")
        return sorted(found, key=lambda entry: entry.name)

    def _scanned(self, folder: Path) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                return list(entries)
        except OSError:
            return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder, or a link to one."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _matching(part: str, names: Sequence[str]) -> Callable[[str], object]:
    """Whether a name is meant by a part of a pattern; what stands in brackets is first the name itself."""
    plain = _pattern(part.replace("[", "[[]"))
    if "[" not in part or any(plain(_nfc(name)) for name in names):
        return lambda name: plain(_nfc(name))
    one_of = _pattern(part)
    return lambda name: one_of(_nfc(name))


@lru_cache(maxsize=64)
def _pattern(part: str) -> Callable[[str], object]:
    return re.compile(translate(_nfc(part))).match


def _nfc(name: str) -> str:
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def _refused(reason: str, help_: str = "") -> CannotRead:
    return CannotRead(reason, refusal=Refusal(reason, help_) if help_ else Refusal(reason))
