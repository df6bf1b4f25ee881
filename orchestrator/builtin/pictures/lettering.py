"""Letters on sheets: the font that comes with the package, and text cut to the room that there is."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

ELLIPSIS = "..."
"""Three full stops: a Chinese font draws the one character at half height."""


@cache
def font(size: int) -> FreeTypeFont:
    """The font in a size in pixels; Latin, kana and the Chinese characters of GB 2312."""
    from importlib.resources import files

    from PIL import ImageFont

    data = files("orchestrator.builtin").joinpath("fonts", "noto-sans-sc-subset.otf").read_bytes()
    return ImageFont.truetype(BytesIO(data), size, layout_engine=ImageFont.Layout.BASIC)


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
    return text[:low].rstrip(" -·") + ELLIPSIS


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
    return blank if blank > 0 else end
