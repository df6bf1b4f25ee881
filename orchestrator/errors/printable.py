"""Text of strangers on its way to a terminal: names of files, words of stages, cards and `--set`."""

from __future__ import annotations

import re
from typing import Final

_UNSEEN: Final = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 and C1, of which terminals make commands; line end and tab are meant
    "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"  # what turns the direction of a line, or ends it
    "\ud800-\udfff]"  # halves of pairs: bytes of a file's name that are no UTF-8
)


def printable(text: str) -> str:
    r"""The text with every character that a terminal would obey, or a reader not see, written as `\u001b`.

    What joins letters (ZWJ, ZWNJ) stays. Inside JSON the form means the same character.
    """
    text = text.replace("\r\n", "\n")
    if text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return re.sub(_UNSEEN, _escaped, text)


def one_printable_line(text: str) -> str:
    """As `printable`, on one line."""
    return " ".join(printable(text).split("\n"))


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
