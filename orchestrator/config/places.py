"""Where keys and values stand in a TOML text, which tomllib does not tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from orchestrator.errors import Span
from orchestrator.frozen import Frozen

Keys: TypeAlias = tuple[str, ...]
_PART: Final = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED: Final = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER: Final = re.compile(rf"\s*\[+\s*({_DOTTED})\s*\]")
_PAIR: Final = re.compile(rf"\s*({_DOTTED})\s*=\s*")
_INNER: Final = re.compile(rf"[\s,]*({_DOTTED})\s*=\s*")
_VALUE: Final = re.compile(r""""(?:\\.|[^"\\\n])*"|'[^'\n]*'|[^\s,{}\[\]#"']+""")


class Place(Frozen):
    """Where a key stands, and its value where that is plain and on the same line; else the key's place."""

    key: Span
    value: Span


class Places:
    """The places of one text, by the keys that lead there; what is not found has its parent's."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._found: dict[Keys, Place] = {}
        table: Keys = ()
        for number, line in enumerate(text.splitlines(), start=1):
            if header := _HEADER.match(line):
                table = self._keep((), number, header)
            elif pair := _PAIR.match(line):
                self._keep_pair(table, number, line, pair)

    def of(self, *keys: str) -> Place:
        """The place of a key, or of the nearest table above it; the file itself where none is found."""
        for length in range(len(keys), 0, -1):
            if (found := self._found.get(keys[:length])) is not None:
                return found
        return Place(Span.point(self._name), Span.point(self._name))

    def below(self, *keys: str) -> Mapping[str, Place]:
        """The places of the keys of a table."""
        return {path[-1]: place for path, place in self._found.items() if path[:-1] == keys}

    def _keep_pair(self, table: Keys, number: int, line: str, pair: re.Match[str]) -> None:
        keys, at = self._keep(table, number, pair), pair.end()
        if line[at : at + 1] == "{":
            self._keep_inner(keys, number, line, at + 1)
        elif value := _VALUE.match(line, at):
            place = self._found[keys]
            self._found[keys] = Place(place.key, self._span(number, value.start(), value.end()))

    def _keep_inner(self, table: Keys, number: int, line: str, at: int) -> None:
        """An inline table; what nests in it deeper keeps the place of its key."""
        while pair := _INNER.match(line, at):
            self._keep_pair(table, number, line, pair)
            at = _after(line, pair.end())

    def _keep(self, table: Keys, number: int, match: re.Match[str]) -> Keys:
        keys = table
        for start, end, part in _parts(match):
            keys = (*keys, part)
            span = self._span(number, start, end)
            self._found.setdefault(keys, Place(span, span))
        return keys

    def _span(self, number: int, start: int, end: int) -> Span:
        return Span(self._name, number, start + 1, number, end + 1)


def _parts(match: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    for part in re.finditer(_PART, match[1]):
        yield match.start(1) + part.start(), match.start(1) + part.end(), part[0].strip("\"'")


def _after(line: str, at: int) -> int:
    """Behind the value that begins here."""
    depth = 0
    while at < len(line):
        if value := _VALUE.match(line, at):
            at = value.end()
            continue
        depth += (line[at] in "{[") - (line[at] in "}]")
        if depth < 0 or (depth == 0 and line[at] == ","):
            return at
        at += 1
    return at
