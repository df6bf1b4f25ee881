"""The materials that a picture may be of: tones, a texture, gleam, how far the ground shines through."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np

from training import textures as t
from training.settings import SIZE

Colour = tuple[float, float, float]


class Material(NamedTuple):
    """Dark, middle and bright tone; share of the drawing's own contrast that stays; gleam.

    See-through; seam.
    """

    words: tuple[str, ...]
    dark: str
    middle: str
    bright: str
    contrast: float = 0.8
    gleam: float = 1.0
    clear: float = 0.0
    seam: float = 0.0


MATERIALS: dict[str, Material] = {
    "wood": Material(("wooden", "wood", "timber", "oaken"), "#5B3519", "#A96F3B", "#D9A668", 0.6, 0.4),
    "stone": Material(("stone", "rocky", "granite"), "#4B4C52", "#8E8F96", "#C4C5C9", 0.7, 0.1),
    "iron": Material(("iron", "wrought iron", "steel"), "#23272F", "#565D6B", "#A4ACBA", 0.8, 1.6),
    "glass": Material(("glass", "glassy"), "#5FA6BE", "#B4E2EE", "#F4FDFF", 0.5, 1.6, 0.45),
    "cloth": Material(("cloth", "fabric", "woven"), "#9C8157", "#D8C193", "#F1E4C3", 0.6, 0.0, 0.0, 1.0),
    "ice": Material(("ice", "icy", "frozen"), "#2F7FC4", "#86C6F4", "#EAF8FF", 0.5, 1.4, 0.2),
    "leather": Material(("leather", "leathern"), "#3B1D0F", "#77401F", "#B0703F", 0.7, 0.3, 0.0, 1.0),
    "bone": Material(("bone", "ivory"), "#8D7B58", "#E2D3AE", "#FBF5E2", 0.7, 0.2),
    "crystal": Material(("crystal", "crystalline"), "#5A2FB0", "#A273F0", "#EBDDFF", 0.4, 1.6, 0.15),
    "bronze": Material(("bronze", "copper", "brass"), "#5A3210", "#B87434", "#F3C486", 0.9, 1.6),
    "marble": Material(("marble", "alabaster"), "#A0A2AD", "#E3E4E9", "#FFFFFF", 0.6, 0.8, 0.001),
    "obsidian": Material(("obsidian", "volcanic glass"), "#0D0A14", "#2C2438", "#8A7BA8", 0.6, 1.8),
}
"""By the name that stands in a caption's head. The first of its words is the usual one in a typed idea."""

NAMES: tuple[str, ...] = ("", *MATERIALS)
"""The first, empty, is the material that a thing usually has."""


def rgb(code: str) -> Colour:
    """`#RRGGBB` as floats from 0 to 1."""
    red, green, blue = (int(code[k : k + 2], 16) / 255 for k in (1, 3, 5))
    return red, green, blue


def _wood() -> tuple[np.ndarray, ...]:
    _, xs = t.coordinates()
    bent = (xs + (t.noise(3, 3, 5) - 0.5) * 34) % SIZE
    phase = bent / SIZE * 9 * 2 * np.pi
    bands = np.sign(np.sin(phase)) * 0.26
    lines = np.maximum(
        t.line(np.abs(np.sin(phase)) * 14, 2.2), t.line(np.abs(np.sin(phase + 1.1)) * 16, 1.2) * 0.6
    )
    return bands, lines * 0.75, np.zeros_like(lines)


def _stone() -> tuple[np.ndarray, ...]:
    value, edge, _ = t.cells(5, 6, jitter=1.0)
    cracks = t.line(t.warped(edge, 6, 5, 8), 1.5) * t.step(t.noise(8, 5), 0.42, 0.1)
    return (value - 0.5) * 0.55, cracks * 0.9, t.step(t.noise(10, 20), 0.8, 0.06) * 0.35


def _iron() -> tuple[np.ndarray, ...]:
    ys, xs = t.coordinates()
    sheen = np.sin((xs + ys) / SIZE * 4 * 2 * np.pi) * 0.32
    u, v = (xs % 42) - 21, (ys % 42) - 21
    rivet = np.hypot(u, v)
    ring = t.line(np.abs(rivet - 6.5), 1.6)
    shine = t.line(np.hypot(u + 2, v + 2), 3.2)
    return sheen, ring * 0.9, shine * 0.75


