"""Pixel pictures: how they are drawn for training, and the grid that the product makes after painting."""

from __future__ import annotations

import numpy as np
from PIL import Image

from orchestrator.backends.diffusion.post import is_pixel_grid, pixel_grid
from orchestrator.stage.artifacts import PixelGrid
from training.settings import CELLS, PALETTE


def pixelated(image: np.ndarray, ground: np.ndarray, cells: int) -> np.ndarray:
    """Straight uint8 RGBA to a uint8 RGB picture of `cells` blocks a side: hard edges, dark outline."""
    block = image.shape[0] // cells
    parts = image.astype(np.float32).reshape(cells, block, cells, block, 4) / 255
    cover = parts[..., 3:].mean((1, 3))
    rgb = (parts[..., :3] * parts[..., 3:]).mean((1, 3)) / np.maximum(cover, 1e-3)
    solid = cover > 0.5
    rgb = np.where(solid, np.round(rgb * 15) / 15, ground)
    edge = _touches(solid[..., 0]) & ~solid[..., 0]
    shade = _neighbour_mean(rgb, solid) * 0.35
    rgb = np.where(edge[..., None], shade, rgb)
    return (rgb * 255).round().astype(np.uint8).repeat(block, 0).repeat(block, 1)


def _shifts(plane: np.ndarray) -> list[np.ndarray]:
    pad = np.pad(plane, ((1, 1), (1, 1)) + ((0, 0),) * (plane.ndim - 2))
    return [pad[:-2, 1:-1], pad[2:, 1:-1], pad[1:-1, :-2], pad[1:-1, 2:]]


def _touches(mask: np.ndarray) -> np.ndarray:
    return np.any(_shifts(mask), axis=0)


def _neighbour_mean(rgb: np.ndarray, solid: np.ndarray) -> np.ndarray:
    weight = sum(s.astype(np.float32) for s in _shifts(solid.astype(np.float32)))
    return sum(_shifts(rgb * solid)) / np.maximum(weight, 1)


def grid(image: np.ndarray, cells: int = CELLS, colours: int = PALETTE) -> np.ndarray:
    """The product's post step on a uint8 RGB picture: one colour a cell, at most `colours` in all."""
    return np.asarray(pixel_grid(Image.fromarray(image), PixelGrid(cells=cells, colours=colours)))


def is_grid(image: np.ndarray, cells: int = CELLS, colours: int = PALETTE) -> bool:
    """Whether a picture is one of such a grid."""
    return is_pixel_grid(Image.fromarray(image), PixelGrid(cells=cells, colours=colours))
