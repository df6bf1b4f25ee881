"""The text of an idea, freed of words that ask for a picture and draw nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

from orchestrator.stage.idea.heads import words_of

_REQUEST = re.compile(
    r"^(?:please\s+)?(?:(?:can|could)\s+you\s+)?"
    r"(?:(?:create|generate|render|design)\s+(?:me\s+)?|(?:draw|make|paint|show)\s+(?:me\s+|(?=(?:an?|the|some)\s)))"
    r"(?=\S)",
    re.IGNORECASE,
)
_PICTURE_OF = re.compile(
    r"^(?:(?:an?|the|one)\s+)?(?:(?:game\s+)?(?:icon|picture|image|drawing|sprite|illustration|painting|photo)\s+of\s+"
    r"|(?:game\s+)?(?:icon|sprite|item|asset)\s*:\s*)(?=\S)",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:an?|the|some|my|this|that)\s+(?=\S)", re.IGNORECASE)
_CLOSING = re.compile(r"\s+(?:(?:game|item|pixel)\s+(?:icon|sprite|picture|image)s?|icons?)$", re.IGNORECASE)
_PICTURED = re.compile(r"\s+(?:sprite|picture|image)s?$", re.IGNORECASE)
_NO_PICTURES = frozenset(
    ("water", "fire", "wood", "forest", "air", "earth", "ice", "nature", "light", "shadow", "sun",
     "moon", "wind", "flower", "tree", "garden", "mirror", "spring", "snow", "storm", "river", "cave", "holy")
)  # fmt: skip
"""A water sprite is a creature, a mirror image no mirror."""
_ENDS = " .,;:!?"


def without_filler(text: str, knows: Callable[[str], bool]) -> str:
    """Without a request and an article in front, without `icon` behind: what is left names the thing.

    `paint brush`, `draw bridge` and `water sprite` stay whole.
    """
    bare = text.strip(_ENDS)
    for pattern in (_REQUEST, _PICTURE_OF, _ARTICLE):
        bare = pattern.sub("", bare, count=1)
    bare = _CLOSING.sub("", bare) or bare
    shown = _PICTURED.sub("", bare)
    last = (words_of(shown) or [""])[-1]
    if shown and last not in _NO_PICTURES and knows(last):
        bare = shown
    return bare.strip(_ENDS)


def without_echo(text: str) -> str:
    """Without a word that stands twice in a row: `a green green basket`."""
    return re.sub(r"\b(\w+)(?:\s+\1\b)+", r"\1", text, flags=re.IGNORECASE)


def with_article(thing: str) -> str:
    """`a sword`, `an axe`; plurals and what has an article already stay."""
    first, last = thing.split(" ", 1)[0].casefold(), thing.rsplit(" ", 1)[-1].casefold()
    plural = last.endswith("s") and not last.endswith(("ss", "us", "is", "ns"))
    if first in {"a", "an", "the"} or plural:
        return thing
    return f"{'an' if first[:1] in set('aeiou') else 'a'} {thing}"
