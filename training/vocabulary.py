"""Nouns, colours, grounds, styles, materials, and the other words that mean a noun."""

from __future__ import annotations

from training import materials
from training.drawings import nouns
from training.settings import HERE, TINY

NOUNS: tuple[str, ...] = tuple(list(nouns())[::76] if TINY else nouns())
"""All nouns, or ten of them in the proof."""

SURFACES = frozenset(noun for noun in NOUNS if nouns()[noun].surface)
"""Nouns that fill the picture and repeat without a seam."""

COLOURS: dict[str, tuple[float, float, float]] = {
    "red": (0.85, 0.13, 0.12),
    "orange": (0.97, 0.52, 0.08),
    "gold": (0.95, 0.78, 0.18),
    "green": (0.18, 0.62, 0.22),
    "teal": (0.08, 0.66, 0.64),
    "blue": (0.13, 0.33, 0.87),
    "purple": (0.5, 0.2, 0.72),
    "pink": (0.97, 0.5, 0.72),
    "brown": (0.55, 0.33, 0.16),
    "silver": (0.70, 0.73, 0.78),
}
"""sRGB from 0 to 1. A picture without a named colour keeps the natural ones of its drawing."""

BACKGROUNDS: dict[str, tuple[float, float, float]] = {
    "white": (1.0, 1.0, 1.0),
    "dark": (0.07, 0.07, 0.1),
    "parchment": (0.93, 0.86, 0.68),
    "sky": (0.6, 0.82, 0.97),
    "grass": (0.55, 0.76, 0.42),
}

STYLES = ("flat", "3d", "ink", "pixel")
MATERIALS = materials.NAMES

ATTRIBUTES: tuple[tuple[str, ...], ...] = (NOUNS, ("", *COLOURS), tuple(BACKGROUNDS), STYLES, MATERIALS)
"""The values of noun, colour ("" natural), background, style, material ("" the usual one), in this order."""


def _synonyms() -> dict[str, tuple[str, ...]]:
    lines = (HERE / "caption_synonyms.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split(": ", 1) for line in lines if ": " in line)
    return {noun: tuple(words.split(", ")) for noun, words in pairs if noun in NOUNS}


SYNONYMS = _synonyms()
"""What stands for a noun in some captions."""

TAKEN = (
    {word for noun in NOUNS for word in (noun, *noun.split())}
    | {w for ws in SYNONYMS.values() for w in ws}
    | {word for made in materials.MATERIALS.values() for word in made.words}
)
"""Words that may stand as no mere filler."""