def _glass() -> tuple[np.ndarray, ...]:
    ys, xs = t.coordinates()
    band = (xs + ys) % 128
    shine = np.maximum(t.line(np.abs(band - 40), 13), t.line(np.abs(band - 68), 4))
    return np.zeros_like(band), np.zeros_like(band), shine * 0.8


def _cloth() -> tuple[np.ndarray, ...]:
    ys, xs = t.coordinates()
    over = ((xs // 16).astype(int) + (ys // 16).astype(int)) % 2
    threads = np.where(over == 0, np.minimum(ys % 16, 15 - ys % 16), np.minimum(xs % 16, 15 - xs % 16))
    return (over - 0.5) * 0.4, t.line(threads, 1.2) * 0.6, np.zeros_like(threads)


def _ice() -> tuple[np.ndarray, ...]:
    value, edge, _ = t.cells(21, 4, jitter=1.0)
    cracks = t.line(t.warped(edge, 22, 4, 6), 1.7)
    ys, xs = t.coordinates()
    shine = t.line(np.abs((xs + ys) % 128 - 40), 8) * 0.5
    return (value - 0.5) * 0.45, np.zeros_like(edge), np.maximum(cracks, shine)


def _leather() -> tuple[np.ndarray, ...]:
    value, edge, _ = t.cells(31, 11, jitter=1.0)
    return (value - 0.5) * 0.3, t.line(edge, 1.2) * 0.5, np.zeros_like(edge)


def _bone() -> tuple[np.ndarray, ...]:
    _, edge, _ = t.cells(41, 3, jitter=1.0)
    cracks = t.line(t.warped(edge, 42, 9, 7), 1.3) * t.step(t.noise(43, 6), 0.52, 0.05)
    pores = t.step(t.noise(44, 22), 0.86, 0.05)
    return (t.clouds(45, 4, 2) - 0.5) * 0.4, np.maximum(cracks * 0.8, pores * 0.6), np.zeros_like(edge)


def _crystal() -> tuple[np.ndarray, ...]:
    value, edge, _ = t.cells(53, 5, jitter=1.0)
    return (value - 0.5) * 1.1, np.zeros_like(edge), t.line(edge, 1.4) * 0.8


def _bronze() -> tuple[np.ndarray, ...]:
    ys, xs = t.coordinates()
    sheen = np.sin((xs + ys) / SIZE * 4 * 2 * np.pi) * 0.3
    rings = t.line(np.abs(np.sin((xs - ys) / SIZE * 6 * np.pi)) * 20, 1.6)
    return sheen, rings * 0.35, t.step(sheen, 0.26, 0.03) * 0.3


def _marble() -> tuple[np.ndarray, ...]:
    veins = np.abs(t.warped(t.noise(61, 3), 62, 22, 4) - 0.5)
    thin = np.abs(t.warped(t.noise(64, 5), 65, 14, 6) - 0.5)
    lines = np.maximum((1 - t.step(veins, 0.035, 0.03)) * 0.75, (1 - t.step(thin, 0.015, 0.02)) * 0.5)
    return (t.clouds(66, 3, 3) - 0.6) * 0.2, lines, np.zeros_like(lines)


def _obsidian() -> tuple[np.ndarray, ...]:
    value, edge, _ = t.cells(71, 5, jitter=1.0)
    ys, xs = t.coordinates()
    shine = t.line(np.abs((xs - ys) % 128 - 40), 7) * 0.5
    return (value - 0.5) * 0.8, np.zeros_like(edge), np.maximum(shine, t.line(edge, 1.3) * 0.6)


_FIELDS: dict[str, Callable[[], tuple[np.ndarray, ...]]] = {
    "wood": _wood,
    "stone": _stone,
    "iron": _iron,
    "glass": _glass,
    "cloth": _cloth,
    "ice": _ice,
    "leather": _leather,
    "bone": _bone,
    "crystal": _crystal,
    "bronze": _bronze,
    "marble": _marble,
    "obsidian": _obsidian,
}


@cache
def fields() -> np.ndarray:
    """Tone (about -0.5 to 0.5), dark lines, bright lines of each material: len(NAMES) × 3 × SIZE × SIZE."""
    nothing = np.zeros((3, SIZE, SIZE), np.float32)
    return np.stack([nothing, *(np.stack(_FIELDS[name]()).astype(np.float32) for name in MATERIALS)])
