"""Post steps on decoded pictures. Pure functions over Pillow images; training uses them too."""

from __future__ import annotations

import numpy as np
from PIL import Image

from orchestrator.stage.artifacts import PixelGrid

_BANDS = 3


def post_processed(picture: Image.Image, steps: tuple[PixelGrid, ...]) -> Image.Image:
    """The picture after all post steps of a plan."""
    for step in steps:
        picture = pixel_grid(picture, step)
    return picture


def pixel_grid(picture: Image.Image, grid: PixelGrid) -> Image.Image:
    """One colour in each cell of the grid, at most `grid.colours` in all; the size stays.

    A cell takes the median of its pixels, then the cells share a palette by median cut.
    """
    pixels = np.asarray(picture.convert("RGB"))
    rows, columns = _edges(picture.height, picture.size, grid), _edges(picture.width, picture.size, grid)
    cells = np.empty((len(rows) - 1, len(columns) - 1, _BANDS), np.uint8)
    for y in range(len(rows) - 1):
        for x in range(len(columns) - 1):
            cell = pixels[rows[y] : rows[y + 1], columns[x] : columns[x + 1]]
            cells[y, x] = np.median(cell.reshape(-1, _BANDS), axis=0).round()
    few = np.asarray(_with_few_colours(Image.fromarray(cells), grid.colours))
    return Image.fromarray(few.repeat(np.diff(rows), axis=0).repeat(np.diff(columns), axis=1))


def is_pixel_grid(picture: Image.Image, grid: PixelGrid) -> bool:
    """Whether each cell has one colour and the picture no more colours than the grid allows."""
    pixels = np.asarray(picture.convert("RGB"))
    rows, columns = _edges(picture.height, picture.size, grid), _edges(picture.width, picture.size, grid)
    corners = pixels[rows[:-1]][:, columns[:-1]]
    flat = corners.repeat(np.diff(rows), axis=0).repeat(np.diff(columns), axis=1)
    used = np.unique(corners.reshape(-1, _BANDS), axis=0)
    return bool((flat == pixels).all()) and len(used) <= grid.colours


def _edges(side: int, size: tuple[int, int], grid: PixelGrid) -> list[int]:
    """Where cells begin along a side, and its end. Cells are as square as whole pixels allow."""
    count = max(1, min(side, round(grid.cells * side / max(size))))
    return [at * side // count for at in range(count + 1)]


def _with_few_colours(cells: Image.Image, colours: int) -> Image.Image:
    few = cells.quantize(colours, Image.Quantize.MEDIANCUT, kmeans=2, dither=Image.Dither.NONE)
    return few.convert("RGB")
