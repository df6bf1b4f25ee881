"""Surfaces that fill a picture and repeat without a seam: flat colours and a height for the relief."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from training import textures as t
from training.materials import rgb
from training.settings import SIZE

Made = tuple[np.ndarray, np.ndarray]
"""Colours SIZE × SIZE × 3 and height SIZE × SIZE, from 0 to 1."""


def tones(plane: np.ndarray, *codes: str) -> np.ndarray:
    """As many even steps as there are colours, from low to high."""
    level = (plane.clip(0, 0.9999) * len(codes)).astype(int)
    return np.array([rgb(code) for code in codes], np.float32)[level]


def over(below: np.ndarray, mask: np.ndarray, code: str) -> np.ndarray:
    """A colour laid where the mask is 1."""
    return below * (1 - mask[..., None]) + np.array(rgb(code), np.float32) * mask[..., None]


def scattered(
    seed: int, count: int, shape: Callable[[np.ndarray, np.ndarray, float], np.ndarray]
) -> np.ndarray:
    """How far inside one of `count` shapes a pixel is: `shape(dy, dx, chance)` is above 0 inside.

    Wraps round.
    """
    rng = np.random.default_rng(seed)
    ys, xs = t.coordinates()
    out = np.full((SIZE, SIZE), -1e3, np.float32)
    side = int(np.ceil(np.sqrt(count)))
    for k in range(count):
        y, x = (np.array(divmod(k, side)) + rng.random(2)) * SIZE / side
        dy, dx = (ys - y + SIZE / 2) % SIZE - SIZE / 2, (xs - x + SIZE / 2) % SIZE - SIZE / 2
        out = np.maximum(out, shape(dy, dx, rng.random()))
    return out


def _blade(dy: np.ndarray, dx: np.ndarray, chance: float) -> np.ndarray:
    lean, high = (chance - 0.5) * 0.9, 26 + 14 * chance
    t_ = (-dy / high).clip(0, 1)
    inside = 5 * (1 - t_) - np.abs(dx - lean * t_ * high * 0.6)
    return np.where((dy > 0) | (-dy > high), -5, inside)


def _leaf(dy: np.ndarray, dx: np.ndarray, chance: float) -> np.ndarray:
    turn = chance * 2 * np.pi
    u, v = dx * np.cos(turn) + dy * np.sin(turn), -dx * np.sin(turn) + dy * np.cos(turn)
    return 13 - np.hypot(np.maximum(np.abs(u) - 13, 0), np.abs(v) * 1.8 + np.abs(u) * 0.35)


def _grass() -> Made:
    tufts = [scattered(100 + k, 64, _blade) for k in range(3)]
    picture = tones(t.clouds(104, 4, 2), "#4C8F35", "#55993B")
    for tuft, code in zip(tufts, ("#3E7A2C", "#6DB34A", "#8CCB5E"), strict=True):
        picture = over(picture, t.step(tuft, 0.5), code)
    return picture, (np.maximum.reduce(tufts).clip(-2, 5) + 2) / 7


def _sand() -> Made:
    ys, _ = t.coordinates()
    wave = 0.5 + 0.5 * np.sin(ys / SIZE * 7 * 2 * np.pi + (t.noise(111, 3) - 0.5) * 9)
    return tones(wave, "#D6B271", "#E4C688", "#EFD9A3"), wave


def _water() -> Made:
    value, edge, _ = t.cells(121, 6, jitter=1.0)
    edge = t.warped(edge, 122, 9, 6)
    picture = tones(t.warped(value, 122, 9, 6), "#2C86CC", "#3592D6")
    return over(picture, t.line(edge, 2.6), "#9ED8F5"), 1 - (edge / 18).clip(0, 1)


def _brick() -> Made:
    value, edge, _, _ = t.courses(8, 4, 131)
    picture = tones(value, "#9C4634", "#AE5340", "#BD644D")
    return over(picture, t.line(edge, 2.6), "#D8CBB8"), (edge / 6).clip(0, 1)


def _planks() -> Made:
    value, edge, _, _ = t.courses(5, 1, 141, shift=0.37)
    grain = np.abs(np.sin((t.noise(142, 10, 2) + value * 5) * 4 * np.pi))
    picture = over(tones(value, "#94602F", "#A36D38", "#B27B44"), t.line(grain * 10, 1.4) * 0.55, "#6B421E")
    return over(picture, t.line(edge, 1.8), "#4A2B12"), (edge / 7).clip(0, 1) * 0.9 + 0.1 * grain


def _metal() -> Made:
    _, edge, v, u = t.courses(2, 2, 151, shift=0.0)
    sheen = 0.5 + 0.5 * np.sin((v + u) * 2 * np.pi)
    corner = np.hypot((np.abs(u - 0.5) - 0.39) * 128, (np.abs(v - 0.5) - 0.39) * 128)
    picture = tones(sheen, "#7C8593", "#8F98A6", "#A4ADBA")
    picture = over(over(picture, t.line(edge, 2.2), "#454C58"), t.line(corner, 5.5), "#5C6472")
    return over(picture, t.line(corner, 2.6), "#D5DBE4"), np.maximum(
        (edge / 5).clip(0, 1) * 0.7, t.line(corner, 4.5)
    )


def _cobbles() -> Made:
    value, edge, _ = t.cells(161, 6, jitter=0.75)
    picture = tones(value, "#7F8189", "#91939B", "#A5A7AE")
    return over(picture, t.line(edge, 3.4), "#55565C"), (edge / 14).clip(0, 1) ** 0.5


def _dirt() -> Made:
    lumps = t.clouds(171, 6, 3)
    picture = tones(lumps, "#5F4026", "#6E4B2E", "#7E5936")
    stones = scattered(172, 16, lambda dy, dx, c: 5 + 4 * c - np.hypot(dy * 1.2, dx))
    return over(picture, t.step(stones, 0), "#A08768"), np.maximum(lumps * 0.5, (stones / 8).clip(0, 1))


def _snow() -> Made:
    drift = t.clouds(181, 3, 2)
    picture = tones(drift, "#D3E2F1", "#E4EEF8", "#F5FAFE")
    spark = scattered(182, 16, lambda dy, dx, _: 5 - np.abs(dy) - np.abs(dx))
    return over(picture, t.step(spark, 0), "#FFFFFF"), drift


def _ice() -> Made:
    value, edge, _ = t.cells(191, 4, jitter=1.0)
    crack = t.warped(edge, 192, 5, 6)
    return over(tones(value, "#8CC4EA", "#9DD0F0", "#B2DCF5"), t.line(crack, 1.8), "#F2FBFF"), (
        crack / 6
    ).clip(0, 1)


def _lava() -> Made:
    value, edge, _ = t.cells(201, 5, jitter=1.0)
    crack = t.warped(edge, 202, 7, 6)
    picture = tones(value, "#3A2422", "#46302C", "#523A34")
    picture = over(picture, t.line(crack, 7), "#D8401C")
    return over(picture, t.line(crack, 3.4), "#FFB02E"), (crack / 9).clip(0, 1)


def _gravel() -> Made:
    value, edge, _ = t.cells(211, 11, jitter=0.9)
    picture = tones(value, "#7A756E", "#928C84", "#AAA39A", "#BFB8AE")
    return over(picture, t.line(edge, 1.8), "#4E4A45"), (edge / 8).clip(0, 1) ** 0.6


def _marble() -> Made:
    veins = np.abs(t.warped(t.noise(221, 3), 222, 26, 4) - 0.5)
    picture = tones(t.clouds(223, 3, 2), "#E6E6EA", "#EFEFF2")
    picture = over(picture, 1 - t.step(veins, 0.07, 0.02), "#CBCCD4")
    return over(picture, 1 - t.step(veins, 0.025, 0.015), "#9EA0AC"), 0.5 + 0 * veins


def _tiles() -> Made:
    value, edge, v, u = t.courses(4, 4, 231, shift=0.0)
    diamond = np.abs(u - 0.5) + np.abs(v - 0.5)
    picture = over(tones(value, "#E2DCCB", "#EDE7D8"), t.line((diamond - 0.26) * 64, 0.5), "#3E7FB5")
    return over(picture, t.line(edge, 2.2), "#8F8A7C"), (edge / 4).clip(0, 1)


def _thatch() -> Made:
    _, _, v, _ = t.courses(4, 1, 241)
    straw = t.noise(242, 4, 40)
    picture = over(tones(straw, "#B08A3C", "#C9A350", "#DFBF6E"), t.step(v, 0.88, 0.06), "#76571F")
    return picture, (1 - v) * 0.5 + 0.5 * straw


def _shingles() -> Made:
    value, _, v, u = t.courses(6, 5, 251)
    round_ = np.hypot((u - 0.5) * 51, np.maximum(v - 0.45, 0) * 43)
    gap = np.maximum(t.step(round_, 24.5, 1.5), t.line(np.minimum(u, 1 - u) * 51, 1.4))
    picture = tones(value, "#8C3F36", "#A04B40", "#B25A4C")
    return over(picture, gap, "#5A2620"), np.where(gap > 0.5, 0, 0.4 + 0.6 * v)


def _moss() -> Made:
    value, edge, _ = t.cells(261, 9, jitter=1.0)
    lump = t.warped(edge, 262, 6, 8)
    picture = tones(t.stretched(lump.clip(0, 12)), "#3F6B2A", "#56862F", "#6FA03B", "#8AB84D")
    return over(picture, t.step(value, 0.9, 0.02) * t.line(12 - lump, 4), "#B9D66B"), (lump / 12).clip(0, 1)


def _mud() -> Made:
    value, edge, _ = t.cells(271, 5, jitter=0.9)
    crack = t.warped(edge, 272, 4, 7)
    picture = tones(value, "#8A6A4A", "#957554", "#A1815F")
    return over(picture, t.line(crack, 2.8), "#4B3522"), (crack / 9).clip(0, 1) ** 0.5


def _leaves() -> Made:
    picture, height = tones(t.clouds(281, 4, 2), "#5A3C1E", "#664524"), np.zeros((SIZE, SIZE), np.float32)
    for k, code in enumerate(("#A8502A", "#D98A2B", "#7C9A3A", "#E8B23E")):
        leaf = scattered(282 + k, 25, _leaf)
        picture = over(over(picture, t.step(leaf, 0), "#4A2F18"), t.step(leaf, 2.5), code)
        height = np.where(leaf > 0, 0.25 * (k + 1) * (leaf / 10).clip(0.4, 1), height)
    return picture, height


def _bark() -> Made:
    ridge = np.abs(t.warped(t.noise(291, 4, 14), 292, 10, 5) - 0.5) * 2
    picture = tones(t.stretched(ridge), "#3B2817", "#5B4028", "#74543A")
    return picture, t.stretched(ridge)


def _rock() -> Made:
    value, edge, _ = t.cells(301, 4, jitter=1.0)
    facet, fine, _ = t.cells(302, 9, jitter=1.0)
    picture = tones(0.65 * value + 0.35 * facet, "#63656C", "#777981", "#8C8E96", "#A1A3AA")
    return over(picture, t.line(edge, 1.6), "#3F4046"), 0.6 * (edge / 25).clip(0, 1) + 0.4 * (fine / 9).clip(
        0, 1
    )


def _sandstone() -> Made:
    value, edge, v, _ = t.courses(4, 2, 311)
    layer = 0.5 + 0.5 * np.sin(v * 5 * np.pi + (t.noise(312, 4) - 0.5) * 6)
    picture = over(tones(value, "#CFA566", "#D9B276", "#E3BF87"), t.step(layer, 0.93, 0.04) * 0.6, "#B98C50")
    return over(picture, t.line(edge, 2.4), "#8A6535"), (edge / 6).clip(0, 1)


def _fabric() -> Made:
    ys, xs = t.coordinates()
    over_ = ((xs // 16).astype(int) + (ys // 16).astype(int)) % 2
    along = np.where(over_ == 0, np.minimum(ys % 16, 15 - ys % 16), np.minimum(xs % 16, 15 - xs % 16))
    picture = tones(over_.astype(np.float32), "#8A2F3C", "#B0464F")
    return over(picture, t.line(along, 1.2), "#5E1D27"), (along / 7).clip(0, 1)


def _hexagons() -> Made:
    ys, xs = t.coordinates()
    wide, high = SIZE / 6, SIZE / 4
    ways = []
    for oy, ox in ((0, 0), (high / 2, wide / 2)):
        dy, dx = (ys - oy + high / 2) % high - high / 2, (xs - ox + wide / 2) % wide - wide / 2
        ways += [np.hypot(dy * 1.155, dx + k * wide) for k in (-1, 0, 1)]
    near = np.sort(np.stack(ways), 0)
    edge = (near[1] - near[0]) / 2
    return over(tones(t.stretched(near[0]), "#4B5A78", "#43516C"), t.line(edge, 2.2), "#8FD3F0"), (
        edge / 8
    ).clip(0, 1)


SURFACES: dict[str, Callable[[], Made]] = {
    "grass": _grass,
    "sand": _sand,
    "water": _water,
    "brick": _brick,
    "plank": _planks,
    "metal": _metal,
    "cobblestone": _cobbles,
    "dirt": _dirt,
    "snow": _snow,
    "ice": _ice,
    "lava": _lava,
    "gravel": _gravel,
    "marble": _marble,
    "tile": _tiles,
    "thatch": _thatch,
    "shingle": _shingles,
    "moss": _moss,
    "mud": _mud,
    "leaf": _leaves,
    "bark": _bark,
    "rock": _rock,
    "sandstone": _sandstone,
    "fabric": _fabric,
    "hexagon": _hexagons,
}
"""By name; the noun of the vocabulary is `NAME texture`."""
