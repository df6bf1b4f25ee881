"""Letters on sheets: the fonts that come with the package, and text cut to the room that there is."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING

from orchestrator.builtin.pictures.font_files import MAIN, charsets, font_bytes

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

ELLIPSIS = "..."
"""Three full stops: a Chinese font draws the one character at half height."""

_IGNORED = frozenset(map(chr, (0x200B, 0x2060, 0xFEFF, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
"""Choices of a form, and places of a break: nothing of them is seen."""
_JOINERS = "\u200c\u200d"
_SHAPED = frozenset({"R", "AL", "NSM"})
"""Classes of the bidi algorithm whose letters stand wrongly unless somebody lays them out."""


@cache
def font(size: int, name: str = MAIN) -> FreeTypeFont:
    """One of the fonts in a size in pixels; the main one has Latin, kana and the characters of GB 2312."""
    from PIL import ImageFont

    shaped = name != MAIN and can_shape()
    way = ImageFont.Layout.RAQM if shaped else ImageFont.Layout.BASIC
    return ImageFont.truetype(BytesIO(font_bytes(name)), size, layout_engine=way)


@cache
def can_shape() -> bool:
    """Whether this machine's Pillow joins letters and runs them from right to left where a script does."""
    from PIL import features

    return bool(features.check("raqm") and features.check("fribidi"))


def needs_shaping(text: str) -> bool:
    """Whether letters of a text are joined, reordered or run from right to left."""
    return any(unicodedata.bidirectional(letter) in _SHAPED for letter in text)


def drawable(text: str) -> str:
    """The text in letters that a font has; any other as its code point, and never as an empty box."""
    return "".join(_shown(letter) for letter in unicodedata.normalize("NFC", text))


def lacking(text: str) -> list[str]:
    """The letters that no font has, as code points."""
    shown = (_shown(letter) for letter in unicodedata.normalize("NFC", text))
    return list(dict.fromkeys(each[1:-1] for each in shown if len(each) > 1))


def _shown(letter: str) -> str:
    if letter in _IGNORED:
        return ""
    if letter.isspace():
        return " "
    seen = letter in _JOINERS or unicodedata.category(letter)[0] != "C"  # a control has its effect unseen
    if seen and any(ord(letter) in held for held in charsets().values()):
        return letter
    return "" if letter in _JOINERS else f"<U+{ord(letter):04X}>"


def pieces(text: str) -> list[tuple[str, str]]:
    """(text, name of its font) from left to right; each word in one font where one has all of it.

    Blanks and signs stay in the font of what stands before them, so that a script which runs from right to
    left stays one piece. `text` is `drawable`.
    """
    fonts: list[tuple[str, str]] = []
    before = ""
    for word in _words(text):
        for letters, name in _of_word(word, before):
            fonts.append((letters, name))
            before = name
    return [
        ("".join(part for part, _ in group), name) for name, group in groupby(fonts, key=lambda pair: pair[1])
    ]


def _words(text: str) -> Iterator[str]:
    """The text cut between letters and all else; marks and joiners belong to their letters."""

    def is_letter(letter: str) -> bool:
        return unicodedata.category(letter)[0] in "LM" or letter in _JOINERS

    yield from ("".join(group) for _, group in groupby(text, key=is_letter))


def _of_word(word: str, before: str) -> Iterator[tuple[str, str]]:
    known = charsets()
    order = [before, *known] if before and not word[0].isalpha() else list(known)
    whole = next((name for name in order if all(ord(letter) in known[name] for letter in word)), None)
    if whole is not None:
        yield word, whole
        return
    held = before
    for letter in word:
        marks = unicodedata.category(letter)[0] == "M" or letter in _JOINERS
        near = [held, *known] if held and marks else list(known)
        held = next((name for name in near if ord(letter) in known[name]), MAIN)
        yield letter, held


def length(text: str, size: int) -> float:
    """Width of a `drawable` text in pixels."""
    return sum(font(size, name).getlength(part) for part, name in pieces(text))


def write(
    pen: ImageDraw, place: tuple[float, float], text: str, fill: tuple[int, int, int], size: int
) -> None:
    """Draws a `drawable` text; `place` is the middle of its upper edge."""
    x, y = place[0] - length(text, size) / 2, place[1] + font(size).getmetrics()[0]
    for part, name in pieces(text):
        letters = font(size, name)
        pen.text((x, y), part, fill=fill, font=letters, anchor="ls")
        x += letters.getlength(part)


def fitted(text: str, width: float, measure: Callable[[str], float]) -> str:
    """The text, or as much of its beginning as fits with an ellipsis."""
    if measure(text) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (
            (middle, high) if measure(text[:middle].rstrip(" -·") + ELLIPSIS) <= width else (low, middle - 1)
        )
    return text[: _whole(text, low)].rstrip(" -·") + ELLIPSIS


def wrapped(text: str, width: float, lines: int, measure: Callable[[str], float]) -> list[str]:
    """The text in at most `lines` lines, broken after blanks and hyphens, or anywhere where it must be."""
    rows: list[str] = []
    rest = text.strip()
    while rest:
        if len(rows) == lines - 1:
            return [*rows, fitted(rest, width, measure)]
        end = _break(rest, width, measure)
        rows.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return rows


def _break(text: str, width: float, measure: Callable[[str], float]) -> int:
    """Where the first line of a text ends."""
    if measure(text) <= width:
        return len(text)
    end = next((at for at in range(len(text), 1, -1) if measure(text[:at].rstrip()) <= width), 1)
    blank = max(text.rfind(" ", 0, end + 1), text.rfind("-", 0, end - 1) + 1 if end > 1 else 0)
    return blank if blank > 0 else _whole(text, end) or end


def _whole(text: str, end: int) -> int:
    """The nearest place before, at which no mark is torn from its letter."""
    while 0 < end < len(text) and unicodedata.category(text[end])[0] == "M":
        end -= 1
    return end
