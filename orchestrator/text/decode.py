"""Bytes to text: size, encoding, and characters that an editor does not show."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

from orchestrator.errors import Diagnostic, Span
from orchestrator.frozen import Frozen
from orchestrator.text.caps import Caps, capped

_BYTE_ORDER_MARK: Final = "\ufeff"
# C0 and C1 controls, lone surrogates, non-characters, a byte order mark inside the text; line breaks that
# editors do not show as such; characters that reorder what is shown (CVE-2021-42574).
_UNSEEN: Final = (
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


def unseen_in(text: str) -> re.Match[str] | None:
    """The first character that an editor does not show; most texts can be printed, and are not searched."""
    if text.replace("\n", "").replace("\r", "").replace("\t", "").isprintable():
        return None
    return _unseen().search(text)


@cache
def _unseen() -> re.Pattern[str]:
    return re.compile(_UNSEEN)


class Decoded(Frozen):
    """The text as far as it can be shown, and what stands against reading it."""

    text: str
    finding: Diagnostic | None = None


def decode(
    data: str | bytes, file: str, caps: Caps, what: str = "the recipe", limit: int | None = None
) -> Decoded:
    """A byte order mark at the start is dropped; line breaks may be of any system."""
    if limit is None and len(data) > caps.bytes:
        return Decoded("", _too_large(len(data), file, caps))
    if isinstance(data, bytes):
        if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            return Decoded("", _utf_16(file, what))
        try:
            data = data.decode("utf-8")
        except UnicodeDecodeError as error:
            finding = _not_utf_8(data, error.start, file, what)
            return Decoded(_cleaned(data.decode("utf-8", "replace")), finding)
    text = data.removeprefix(_BYTE_ORDER_MARK)
    unseen = unseen_in(text)
    return Decoded(text) if unseen is None else Decoded(
        _cleaned(text), unseen_finding(place_of(text, unseen.start(), file), unseen.group(), what)
    )


def describe_unseen(character: str) -> str:
    """`U+202E RIGHT-TO-LEFT OVERRIDE`."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'control character')}"


def unseen_finding(span: Span, character: str, what: str = "the recipe") -> Diagnostic:
    """E105 at a place."""
    return Diagnostic(
        "E105",
        f"{what} holds a character that nobody sees: {describe_unseen(character)}",
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
    return _unseen().sub("\ufffd", text.removeprefix(_BYTE_ORDER_MARK))


def _too_large(size: int, file: str, caps: Caps) -> Diagnostic:
    return capped(
        "bytes",
        caps.bytes,
        f"the recipe has {size:,} bytes",
        Span.point(file),
        why="A recipe is text that a person reviews; caps keep a hostile one from taking the machine.",
        help="give long lists of ideas as a table, `idea: {csv: ideas.csv}`",
    )


def _utf_16(file: str, what: str) -> Diagnostic:
    return Diagnostic(
        "E102",
        f"{what} is UTF-16, not UTF-8",
        Span.point(file),
        why="Recipes and what they name are UTF-8, so that they read the same on every machine.",
        help="save the file as UTF-8 (in Notepad: Save as, Encoding UTF-8)",
    )


def _not_utf_8(data: bytes, offset: int, file: str, what: str) -> Diagnostic:
    before = data[:offset].decode("utf-8").removeprefix(_BYTE_ORDER_MARK)
    return Diagnostic(
        "E102",
        f"{what} is not UTF-8: byte 0x{data[offset]:02x} at offset {offset:,}",
        place_of(before, len(before), file),
        why="Recipes and what they name are UTF-8, so that they read the same on every machine.",
        help="save the file as UTF-8; a file from an older program may be GBK, Shift-JIS or Latin-1",
    )
