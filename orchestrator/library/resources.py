"""A library: folders in which resources are looked for by plain names, the first folder first."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from orchestrator.library.source import Source, read_source

NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
"""A name is one plain word, so it cannot lead out of its folder."""

SUFFIXES: Final[Mapping[str, tuple[str, str]]] = {
    "template": ("templates", ".jinja"),
    "glossary": ("glossaries", ".yaml"),
    "lexicon": ("lexicons", ".yaml"),
    "style": ("styles", ".yaml"),
}
"""Folder and suffix of each shelf."""

_LARGE: Final = {"lexicon": ".json"}
"""Rooms whose large tables may be JSON, which is read fifty times as fast as YAML."""


class Loaded:
    """A resource: what it says, and the digest of every byte that was read for it.

    It is read once, on first use of either, so that the two always agree.
    """

    __slots__ = ("_read",)

    def __init__(self, read: Callable[[], tuple[str, object]]) -> None:
        self._read = cache(read)

    @property
    def digest(self) -> str:
        """Digest of the bytes; InvalidInput where the file cannot be used."""
        return self._read()[0]

    @property
    def value(self) -> object:
        """What it says; InvalidInput where the file cannot be used."""
        return self._read()[1]


class Library:
    """Resources by shelf and name; each is read once.

    Args:
        folders: the first that has a resource gives it.
        trusted: those of `folders` whose resources are known to be sound, as those that ship are, which the
            tests read: a check need not open them.
        packages: whether installed packages are asked for what no folder has.
    """

    def __init__(
        self, folders: Sequence[Path], trusted: Collection[Path] = (), *, packages: bool = False
    ) -> None:
        self._folders = tuple(folders)
        self._trusted = frozenset(trusted)
        self._packages = packages
        self._loaded: dict[tuple[str, str], Loaded | None] = {}

    def find(self, shelf: str, name: str) -> Loaded | None:
        """The resource, or None when no folder has one of this name; read now unless its folder is trusted.

        Args:
            shelf: `template`, `glossary`, `lexicon` or `style`.
            name: a plain word, without suffix.

        Raises:
            InvalidInput: the file cannot be used, with findings in that file; or a package cannot.
        """
        if (shelf, name) not in self._loaded:
            self._loaded[shelf, name] = self._found(shelf, name)
        return self._loaded[shelf, name]

    def names(self, shelf: str) -> tuple[str, ...]:
        """The names that `find` knows in a shelf, sorted."""
        folder, suffixes = _places(shelf)
        found = (
            file.name.removesuffix(suffix)
            for base in self._folders
            for suffix in suffixes
            for file in (base / folder).glob(f"*{suffix}")
            if _is_name(file, suffix)
        )
        return tuple(sorted({*found, *(self._offered(shelf, suffixes) if self._packages else ())}))

    def _found(self, shelf: str, name: str) -> Loaded | None:
        place = self._place(shelf, name)
        if place is None:
            return None
        folder, file = place
        loaded = Loaded(lambda: self._read(shelf, read_source(file, name, self._bounds(folder))))
        if folder not in self._trusted or (shelf == "template" and self._may_name_others()):
            loaded.digest  # noqa: B018 - reads it
        return loaded

    def _may_name_others(self) -> bool:
        """Whether what a trusted template extends or includes may lie in a folder that is not trusted."""
        return any((base / "templates").is_dir() for base in self._folders if base not in self._trusted)

    def _read(self, shelf: str, source: Source) -> tuple[str, object]:
        if shelf == "template":
            from orchestrator.library.templates import read_template

            return read_template(source, self._template)
        from orchestrator.library import tables

        readers: Mapping[str, Callable[[Source], tuple[str, object]]] = {
            "glossary": tables.read_glossary,
            "lexicon": tables.read_lexicon,
            "style": tables.read_style,
        }
        return readers[shelf](source)

    def _template(self, name: str) -> Source | None:
        place = self._place("template", name)
        return None if place is None else read_source(place[1], name, self._bounds(place[0]))

    def _bounds(self, folder: Path) -> Path | None:
        """Where links of a library may lead: within what holds it; those of our own wherever pip put them."""
        return None if folder in self._trusted else folder.parent

    def _place(self, shelf: str, name: str) -> tuple[Path, Path] | None:
        """The file, and the folder of the library that holds it."""
        if NAME.fullmatch(name) is None:
            return None
        folder, suffixes = _places(shelf)
        places = (
            (base, base / folder / f"{name}{suffix}") for base in self._folders for suffix in suffixes
        )
        found = next((place for place in places if place[1].is_file()), None)
        return found or (self._packaged(shelf, name, suffixes) if self._packages else None)

    def _packaged(self, shelf: str, name: str, suffixes: Sequence[str]) -> tuple[Path, Path] | None:
        """As `_place`, in a package: what is installed is looked at only for what no folder has."""
        from orchestrator.library.packages import offered_file

        file = offered_file(shelf, name, suffixes)
        return None if file is None else (file.parent, file)

    def _offered(self, shelf: str, suffixes: Sequence[str]) -> Iterator[str]:
        from orchestrator.library.packages import offered_files

        for _, file in offered_files(shelf, suffixes):
            name = next(file.name.removesuffix(suffix) for suffix in suffixes if file.name.endswith(suffix))
            if NAME.fullmatch(name) is not None:
                yield name


def _places(shelf: str) -> tuple[str, tuple[str, ...]]:
    """The folder of a shelf and the suffixes of its files, the usual one first."""
    folder, suffix = SUFFIXES[shelf]
    return folder, (suffix, _LARGE[shelf]) if shelf in _LARGE else (suffix,)


def _is_name(file: Path, suffix: str) -> bool:
    return NAME.fullmatch(file.name.removesuffix(suffix)) is not None
