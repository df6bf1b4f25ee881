"""Post steps on decoded pictures. Pure functions over Pillow images; training uses them too."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from PIL import Image

from orchestrator.errors import StageFailure
from orchestrator.stage import Failure, PaintReply, RenderPlan
from orchestrator.stage.artifacts import PixelGrid

_BANDS = 3
_LEAST_CELLS, _MOST_CELLS = 8, 512
"""What a plan may ask for."""


def finished(picture: Image.Image, plan: RenderPlan, notes: Mapping[str, object]) -> PaintReply | Failure:
    """The answer to a request: the picture after all post steps, or why one cannot be done."""
    try:
        return PaintReply(post_processed(picture, plan.post), notes)
    except StageFailure as error:
        return Failure(str(error), error.code, error.help, notes=notes)


def post_processed(picture: Image.Image, steps: tuple[PixelGrid, ...]) -> Image.Image:
    """The picture after all post steps of a plan."""
    for step in steps:
        picture = pixel_grid(picture, step)
    return picture


def pixel_grid(picture: Image.Image, grid: PixelGrid) -> Image.Image:
    """One colour in each cell of the grid, at most `grid.colours` in all; the size stays.

    A cell takes the median of its pixels, then the cells share a palette by median cut.

    Raises:
        StageFailure: E528, where no whole number of pixels makes a cell: rows would be of two heights.
    """
    _refuse_uneven(picture.size, grid)
    pixels = np.asarray(picture.convert("RGB"))
    rows, columns = _edges(picture.height, picture.size, grid), _edges(picture.width, picture.size, grid)
    cells = _medians(pixels, rows, columns)
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


def _medians(pixels: np.ndarray, rows: list[int], columns: list[int]) -> np.ndarray:
    """The median colour of each cell; cells of one size at once, for there are at most four sizes."""
    cells = np.empty((len(rows) - 1, len(columns) - 1, _BANDS), np.uint8)
    for tall, at_rows in _by_length(rows).items():
        for wide, at_columns in _by_length(columns).items():
            down = np.add.outer(np.take(rows, at_rows), np.arange(tall))
            along = np.add.outer(np.take(columns, at_columns), np.arange(wide))
            inside = pixels[down[:, None, :, None], along[None, :, None, :]]
            flat = inside.reshape(len(at_rows), len(at_columns), tall * wide, _BANDS)
            cells[np.ix_(at_rows, at_columns)] = np.median(flat, axis=2).round()
    return cells


def _by_length(edges: list[int]) -> dict[int, list[int]]:
    """Positions of the spans between edges, by how long they are."""
    found: dict[int, list[int]] = {}
    for at, (start, end) in enumerate(pairwise(edges)):
        found.setdefault(end - start, []).append(at)
    return found


def _edges(side: int, size: tuple[int, int], grid: PixelGrid) -> list[int]:
    """Where cells begin along a side, and its end. Cells are as square as whole pixels allow."""
    count = max(1, min(side, round(grid.cells * side / max(size))))
    return [at * side // count for at in range(count + 1)]


def _refuse_uneven(size: tuple[int, int], grid: PixelGrid) -> None:
    lengths = {end - start for side in size for start, end in pairwise(_edges(side, size, grid))}
    if len(lengths) == 1:
        return
    longer, common = max(size), math.gcd(*size)
    counts = [longer // px for px in range(1, common + 1) if common % px == 0]
    whole = sorted(count for count in counts if _LEAST_CELLS <= count <= _MOST_CELLS)
    shown = f"{size[0]}×{size[1]}"
    raise StageFailure(
        f"a grid of {grid.cells} cells does not divide {shown} pixels into cells of one size",
        code="E528",
        help=f"these divide it: {', '.join(map(str, whole))} cells along the longer side"
        if whole
        else f"no grid of {_LEAST_CELLS} to {_MOST_CELLS} cells divides it: ask for multiples of 32 px",
    )


def _with_few_colours(cells: Image.Image, colours: int) -> Image.Image:
    few = cells.quantize(colours, Image.Quantize.MEDIANCUT, kmeans=2, dither=Image.Dither.NONE)
    return few.convert("RGB")
