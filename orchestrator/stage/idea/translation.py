"""Foreign words of an idea, put into English by a glossary; what it lacks stays, and is told."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import groupby, takewhile
from typing import Final

from orchestrator.frozen import Frozen

_UNPARTED: Final = (
    range(0x3005, 0x3006), range(0x3400, 0xA000), range(0xF900, 0xFB00), range(0x3040, 0x3100),
    range(0xAC00, 0xD7B0), range(0x20000, 0x40000),
)  # fmt: skip
"""Letters of scripts without blanks; a regular expression of them takes 5 ms to compile, at each start."""
_KANA: Final = range(0x3040, 0x3100)
_LATIN: Final = r"A-Za-z\u00aa\u00ba\u00c0-\u024f\u1e00-\u1eff"
_ALWAYS_APART: Final = frozenset("的之了们們")
"""Particles that stand beside an unknown word; others beside one are a syllable of it."""


class Translation(Frozen):
    """English text; which words the glossary gave it, and which it did not know."""

    text: str
    words: Mapping[str, str]
    unknown: tuple[str, ...]


class Words:
    """A glossary, arranged for the longest match."""

    def __init__(self, glossary: Mapping[str, str]) -> None:
        self._english = glossary
        lengths: dict[str, set[int]] = {}
        for word in glossary:
            lengths.setdefault(word[0], set()).add(len(word))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def translated(self, text: str) -> Translation:
        """Replaces foreign words, the longest match first.

        A single character beside one that is not known belongs to a longer word that the glossary lacks
        (水母 is no water), unless it ends that word: the last character is what names the thing (刺剑 is a
        sword).
        """
        if not is_foreign(text):
            return Translation(text, {}, ())
        pieces = self._with_whole_strangers(list(self._pieces(text)))
        parts = [f" {self._english[piece]} " if piece in self._english else piece for piece in pieces]
        words = {piece: self._english[piece] for piece in pieces if self._english.get(piece)}
        unknown = dict.fromkeys(piece for piece in pieces if piece not in self._english and is_foreign(piece))
        return Translation(_joined(parts), words, tuple(unknown))

    def _pieces(self, text: str) -> Iterator[str]:
        """Words of the glossary, single characters of scripts without blanks, and stretches of the rest."""
        at = 0
        while at < len(text):
            word = self._longest(text, at) or _stretch(text, at)
            yield word
            at += len(word)

    def _longest(self, text: str, at: int) -> str:
        """The longest word of the glossary that begins at a place; whole words where blanks part them."""
        for length in self._lengths.get(text[at], ()):
            word = text[at : at + length]
            if word in self._english and (_is_unparted(word[0]) or _is_whole(text, at, length)):
                return word
        return ""

    def _with_whole_strangers(self, pieces: list[str]) -> list[str]:
        joined: list[str] = []
        for _, group in groupby(pieces, key=self._may_belong):
            run = list(group)
            if not any(map(self._is_strange, run)):
                joined += run
                continue
            last = run.pop() if len(run) > 1 and self._english.get(run[-1]) else ""
            joined += ["".join(run), last] if last else ["".join(run)]
        return joined

    def _is_strange(self, piece: str) -> bool:
        return _is_unparted(piece[0]) and piece not in self._english

    def _may_belong(self, piece: str) -> bool:
        return len(piece) == 1 and _is_unparted(piece) and piece not in _ALWAYS_APART


@cache
def _foreign() -> re.Pattern[str]:
    """A word with letters that are not Latin."""
    return re.compile(rf"[^\W\d_{_LATIN}][^\W\d_A-Za-z]*(?:[\u200c\u200d'’-]?[^\W\d_{_LATIN}]+)*")


def _is_unparted(letter: str) -> bool:
    return any(ord(letter) in letters for letters in _UNPARTED)


def _has_kana(text: str) -> bool:
    return any(ord(letter) in _KANA for letter in text)


def is_foreign(text: str) -> bool:
    """Whether a text has a letter that is not Latin."""
    return not text.isascii() and _foreign().search(text) is not None


def is_chinese(text: str) -> bool:
    """Whether the foreign letters of a text are Chinese characters alone."""
    return not _has_kana(text) and all(
        _is_unparted(character) and not "\uac00" <= character <= "\ud7af"
        for word in _foreign().findall(text)
        for character in word
    )


def foreign_words(text: str) -> tuple[str, ...]:
    """The words of a text that hold letters other than Latin ones."""
    return tuple(dict.fromkeys(_foreign().findall(text)))


def script_of(text: str) -> str:
    """The script of the first letter that is not Latin, as people call it: `Cyrillic`, `Korean`."""
    if _has_kana(text):
        return "Japanese"
    found = _foreign().search(text)
    name = unicodedata.name(found[0][0], "unknown") if found else "latin"
    first = name.split(" ")[0].split("-")[0].capitalize()
    return {"Cjk": "Chinese", "Hangul": "Korean"}.get(first, first)


def _stretch(text: str, at: int) -> str:
    """One character of a script without blanks, a foreign word, or all up to the next foreign letter."""
    if _is_unparted(text[at]):
        return text[at]
    if found := _foreign().match(text, at):
        return "".join(takewhile(lambda letter: not _is_unparted(letter), found[0])) or text[at]
    further = _foreign().search(text, at)
    return text[at : further.start() if further else len(text)]


def _is_whole(text: str, at: int, length: int) -> bool:
    around = (text[at - 1 : at] if at else "", text[at + length : at + length + 1])
    return not any(each.isalpha() for each in around)


def _joined(parts: list[str]) -> str:
    text = " ".join("".join(parts).split())
    return re.sub(r"\s+(?=[,.;:!?)])|(?<=\()\s+", "", text)
