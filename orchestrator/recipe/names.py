"""Names that a recipe gives, and the ids of items, which are file names on every system."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
RESERVED_STAGE_NAMES: Final = frozenset({"items", "models", "vars"})
"""Words that paths begin with: `--set models.painter=…`."""

_OTHERS: Final = re.compile(r"[^a-z0-9]+")
_MOST_BYTES: Final = 80
_EMOJI_SELECTORS: Final = frozenset("\N{VARIATION SELECTOR-15}\N{VARIATION SELECTOR-16}")
_DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"}
)


def is_name(text: str) -> bool:
    """Whether a stage, dimension, role or field may be called so."""
    return NAME.fullmatch(text) is not None


def name_like(text: str) -> str:
    """A legal name near to a text, "" where there is none."""
    word = re.sub(r"[^a-z0-9]+", "_", text[:200].lower()).strip("_")[:64].strip("_")
    return word if is_name(word) else ""


def is_device(word: str) -> bool:
    """Whether Windows takes a word for a device, whatever stands behind a dot."""
    return word.strip().lower() in _DEVICES


def is_unsound(part: str) -> bool:
    """Whether Windows opens something else by a part of a path: a device, or a name without its end."""
    return part not in {"", "."} and (part[-1] in " ." or is_device(part.split(".", maxsplit=1)[0]))


def slug(text: str) -> str:
    """The id of a text: letters and digits of any script, in lower case; the rest is `-`. "" if none is left.

    NFC; at most 80 bytes of UTF-8; never a device name of Windows, which no folder there can hold. What only
    says how an emoji looks is left out with it.
    """
    return _word(_lowered(_without_selectors(text[: 4 * _MOST_BYTES])))


def _word(lowered: str) -> str:
    if lowered.isascii():
        word = _OTHERS.sub("-", lowered)
    else:
        word = "".join(character if _is_kept(character) else "-" for character in lowered)
    word = _cut(re.sub("-{2,}", "-", word).strip("-")).strip("-")
    return f"item-{word}" if word in _DEVICES else word


def numbered(id_: str, number: int) -> str:
    """An id with a number behind it, shortened where it would be too long for one."""
    end = f"-{number}"
    kept = id_.encode()[: _MOST_BYTES - len(end)].decode("utf-8", "ignore")
    return kept.rstrip("-") + end


def is_id(text: str) -> bool:
    """Whether an explicit id is a slug, but for its case; it may hold the selectors that slugs held once."""
    lowered = _lowered(text[: 4 * _MOST_BYTES + 1])
    return text != "" and unicodedata.normalize("NFC", text) == text and _word(lowered) == lowered


def is_recipe_name(text: str) -> bool:
    """Whether a recipe may be called so: an id, whose words `_` may join too; it becomes a folder."""
    return is_id(text.replace("_", "-"))


def _lowered(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())


def _without_selectors(text: str) -> str:
    """The text without selectors of emoji, and without selectors and enclosing marks that have no letter."""
    if text.isascii():
        return text
    kept: list[str] = []
    for character in text:
        selects = character in _EMOJI_SELECTORS or (
            _is_selector(character) and not (kept and _is_kept(kept[-1]))
        )
        if not selects:
            kept.append(character)
    return "".join(kept)


def _is_selector(character: str) -> bool:
    return unicodedata.name(character, "").startswith("VARIATION SELECTOR-") or (
        unicodedata.category(character) == "Me"
    )


def _is_kept(character: str) -> bool:
    if character.isascii():
        return character.isalnum()
    return unicodedata.category(character)[0] in "LMN"


def _cut(word: str) -> str:
    return word.encode()[:_MOST_BYTES].decode("utf-8", "ignore")
