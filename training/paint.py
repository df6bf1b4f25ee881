"""Colours a drawing: gradient map, two-tone filling of a silhouette, relief. All on float32 RGBA in 0..1."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[float, float, float]
INK: Colour = (0.09, 0.09, 0.12)
CHALK: Colour = (0.93, 0.93, 0.93)
PAPER: Colour = (0.97, 0.96, 0.92)
EDGE = 0.03
"""How far a channel changes a pixel where an ink line is drawn."""
CAST = (14, 14)
"""Where a shadow falls: pixels down and to the right."""


def luminance(image: np.ndarray) -> np.ndarray:
    """Height × width, 0 to 1."""
    return image[..., :3] @ np.array([0.3, 0.59, 0.11], np.float32)


def tinted(image: np.ndarray, colour: Colour) -> np.ndarray:
    """Gradient map: the drawing's middle tone becomes the colour, its darks a shade, its lights a tint."""
    opaque = image[..., 3] > 0.5
    light = luminance(image)
    low, middle, high = np.percentile(light[opaque], [3, 50, 97])
    t = np.clip(0.52 + 0.9 * (light - middle) / max(high - low, 0.3), 0, 1)
    return np.concatenate([ramp(t, colour), image[..., 3:]], -1).astype(np.float32)


def ramp(t: np.ndarray, colour: Colour) -> np.ndarray:
    """0 is a dark shade of the colour, 0.5 the colour, 1 a highlight; adds the axis of channels."""
    c = np.array(colour, np.float32)
    t = t[..., None]
    dark, bright = c * np.array([0.5, 0.42, 0.45], np.float32), c * 0.4 + 0.6
    return np.where(t < 0.5, dark + (c - dark) * t * 2, c + (bright - c) * (t - 0.5) * 2)


def drawn(image: np.ndarray, wash: Colour, contour: Colour, rim: int = 5) -> np.ndarray:
    """Ink and wash: a contour, ink lines where tones meet, dark spots, thin colour over all.

    No inner line comes nearer to the edge than half of `rim` pixels.
    """
    alpha, light = image[..., 3], luminance(image)
    shade = np.where(light < np.median(light[alpha > 0.5]) - 0.04, 0.88, 1.0)
    rgb = np.array(wash, np.float32) * _blurred(shade, 1.5)[..., None]
    inner, outer = np.maximum(_inner_lines(image, rim), _spots(light, alpha)), _contour(alpha)
    for strokes, tone in ((inner, INK), (outer, contour)):
        rgb = rgb * (1 - strokes[..., None]) + np.array(tone, np.float32) * strokes[..., None]
    opacity = np.maximum(outer, alpha)[..., None]
    return np.concatenate([rgb, opacity], -1).astype(np.float32)


def _contour(alpha: np.ndarray) -> np.ndarray:
    """A line of some six pixels along the edge of the silhouette, most of it outside."""
    mask = Image.fromarray((alpha * 255).astype(np.uint8))
    wide = np.asarray(mask.filter(ImageFilter.MaxFilter(7)), np.float32)
    thin = np.asarray(mask.filter(ImageFilter.MinFilter(5)), np.float32)
    return _blurred((wide - thin) / 255, 0.8)


def _inner_lines(image: np.ndarray, rim: int) -> np.ndarray:
    """A line of some four pixels where tones or hues meet."""
    soft = np.stack([_blurred(image[..., k], 1) for k in range(3)], -1)
    gy, gx = np.gradient(soft, axis=(0, 1))
    step = np.sqrt(gx**2 + gy**2).max(-1) * _eroded(image[..., 3], rim)
    found = Image.fromarray(((step > EDGE) * 255).astype(np.uint8))
    found = found.filter(ImageFilter.MedianFilter(3)).filter(ImageFilter.MaxFilter(3))
    return _blurred(np.asarray(found, np.float32) / 255, 0.8)


def _spots(light: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """What is nearly black in the drawing, unless that is a large part of it."""
    dark = (light < 0.2) & (alpha > 0.5)
    large = dark.sum() > 0.3 * (alpha > 0.5).sum()
    return np.zeros_like(alpha) if large else _blurred(dark.astype(np.float32), 0.8)


def filled(image: np.ndarray, colour: Colour, glass: bool, lit: float = 0.28) -> np.ndarray:
    """A silhouette coloured in: body with a lit left half, outline dark, holes dark or (glass) pale."""
    mask = Image.fromarray((image[..., 3] * 255).astype(np.uint8))
    wide = mask.filter(ImageFilter.MaxFilter(9))
    hull = _hull(wide)
    body, outer = np.asarray(mask, np.float32)[..., None] / 255, hull[..., None]
    c = np.array(colour, np.float32)
    side = (np.arange(image.shape[1]) < image.shape[1] // 2)[None, :, None]
    base = np.where(side, c * (1 - lit) + lit, c)
    hole = c * 0.2 + 0.8 if glass else c * 0.35
    line = _eroded(hull)[..., None]
    rgb = base * body + (c * 0.35 * (1 - line) + hole * line) * (1 - body)
    return np.concatenate([np.broadcast_to(rgb, image[..., :3].shape), outer], -1).astype(np.float32)


def _hull(mask: Image.Image) -> np.ndarray:
    """The mask with all that it encloses; 0 to 1."""
    ground = mask.point(lambda v: 255 if v > 127 else 0)
    ground = Image.fromarray(np.pad(np.asarray(ground), 1)).copy()
    ImageDraw.floodfill(ground, (0, 0), 128)
    inside = np.asarray(ground)[1:-1, 1:-1] != 128
    return _blurred(inside.astype(np.float32), 0.7)


def _eroded(mask: np.ndarray, side: int = 9) -> np.ndarray:
    image = Image.fromarray((mask * 255).astype(np.uint8)).filter(ImageFilter.MinFilter(side))
    return np.asarray(image, np.float32) / 255


def relief(image: np.ndarray, strength: float) -> np.ndarray:
    """Light from the upper left over a surface that swells from the drawing's edges and tones, a gleam."""
    alpha = image[..., 3]
    height = 0.8 * _blurred(alpha, 13) + 0.2 * _blurred(alpha * luminance(image), 4)
    gy, gx = np.gradient(height)
    slope = -(gx + gy)[..., None]
    gleam = np.exp(-(((-gx - 0.02) ** 2 + (-gy - 0.02) ** 2) / (2 * 0.006**2)))[..., None]
    fall = np.linspace(0.1, -0.16, image.shape[0], dtype=np.float32)[:, None, None]
    light = np.clip(slope * strength, -0.6, 0.5) + fall
    rgb = image[..., :3]
    lit = np.where(light > 0, rgb + (1 - rgb) * light, rgb * (1 + light))
    lit = lit + (1 - lit) * 0.75 * gleam
    return np.concatenate([np.clip(lit, 0, 1), image[..., 3:]], -1).astype(np.float32)


def shadowed(image: np.ndarray) -> np.ndarray:
    """The drawing with a soft shadow that it casts on the ground, to the lower right."""
    alpha = image[..., 3]
    y, x = CAST
    cast = 0.55 * _blurred(np.roll(np.pad(alpha, 0), (y, x), (0, 1)), 6)
    opacity = alpha + (1 - alpha) * cast
    rgb = image[..., :3] * (alpha / opacity.clip(1e-3))[..., None]
    return np.concatenate([rgb, opacity[..., None]], -1).astype(np.float32)


def _blurred(plane: np.ndarray, radius: float) -> np.ndarray:
    image = Image.fromarray((plane * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(radius))
    return np.asarray(image, np.float32) / 255
