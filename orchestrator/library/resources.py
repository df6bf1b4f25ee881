"""A library: folders in which resources are looked for by plain names, the first folder first."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from orchestrator.library.source import Source, read_source
from orchestrator.library.tables import read_glossary, read_lexicon, read_style
from orchestrator.library.templates import read_template

NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
"""A name is one plain word, so it cannot lead out of its folder."""

SUFFIXES: Final[Mapping[str, tuple[str, str]]] = {
    "template": ("templates", ".jinja"),
    "glossary": ("glossaries", ".yaml"),
    "lexicon": ("lexicons", ".yaml"),
    "style": ("styles", ".yaml"),
}
"""Folder and suffix of each room."""

_LARGE: Final = {"lexicon": ".json"}
"""Rooms whose large tables may be JSON, which is read fifty times as fast as YAML."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A resource: what it says, and the digest of every byte that was read for it."""

    digest: str
    value: object


class Library:
    """Resources by room and name. What was read once is kept, so a digest and its value always agree."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)
        self._loaded: dict[tuple[str, str], Loaded | None] = {}

    def find(self, room: str, name: str) -> Loaded | None:
        """The resource, or None when no folder has one of this name.

        Args:
            room: `template`, `glossary`, `lexicon` or `style`.
            name: a plain word, without suffix.

        Raises:
            InvalidInput: the file cannot be used; with findings in that file.
        """
        if (room, name) not in self._loaded:
            self._loaded[room, name] = self._read(room, name)
        return self._loaded[room, name]

    def names(self, room: str) -> tuple[str, ...]:
        """The names that `find` knows in a room, sorted."""
        folder, suffixes = _places(room)
        found = (
            file.name.removesuffix(suffix)
            for base in self._folders
            for suffix in suffixes
            for file in (base / folder).glob(f"*{suffix}")
            if _is_name(file, suffix)
        )
        return tuple(sorted(set(found)))

    def _read(self, room: str, name: str) -> Loaded | None:
        source = self._source(room, name)
        if source is None:
            return None
        digest, value = self._reader(room)(source)
        return Loaded(digest, value)

    def _reader(self, room: str) -> Callable[[Source], tuple[str, object]]:
        readers: dict[str, Callable[[Source], tuple[str, object]]] = {
            "template": lambda source: read_template(source, lambda name: self._source("template", name)),
            "glossary": read_glossary,
            "lexicon": read_lexicon,
            "style": read_style,
        }
        return readers[room]

    def _source(self, room: str, name: str) -> Source | None:
        if NAME.fullmatch(name) is None:
            return None
        folder, suffixes = _places(room)
        files = (base / folder / f"{name}{suffix}" for base in self._folders for suffix in suffixes)
        found = next((file for file in files if file.is_file()), None)
        return None if found is None else read_source(found, name)


def _places(room: str) -> tuple[str, tuple[str, ...]]:
    """The folder of a room and the suffixes of its files, the usual one first."""
    folder, suffix = SUFFIXES[room]
    return folder, (suffix, _LARGE[room]) if room in _LARGE else (suffix,)


def _is_name(file: Path, suffix: str) -> bool:
    return NAME.fullmatch(file.name.removesuffix(suffix)) is not None
