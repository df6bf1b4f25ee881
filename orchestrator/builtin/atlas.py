"""`atlas`: pictures of many items in one, on a grid, with a table of what lies where."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from orchestrator.builtin.pictures.pixels import as_rgba
from orchestrator.stage import (
    Atlas,
    Context,
    Field,
    Frame,
    Gathered,
    Image,
    Member,
    Params,
    StageFailure,
    stage,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]


class AtlasGrid(Params):
    """Put all pictures on one, in a grid, named by the ids of their items.

    Cells are as large as the largest picture. A cell lies at `padding + extrude` from the left and the top,
    and its neighbours further by its side and `padding + 2 × extrude`.
    """

    columns: int | None = Field(default=None, ge=1, le=1024, description="left out: near a square")
    padding: int = Field(default=2, ge=0, le=64, description="transparent room between cells and around, px")
    extrude: int = Field(
        default=0, ge=0, le=16, description="px by which each cell's outermost pixels are repeated around it"
    )
    sizes: Literal["pad", "equal"] = Field(
        default="pad", description="a smaller picture is centred in its cell (pad), or refused (equal)"
    )
    power_of_two: bool = Field(default=False, description="whether both sides are rounded up to a power of 2")
    largest: int = Field(default=8192, ge=16, le=16384, description="longest side that the engine takes, px")


@dataclass(frozen=True, slots=True)
class _Grid:
    """Sizes in pixels; `size` is the whole atlas."""

    columns: int
    cell: tuple[int, int]
    padding: int
    extrude: int
    size: tuple[int, int]

    def corner(self, at: int) -> tuple[int, int]:
        """Upper left of a cell, inside what is extruded."""
        row, column = divmod(at, self.columns)
        across, down = (side + self.padding + 2 * self.extrude for side in self.cell)
        first = self.padding + self.extrude
        return first + column * across, first + row * down


@stage("atlas", version=1, missing="refuse")
def atlas(images: Gathered[Image], params: AtlasGrid, ctx: Context) -> Atlas:
    """All pictures in the order of their items, row by row; the table is part of the atlas."""
    import numpy as np

    pictures = [_pixels(member) for member in images]
    grid = _grid([(picture.shape[1], picture.shape[0]) for picture in pictures], params)
    canvas = np.zeros((grid.size[1], grid.size[0], 4), dtype=np.uint8)
    frames: list[Frame] = []
    for at, (member, picture) in enumerate(zip(images, pictures, strict=True)):
        ctx.stop_if_cancelled()
        frames.append(_frame(member, grid.corner(at), grid.cell))
        left, top = (side - grid.extrude for side in grid.corner(at))
        cell = _extruded(_centred(picture, grid.cell), grid.extrude)
        canvas[top : top + cell.shape[0], left : left + cell.shape[1]] = cell
    ctx.note("frames", {frame.name: [frame.x, frame.y, frame.width, frame.height] for frame in frames})
    return Atlas("RGBA", grid.size, canvas.tobytes(), frames)


def _pixels(member: Member[Image]) -> Pixels:
    import numpy as np

    if member.artifact is None:
        raise StageFailure(f"{member.name} is missing: {member.missing}")
    return np.asarray(as_rgba(member.artifact))


def _frame(member: Member[Image], corner: tuple[int, int], cell: tuple[int, int]) -> Frame:
    (x, y), (width, height) = corner, cell
    coordinates = dict(member.coordinates)
    return Frame(name=member.name, x=x, y=y, width=width, height=height, coordinates=coordinates)


def _grid(sizes: list[tuple[int, int]], params: AtlasGrid) -> _Grid:
    if params.sizes == "equal" and len(set(sizes)) > 1:
        raise StageFailure(
            f"the pictures are of {len(set(sizes))} sizes, among them {_sizes(sizes)}",
            code="E543",
            help="give them one size on `plan`, or write `sizes: pad` to centre the smaller ones",
        )
    cell = max(width for width, _ in sizes), max(height for _, height in sizes)
    columns = min(params.columns or math.ceil(math.sqrt(len(sizes))), len(sizes))
    counts = columns, math.ceil(len(sizes) / columns)
    width, height = (_side(*pair, params) for pair in zip(counts, cell, strict=True))
    if max(width, height) > params.largest:
        raise StageFailure(
            f"the atlas would be {width} × {height} px, more than `largest` allows ({params.largest})",
            code="E542",
            help="gather fewer dimensions, so that there are several atlases, or draw smaller pictures",
        )
    return _Grid(columns, cell, params.padding, params.extrude, (width, height))


def _side(count: int, cell: int, params: AtlasGrid) -> int:
    length = count * (cell + params.padding + 2 * params.extrude) + params.padding
    return 1 << (length - 1).bit_length() if params.power_of_two else length


def _sizes(sizes: list[tuple[int, int]]) -> str:
    smallest, largest = min(sizes), max(sizes)
    return f"{smallest[0]} × {smallest[1]} and {largest[0]} × {largest[1]} px"


def _centred(picture: Pixels, cell: tuple[int, int]) -> Pixels:
    """The picture with transparent room around it, the odd pixel to the right and below."""
    import numpy as np

    height, width = picture.shape[:2]
    left, top = (cell[0] - width) // 2, (cell[1] - height) // 2
    room = ((top, cell[1] - height - top), (left, cell[0] - width - left), (0, 0))
    return np.pad(picture, room)


def _extruded(cell: Pixels, by: int) -> Pixels:
    """The cell with its outermost pixels repeated, so that a filtering engine takes none of a neighbour."""
    import numpy as np

    return np.pad(cell, ((by, by), (by, by), (0, 0)), mode="edge")
