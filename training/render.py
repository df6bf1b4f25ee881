"""Draws a training picture from its description; one canonical drawing a noun and style, slightly moved."""

from __future__ import annotations

import math
import random
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from PIL import Image

from training import paint
from training.pixel import pixelated
from training.settings import CELLS, SIZE
from training.sources import fitted, picture
from training.vocabulary import BACKGROUNDS, COLOURS, GLASS, NATURAL, NOUNS, OUTLINED, STYLES, Drawings

SPAN = 204
"""Longest side of an object before it is moved, in pixels."""


class Subject(NamedTuple):
    """What a picture shows; `colour` "" means the natural ones."""

    noun: str
    style: str
    colour: str
    background: str


def draw_subject(rng: random.Random, noun: str = "") -> Subject:
    """A subject by chance; 22 % keep their natural colours."""
    colour = "" if rng.random() < 0.22 else rng.choice(list(COLOURS))
    return Subject(noun or rng.choice(list(NOUNS)), rng.choice(STYLES), colour, rng.choice(list(BACKGROUNDS)))


class Source:
    """Gives the drawings of nouns, float32 RGBA, SIZE × SIZE; the tests use one of squares and discs."""

    def drawing(self, name: str) -> np.ndarray:
        """A drawing by its name in the vocabulary."""
        return fitted(picture(name, 2 * SIZE), SIZE, SPAN)


class Easel:
    """Draws subjects from a source; keeps coloured drawings as uint8."""

    def __init__(self, source: Source | None = None, nouns: dict[str, Drawings] | None = None) -> None:
        self.source = source or Source()
        self.nouns = nouns or NOUNS
        self.drawing = lru_cache(maxsize=512)(self.source.drawing)
        self.coloured = lru_cache(maxsize=4000)(self._coloured)

    def _coloured(self, noun: str, kind: str, colour: str) -> Image.Image:
        """Straight RGBA of a noun in a kind (flat, 3d, ink, chalk) and colour ("" natural)."""
        drawings = self.nouns[noun]
        if kind == "3d":
            image = self._toned(noun, drawings.solid or drawings.flat, colour)
            image = paint.shadowed(paint.relief(image, 7.0 if drawings.solid else 12.0))
        elif kind == "flat":
            image = self._toned(noun, drawings.flat, colour)
        else:
            image = self._inked(noun, kind, colour)
        return Image.fromarray((image * 255).round().astype(np.uint8))

    def _toned(self, noun: str, name: str, colour: str) -> np.ndarray:
        image = self.drawing(name)
        tone = COLOURS[colour or NATURAL.get(noun, "silver")]
        if name.startswith("gi:"):
            return paint.filled(image, tone, noun in GLASS)
        return paint.tinted(image, tone) if colour else image

    def _inked(self, noun: str, kind: str, colour: str) -> np.ndarray:
        """The flat drawing in ink and wash; paper where no colour is named."""
        name = self.nouns[noun].flat
        image = self.drawing(name)
        if name.startswith("gi:"):
            image = paint.filled(image, COLOURS["silver"], glass=True, lit=0.0)
        contour = paint.INK if kind == "ink" else paint.CHALK
        return paint.drawn(image, wash_of(colour), contour, rim=31 if noun in OUTLINED else 5)

    def draw(self, subject: Subject, rng: random.Random | None = None) -> np.ndarray:
        """SIZE × SIZE × 3 uint8; moved, turned and scaled by `rng`, in its place without one."""
        noun, style, colour, background = subject
        kind = {"flat": "flat", "pixel": "flat", "3d": "3d", "ink": "ink"}[style]
        if kind == "ink" and background == "dark":
            kind = "chalk"
        image = self.coloured(noun, kind, colour)
        if rng is not None:
            image = moved(image, rng)
        ground = np.array(BACKGROUNDS[background], np.float32)
        if style == "pixel":
            return pixelated(np.asarray(image), ground, CELLS)
        pixels = np.asarray(image, np.float32) / 255
        alpha = pixels[..., 3:]
        return ((pixels[..., :3] * alpha + ground * (1 - alpha)) * 255).round().astype(np.uint8)


def wash_of(colour: str) -> paint.Colour:
    """A named colour as a thin wash over paper; paper alone for none."""
    tone = COLOURS[colour] if colour else paint.PAPER
    red, green, blue = (0.8 * c + 0.2 * p for c, p in zip(tone, paint.PAPER, strict=True))
    return red, green, blue


def moved(image: Image.Image, rng: random.Random) -> Image.Image:
    """Scale 0.96 to 1.05, turn by up to 3°, shift by up to 6 pixels; light and facing stay."""
    scale, turn = rng.uniform(0.96, 1.05), math.radians(rng.uniform(-3, 3))
    dx, dy = rng.uniform(-6, 6), rng.uniform(-6, 6)
    c, s, h = math.cos(turn) / scale, math.sin(turn) / scale, SIZE / 2
    x0, y0 = c * (h + dx) - s * (h + dy), s * (h + dx) + c * (h + dy)
    matrix = (c, -s, h - x0, s, c, h - y0)
    return image.transform(image.size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
