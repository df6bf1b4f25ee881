"""Foreign words of an idea, put into English by a glossary; what it lacks stays, and is told."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from orchestrator.frozen import Frozen

_UNPARTED: Final = r"\u3005\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af\U00020000-\U0003ffff"
_CJK: Final = re.compile(f"[{_UNPARTED}]")
_KANA: Final = re.compile(r"[\u3040-\u30ff]")
_LATIN: Final = r"A-Za-z\u00aa\u00ba\u00c0-\u024f\u1e00-\u1eff"
_FOREIGN: Final = re.compile(rf"[^\W\d_{_LATIN}][^\W\d_A-Za-z]*(?:[\u200c\u200d'’-]?[^\W\d_{_LATIN}]+)*")
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
            if word in self._english and (_CJK.match(word) or _is_whole(text, at, length)):
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
        return _CJK.match(piece) is not None and piece not in self._english

    def _may_belong(self, piece: str) -> bool:
        return len(piece) == 1 and _CJK.match(piece) is not None and piece not in _ALWAYS_APART


def is_foreign(text: str) -> bool:
    """Whether a text has a letter that is not Latin."""
    return not text.isascii() and _FOREIGN.search(text) is not None


def is_chinese(text: str) -> bool:
    """Whether the foreign letters of a text are Chinese characters alone."""
    return _KANA.search(text) is None and all(
        _CJK.match(character) is not None and not "\uac00" <= character <= "\ud7af"
        for word in _FOREIGN.findall(text)
        for character in word
    )


def foreign_words(text: str) -> tuple[str, ...]:
    """The words of a text that hold letters other than Latin ones."""
    return tuple(dict.fromkeys(_FOREIGN.findall(text)))


def script_of(text: str) -> str:
    """The script of the first letter that is not Latin, as people call it: `Cyrillic`, `Korean`."""
    if _KANA.search(text):
        return "Japanese"
    found = _FOREIGN.search(text)
    name = unicodedata.name(found[0][0], "unknown") if found else "latin"
    first = name.split(" ")[0].split("-")[0].capitalize()
    return {"Cjk": "Chinese", "Hangul": "Korean"}.get(first, first)


def _stretch(text: str, at: int) -> str:
    """One character of a script without blanks, a foreign word, or all up to the next foreign letter."""
    if _CJK.match(text[at]):
        return text[at]
    if found := _FOREIGN.match(text, at):
        return re.split(_CJK, found[0], maxsplit=1)[0] or text[at]
    further = _FOREIGN.search(text, at)
    return text[at : further.start() if further else len(text)]


def _is_whole(text: str, at: int, length: int) -> bool:
    around = (text[at - 1 : at] if at else "", text[at + length : at + length + 1])
    return not any(each.isalpha() for each in around)


def _joined(parts: list[str]) -> str:
    text = " ".join("".join(parts).split())
    return re.sub(r"\s+(?=[,.;:!?)])|(?<=\()\s+", "", text)
