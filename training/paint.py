"""Colours a drawing: gradient map, filling of a silhouette, relief, ink. On float32 RGBA in 0..1.

Straight alpha.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[float, ...]
EDGE = 0.03
CAST = (14, 14)


def luminance(image: np.ndarray) -> np.ndarray:
    """How bright each pixel is, from 0 to 1."""
    return image[..., :3] @ np.array([0.3, 0.59, 0.11], np.float32)


def hsv(image: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hue, saturation and value, each 0 to 1."""
    planes = Image.fromarray((image[..., :3].clip(0, 1) * 255).astype(np.uint8)).convert("HSV")
    h, s, v = (np.asarray(planes, np.float32) / 255).transpose(2, 0, 1)
    return h, s, v


def tones(image: np.ndarray, stay: np.ndarray) -> tuple[float, float, float]:
    """Low, middle and high luminance of what a named colour changes."""
    opaque = (image[..., 3] > 0.5) & (stay < 0.5)
    light = luminance(image)
    low, middle, high = np.percentile(light[opaque] if opaque.any() else light, [3, 50, 97])
    return float(low), float(middle), float(high)


def softened(stay: np.ndarray) -> np.ndarray:
    """The mask of what stays, with soft edges."""
    return blurred(stay, 0.7) if stay.any() else stay


_WAYS = {
    "n": (0, -1),
    "s": (0, 1),
    "e": (1, 0),
    "w": (-1, 0),
    "ne": (1, -1),
    "nw": (-1, -1),
    "se": (1, 1),
    "sw": (-1, 1),
}


def premultiplied(image: np.ndarray) -> np.ndarray:
    """Colours times alpha."""
    return np.concatenate([image[..., :3] * image[..., 3:], image[..., 3:]], -1)


def filled(
    mask: np.ndarray, tones: list[Colour], direction: str, cuts: list[float], *, is_open: bool, lit: bool
) -> np.ndarray:
    """A silhouette coloured in: tones along a direction, a dark outline and dark gaps.

    `lit` from the upper left.
    """
    body = mask[..., None]
    base = _along(mask, tones, direction, cuts)
    surface = _rimmed(base, mask) if lit else base
    wide = _filtered(mask, ImageFilter.MaxFilter(9))
    hull = blurred((wide > 0.5).astype(np.float32), 0.7) if is_open else _hull(wide)
    rgb = surface * body + base * np.array([0.3, 0.27, 0.32], np.float32) * (1 - body)
    return np.concatenate([rgb, hull[..., None]], -1).astype(np.float32)


def _rimmed(base: np.ndarray, mask: np.ndarray) -> np.ndarray:
    light = np.clip(mask - _shifted(mask, 5, 5), 0, 1)
    shade = np.clip(mask - _shifted(mask, -5, -5), 0, 1)
    lit = base + (1 - base) * (0.42 * blurred(light, 0.6))[..., None]
    return lit * (1 - 0.3 * blurred(shade, 0.6))[..., None]


def _along(mask: np.ndarray, tones: list[Colour], direction: str, cuts: list[float]) -> np.ndarray:
    """The tones laid along the silhouette, the first at the end that `direction` points to."""
    out = np.broadcast_to(np.array(tones[0], np.float32), (*mask.shape, 3)).copy()
    if not cuts:
        return out
    ys, xs = np.mgrid[: mask.shape[0], : mask.shape[1]].astype(np.float32)
    dx, dy = _WAYS[direction]
    along = -(xs * dx + ys * dy)
    inside = along[mask > 0.5]
    t = (along - inside.min()) / max(1e-3, inside.max() - inside.min())
    for tone, cut in zip(tones[1:], cuts, strict=True):
        share = np.clip((t - cut) * 120 + 0.5, 0, 1)[..., None]
        out = out * (1 - share) + np.array(tone, np.float32) * share
    return out.astype(np.float32)


def _shifted(plane: np.ndarray, dy: int, dx: int) -> np.ndarray:
    out = np.zeros_like(plane)
    h, w = plane.shape
    out[max(0, dy) : h + min(0, dy), max(0, dx) : w + min(0, dx)] = plane[
        max(0, -dy) : h + min(0, -dy), max(0, -dx) : w + min(0, -dx)
    ]
    return out


def _hull(wide: np.ndarray) -> np.ndarray:
    """The mask with all that it encloses; 0 to 1."""
    ground = Image.fromarray(np.pad(((wide > 0.5) * 255).astype(np.uint8), 1)).copy()
    ImageDraw.floodfill(ground, (0, 0), 128)
    return blurred((np.asarray(ground)[1:-1, 1:-1] != 128).astype(np.float32), 0.7)


def ink_of(image: np.ndarray, rim: int) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """What all ink pictures of a drawing share: the shade of the wash, the inner strokes and the contour."""
    alpha, light = image[..., 3], luminance(image)
    opaque = alpha > 0.5
    shade = blurred(np.where(light < np.median(light[opaque]) - 0.04, 0.88, 1.0).astype(np.float32), 1.5)
    inner = np.maximum(_inner_lines(image, rim), _spots(light, alpha))
    return shade, (inner, _contour(alpha))


