"""A synthetic source of drawings, and small settings, so that no test downloads anything."""

from __future__ import annotations

import random

import numpy as np

from training.render import Easel, Source
from training.settings import SIZE
from training.vocabulary import Drawings

SHAPES = ("sword", "shield", "apple")
"""Nouns of the vocabulary whose drawings the tests make up: a bar, a square, a disc."""


class Shapes(Source):
    def drawing(self, name: str) -> np.ndarray:
        y, x = np.mgrid[:SIZE, :SIZE] - SIZE / 2
        masks = {"bar": abs(x) < 24, "square": np.maximum(abs(x), abs(y)) < 80, "disc": x * x + y * y < 90**2}
        mask = masks[name.split(":")[1]] & (abs(y) < 100)
        tone = 0.5 + 0.4 * (x > 0)
        return np.stack([tone, tone * 0.6, tone * 0.3, mask], -1).astype(np.float32)


def easel() -> Easel:
    kinds = ("bar", "square", "disc")
    nouns = {n: Drawings(f"flat:{k}", "") for n, k in zip(SHAPES, kinds, strict=True)}
    return Easel(Shapes(), nouns)


def dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311
