"""The font files that come with the package, and what each can show."""

from __future__ import annotations

from functools import cache
from typing import cast

Charset = frozenset[int]
MAIN = "noto-sans-sc-subset.otf"
"""Its letters were on every sheet so far; what it has, it draws."""


@cache
def charsets() -> dict[str, Charset]:
    """The code points of each font by its file's name, in the order in which they are asked."""
    import json

    held = cast("dict[str, dict[str, str]]", json.loads(_read("fonts.json")))
    return {name: _code_points(font["characters"]) for name, font in held.items()}


def font_bytes(name: str) -> bytes:
    """A font's file."""
    return _read(name)


def _read(name: str) -> bytes:
    from importlib.resources import files

    return files("orchestrator.builtin").joinpath("fonts", name).read_bytes()


def _code_points(ranges: str) -> Charset:
    """`20-7e a0`: numbers and ranges in hexadecimal."""
    found: set[int] = set()
    for part in ranges.split():
        first, _, last = part.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(found)