def _contour(alpha: np.ndarray) -> np.ndarray:
    """A line of some six pixels along the edge of the silhouette, most of it outside."""
    return blurred(
        _filtered(alpha, ImageFilter.MaxFilter(7)) - _filtered(alpha, ImageFilter.MinFilter(5)), 0.8
    )


def _inner_lines(image: np.ndarray, rim: int, most: float = 0.17) -> np.ndarray:
    """A line where tones or hues meet; of a busy drawing only the stronger ones, and thinner."""
    soft = np.stack([blurred(image[..., k], 1) for k in range(3)], -1)
    gy, gx = np.gradient(soft, axis=(0, 1))
    step = np.sqrt(gx**2 + gy**2).max(-1) * _filtered(image[..., 3], ImageFilter.MinFilter(rim))
    inside = max(1, (image[..., 3] > 0.5).sum())
    for edge, wide in ((EDGE, 3), (0.05, 1), (0.08, 1), (0.12, 1), (0.16, 1)):
        found = Image.fromarray(((step > edge) * 255).astype(np.uint8)).filter(ImageFilter.MedianFilter(3))
        # A filter of size 1 ends the process in some Pillows.
        found = found if wide == 1 else found.filter(ImageFilter.MaxFilter(wide))
        lines = np.asarray(found, np.float32) / 255
        if lines.sum() < most * inside:
            break
    return blurred(lines, 0.8)


def ink_of_silhouette(mask: np.ndarray, is_open: bool) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """The same of a silhouette: its gaps are the strokes."""
    wide = _filtered(mask, ImageFilter.MaxFilter(9))
    hull = blurred((wide > 0.5).astype(np.float32), 0.7) if is_open else _hull(wide)
    return np.ones_like(mask), (np.clip(hull - mask, 0, 1), _contour(hull) * np.clip(1 - mask, 0, 1))


def _spots(light: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """What is nearly black in the drawing, unless that is a large part of it."""
    dark = (light < 0.2) & (alpha > 0.5)
    large = dark.sum() > 0.3 * (alpha > 0.5).sum()
    return np.zeros_like(alpha) if large else blurred(dark.astype(np.float32), 0.8)


def light_of(image: np.ndarray, strength: float) -> tuple[np.ndarray, np.ndarray]:
    """Light from the upper left over a surface that swells from the drawing's edges and tones.

    And its gleam.
    """
    alpha = image[..., 3]
    height = 0.8 * blurred(alpha, 13) + 0.2 * blurred(alpha * luminance(image), 4)
    gy, gx = np.gradient(height)
    slope = -(gx + gy)[..., None]
    gleam = np.exp(-(((-gx - 0.02) ** 2 + (-gy - 0.02) ** 2) / (2 * 0.006**2)))[..., None]
    fall = np.linspace(0.1, -0.16, image.shape[0], dtype=np.float32)[:, None, None]
    return (np.clip(slope * strength, -0.6, 0.5) + fall).astype(np.float32), gleam.astype(np.float32)


def round_about(plane: np.ndarray, make: Callable[[np.ndarray], np.ndarray], reach: int = 48) -> np.ndarray:
    """What `make` gives for a plane that repeats without a seam."""
    wide = ((reach, reach), (reach, reach), *[(0, 0)] * (plane.ndim - 2))
    return make(np.pad(plane, wide, mode="wrap"))[reach:-reach, reach:-reach]


def light_of_height(height: np.ndarray, strength: float = 2.2) -> np.ndarray:
    """Light from the upper left over a surface that repeats, from -1 to 1."""
    down = np.roll(height, -1, 0) - np.roll(height, 1, 0)
    right = np.roll(height, -1, 1) - np.roll(height, 1, 1)
    return np.clip((down + right) * 0.5 * strength, -0.5, 0.4).astype(np.float32)


def ink_of_surface(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The shade of the wash and the strokes of a surface that repeats."""
    light = luminance(image)
    shade = round_about(
        np.where(light < np.median(light) - 0.04, 0.86, 1.0).astype(np.float32), lambda p: blurred(p, 1.5)
    )
    return shade, round_about(image, lambda picture: _inner_lines(picture, 3, 0.34))


def cast(alpha: np.ndarray) -> np.ndarray:
    """The soft shadow on the ground, to the lower right."""
    return 0.55 * blurred(_shifted(alpha, *CAST), 6)


def _filtered(plane: np.ndarray, how: ImageFilter.Filter) -> np.ndarray:
    return np.asarray(Image.fromarray((plane * 255).astype(np.uint8)).filter(how), np.float32) / 255


def blurred(plane: np.ndarray, radius: float) -> np.ndarray:
    """The plane, from 0 to 1, softened."""
    return _filtered(plane.clip(0, 1), ImageFilter.GaussianBlur(radius))
