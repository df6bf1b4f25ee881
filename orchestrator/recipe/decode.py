"""Bytes to text: size, encoding, and characters that an editor does not show."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from orchestrator.errors import Diagnostic, Span
from orchestrator.frozen import Frozen
from orchestrator.recipe.caps import Caps

_BYTE_ORDER_MARK: Final = "\ufeff"
# C0 and C1 controls, lone surrogates, non-characters, a byte order mark inside the text; line breaks that
# editors do not show as such; characters that reorder what is shown (CVE-2021-42574).
UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


class Decoded(Frozen):
    """The text as far as it can be shown, and what stands against reading it."""

    text: str
    finding: Diagnostic | None = None


def decode(data: str | bytes, file: str, caps: Caps) -> Decoded:
    """A byte order mark at the start is dropped; line breaks may be of any system."""
    if len(data) > caps.bytes:
        return Decoded("", _too_large(len(data), file, caps))
    if isinstance(data, bytes):
        if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            return Decoded("", _utf_16(file))
        try:
            data = data.decode("utf-8")
        except UnicodeDecodeError as error:
            return Decoded(_cleaned(data.decode("utf-8", "replace")), _not_utf_8(data, error.start, file))
    text = data.removeprefix(_BYTE_ORDER_MARK)
    unseen = UNSEEN.search(text)
    return Decoded(text) if unseen is None else Decoded(_cleaned(text), _unseen(text, unseen.start(), file))


def describe_unseen(character: str) -> str:
    """`U+202E RIGHT-TO-LEFT OVERRIDE`."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'control character')}"


def unseen_finding(span: Span, character: str) -> Diagnostic:
    """E105 at a place."""
    return Diagnostic(
        "E105",
        f"the recipe holds a character that nobody sees: {describe_unseen(character)}",
        span,
        why="Control characters, and those that reorder a line, make a text mean what it does not show.",
        help="delete the character; a line break in a text is written `\\n` inside double quotes",
    )


def place_of(text: str, index: int, file: str) -> Span:
    """The span of one character; CRLF, LF and CR end a line."""
    before = text[:index].replace("\r\n", "\n").replace("\r", "\n")
    return Span.point(file, before.count("\n") + 1, index_in_line(before) + 1)


def index_in_line(before: str) -> int:
    """Characters since the last line break."""
    return len(before) - (before.rfind("\n") + 1)


def _cleaned(text: str) -> str:
    """What may be printed on a terminal, column for column."""
    return UNSEEN.sub("\ufffd", text.removeprefix(_BYTE_ORDER_MARK))


def _unseen(text: str, index: int, file: str) -> Diagnostic:
    return unseen_finding(place_of(text, index, file), text[index])


def _too_large(size: int, file: str, caps: Caps) -> Diagnostic:
    return Diagnostic(
        "E106",
        f"the recipe has {size:,} bytes; the cap is {caps.bytes:,}",
        Span.point(file),
        why="A recipe is text that a person reviews; caps keep a hostile one from taking the machine.",
        help="give long lists of ideas from Python: `orchestrator.run(recipe, items={'idea': [...]})`",
    )


def _utf_16(file: str) -> Diagnostic:
    return Diagnostic(
        "E102",
        "the recipe is UTF-16, not UTF-8",
        Span.point(file),
        why="Recipes are UTF-8, so that they read the same on every machine.",
        help="save the file as UTF-8 (in Notepad: Save as, Encoding UTF-8)",
    )


def _not_utf_8(data: bytes, offset: int, file: str) -> Diagnostic:
    before = data[:offset].decode("utf-8").removeprefix(_BYTE_ORDER_MARK)
    return Diagnostic(
        "E102",
        f"the recipe is not UTF-8: byte 0x{data[offset]:02x} at offset {offset:,}",
        place_of(before, len(before), file),
        why="Recipes are UTF-8, so that they read the same on every machine.",
        help="save the file as UTF-8; a file from an older program may be GBK, Shift-JIS or Latin-1",
    )
