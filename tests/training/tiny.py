"""Made-up layers of a few nouns in place of all, so that no test renders the whole vocabulary."""

from __future__ import annotations

import random
from functools import cache

import numpy as np
import torch

from training.drawings import LAYERS, layers, nouns
from training.easel import Easel, Subjects
from training.settings import SIZE
from training.vocabulary import ATTRIBUTES, NOUNS

KNOWN = ("sword", "shield", "apple", "panel", "brick texture")
"""Nouns whose real layers the tests render; the others stay empty."""


@cache
def easel() -> Easel:
    planes = np.zeros((len(NOUNS), LAYERS, SIZE, SIZE), np.uint8)
    tones = np.zeros((len(NOUNS), 6), np.float32)
    for noun in KNOWN:
        planes[NOUNS.index(noun)], tones[NOUNS.index(noun)] = layers(nouns()[noun])
    return Easel(planes, tones)


def of(noun: str, style: str, colour: str = "", ground: str = "white", material: str = "") -> Subjects:
    named = (noun, colour, ground, style, material)
    return Subjects(*(torch.tensor([values.index(v)]) for values, v in zip(ATTRIBUTES, named, strict=True)))


def picture(noun: str, style: str, colour: str = "", ground: str = "white", material: str = "") -> np.ndarray:
    """uint8 SIZE × SIZE × 3, unmoved."""
    drawn = easel().draw(of(noun, style, colour, ground, material), None)
    return ((drawn[0] + 1) * 127.5).round().byte().permute(1, 2, 0).numpy()


def dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311
