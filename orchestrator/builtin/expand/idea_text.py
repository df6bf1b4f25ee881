"""The text of an idea: made plain, put into English by a glossary, and freed of words that draw nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

_CJK = re.compile(r"[\u3005\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af\U00020000-\U0003ffff]")
_FOREIGN_MARKS = str.maketrans("，。、；：！？（）【】“”‘’", ",.,;:!?()[]\"\"''")
_OPENING = re.compile(
    r"^(?:please\s+)?(?:(?:draw|make|create|paint|generate|show)\s+(?:me\s+)?)?"
    r"(?:(?:an?|the|one)\s+)?(?:(?:game\s+)?(?:icon|picture|image|drawing|sprite)\s+of\s+)?"
    r"(?:(?:an?|the|some|one|my|this|that)\s+)?(?=\S)",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"\s+(?:game\s+)?(?:icon|sprite|picture|image)s?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Translation:
    """English text; which words the glossary gave it, and which it did not know."""

    text: str
    words: Mapping[str, str]
    unknown: tuple[str, ...]


def normalised(text: str) -> str:
    """NFC, on one line, single blanks, ASCII punctuation; characters that show nothing are gone."""
    composed = unicodedata.normalize("NFC", text).translate(_FOREIGN_MARKS)
    shown = "".join(
        " " if character.isspace() else character
        for character in composed
        if character.isspace() or unicodedata.category(character)[0] != "C"
    )
    return " ".join(shown.split())


def translated(text: str, glossary: Mapping[str, str]) -> Translation:
    """Replaces foreign words by the glossary's, the longest match first; what it lacks stays as it is.

    A single character beside one that is not known belongs to a longer word that the glossary lacks
    (水母 is no water): the two stay together.
    """
    pieces = _with_whole_strangers(_pieces(text, glossary), glossary)
    parts = [f" {glossary[piece]} " if piece in glossary else piece for piece in pieces]
    words = {piece: glossary[piece] for piece in pieces if glossary.get(piece)}
    unknown = dict.fromkeys(piece for piece in pieces if piece not in glossary and _CJK.match(piece))
    return Translation(_joined(parts), words, tuple(unknown))


def _pieces(text: str, glossary: Mapping[str, str]) -> list[str]:
    """Words of the glossary, single foreign characters, and stretches of everything else."""
    longest = max(map(len, glossary), default=0)
    pieces: list[str] = []
    at = 0
    while at < len(text):
        if _CJK.match(text[at]):
            word = next((w for n in range(longest, 0, -1) if (w := text[at : at + n]) in glossary), text[at])
        else:
            word = text[at : next((i for i in range(at, len(text)) if _CJK.match(text[i])), len(text))]
        pieces.append(word)
        at += len(word)
    return pieces


def _with_whole_strangers(pieces: list[str], glossary: Mapping[str, str]) -> list[str]:
    """Joins unknown characters, and single characters that mean something beside them."""

    def strange(piece: str) -> bool:
        return bool(_CJK.match(piece)) and piece not in glossary

    def may_belong(piece: str) -> bool:
        return len(piece) == 1 and bool(_CJK.match(piece)) and bool(glossary.get(piece, "?"))

    joined: list[str] = []
    for _, group in groupby(pieces, key=may_belong):
        run = list(group)
        joined += ["".join(run)] if any(map(strange, run)) else run
    return joined


def without_filler(text: str) -> str:
    """Without articles and requests in front, and without `icon` behind: what is left names the thing."""
    bare = text.strip(" .,;:!?\"'")
    bare = _OPENING.sub("", bare, count=1)
    return (_CLOSING.sub("", bare) or bare).strip(" .,;:!?\"'")


def with_article(thing: str) -> str:
    """`a sword`, `an axe`; plurals and what has an article already stay."""
    first, last = thing.split(" ", 1)[0].casefold(), thing.rsplit(" ", 1)[-1].casefold()
    plural = last.endswith("s") and not last.endswith(("ss", "us", "is", "ns"))
    if first in {"a", "an", "the"} or plural:
        return thing
    return f"{'an' if first[:1] in set('aeiou') else 'a'} {thing}"


def _joined(parts: list[str]) -> str:
    text = " ".join("".join(parts).split())
    return re.sub(r"\s+(?=[,.;:!?)])|(?<=\()\s+", "", text)
