"""Grids of pixel looks that divide a picture's size."""

from __future__ import annotations

import math

_LEAST, _MOST = 8, 512
"""What a `PixelGrid` may have."""


def dividing_cells(cells: int, size: tuple[int, int]) -> int:
    """The nearest number of cells along the longer side whose cells are squares of whole pixels.

    `cells` itself where it divides already, and where nothing does: the painter then says so (E528).
    """
    longer, common = max(size), math.gcd(*size)
    whole = [longer // px for px in range(1, common + 1) if common % px == 0]
    fitting = [count for count in whole if _LEAST <= count <= _MOST]
    return min(fitting, key=lambda count: (abs(math.log(count / cells)), count), default=cells)
