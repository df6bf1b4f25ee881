"""Colours a drawing: gradient map, two-tone filling of a silhouette, relief. All on float32 RGBA in 0..1."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[float, float, float]
INK: Colour = (0.09, 0.09, 0.12)
CHALK: Colour = (0.93, 0.93, 0.93)


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


def inked(image: np.ndarray, colour: Colour) -> np.ndarray:
    """The silhouette in one colour."""
    flat = np.broadcast_to(np.array(colour, np.float32), image[..., :3].shape)
    return np.concatenate([flat, image[..., 3:]], -1).astype(np.float32)


def filled(image: np.ndarray, colour: Colour, glass: bool) -> np.ndarray:
    """A silhouette coloured in: body with a lit left half, outline dark, holes dark or (glass) pale."""
    mask = Image.fromarray((image[..., 3] * 255).astype(np.uint8))
    wide = mask.filter(ImageFilter.MaxFilter(9))
    hull = _hull(wide)
    body, outer = np.asarray(mask, np.float32)[..., None] / 255, hull[..., None]
    c = np.array(colour, np.float32)
    side = (np.arange(image.shape[1]) < image.shape[1] // 2)[None, :, None]
    base = np.where(side, c * 0.72 + 0.28, c)
    hole = c * 0.2 + 0.8 if glass else c * 0.35
    line = _eroded(hull)[..., None]
    rgb = base * body + (c * 0.35 * (1 - line) + hole * line) * (1 - body)
    return np.concatenate([np.broadcast_to(rgb, image[..., :3].shape), outer], -1).astype(np.float32)


def _hull(mask: Image.Image) -> np.ndarray:
    """The mask with all that it encloses; 0 to 1."""
    ground = mask.point(lambda v: 255 if v > 127 else 0)
    ground = Image.fromarray(np.pad(np.asarray(ground), 1)).copy()
    ImageDraw.floodfill(ground, (0, 0), 128)
    inside = np.asarray(ground)[1:-1, 1:-1] == 0
    return np.maximum(np.asarray(mask, np.float32) / 255, inside.astype(np.float32))


def _eroded(mask: np.ndarray) -> np.ndarray:
    image = Image.fromarray((mask * 255).astype(np.uint8)).filter(ImageFilter.MinFilter(9))
    return np.asarray(image, np.float32) / 255


def relief(image: np.ndarray, strength: float) -> np.ndarray:
    """Light from the upper left over a surface that swells from the drawing's edges and tones."""
    alpha = image[..., 3]
    height = 0.75 * _blurred(alpha, 9) + 0.25 * _blurred(alpha * luminance(image), 3)
    gy, gx = np.gradient(height)
    light = np.clip(-(gx + gy) * strength, -0.45, 0.6)[..., None]
    fall = np.linspace(0.08, -0.12, image.shape[0], dtype=np.float32)[:, None, None]
    rgb = image[..., :3]
    light = light + fall
    lit = np.where(light > 0, rgb + (1 - rgb) * light, rgb * (1 + light))
    return np.concatenate([np.clip(lit, 0, 1), image[..., 3:]], -1).astype(np.float32)


def _blurred(plane: np.ndarray, radius: float) -> np.ndarray:
    image = Image.fromarray((plane * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(radius))
    return np.asarray(image, np.float32) / 255
