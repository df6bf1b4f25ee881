"""Fields that repeat without a seam: noise, cells, bricks, boards. Float32, SIZE × SIZE.

From 0 to 1 unless said.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from training.settings import SIZE

Plane = np.ndarray


@cache
def _coordinates() -> tuple[Plane, Plane]:
    ys, xs = np.mgrid[:SIZE, :SIZE].astype(np.float32)
    return ys, xs


def coordinates() -> tuple[Plane, Plane]:
    """Row and column of each pixel."""
    return _coordinates()


def noise(seed: int, cells: int, across: int = 0) -> Plane:
    """Smooth noise of `cells` waves down, `across` (as many, if 0) to the side."""
    rng = np.random.default_rng(seed)
    ys, xs = coordinates()
    across = across or cells
    grid = rng.random((cells, across), np.float32)
    v, u = ys * cells / SIZE, xs * across / SIZE
    y, x = v.astype(int), u.astype(int)
    fy, fx = _eased(v - y), _eased(u - x)
    below, right = (y + 1) % cells, (x + 1) % across
    top = grid[y, x] * (1 - fx) + grid[y, right] * fx
    return (top * (1 - fy) + (grid[below, x] * (1 - fx) + grid[below, right] * fx) * fy).astype(np.float32)


def _eased(t: Plane) -> Plane:
    return t * t * (3 - 2 * t)


def clouds(seed: int, cells: int, octaves: int = 4) -> Plane:
    """Noise over noise, stretched to the whole range."""
    total = sum(noise(seed + k, cells * 2**k) * 0.5**k for k in range(octaves))
    return stretched(np.asarray(total, np.float32))


def stretched(plane: Plane) -> Plane:
    """From its least to its greatest value: 0 to 1."""
    low, high = float(plane.min()), float(plane.max())
    return ((plane - low) / max(1e-6, high - low)).astype(np.float32)


def warped(plane: Plane, seed: int, reach: float, cells: int = 4) -> Plane:
    """The plane pushed about by noise, up to `reach` pixels."""
    ys, xs = coordinates()
    dy, dx = (noise(seed, cells) - 0.5) * 2 * reach, (noise(seed + 1, cells) - 0.5) * 2 * reach
    return plane[(ys + dy).astype(int) % SIZE, (xs + dx).astype(int) % SIZE]


def cells(seed: int, count: int, *, lattice: bool = True, jitter: float = 0.8) -> tuple[Plane, Plane, Plane]:
    """Cells round `count` × `count` points: a chance value a cell, the way to its edge in pixels.

    To its middle.
    """
    rng = np.random.default_rng(seed)
    step = SIZE / count
    if lattice:
        at = (
            np.indices((count, count)).reshape(2, -1).T
            + 0.5
            + (rng.random((count * count, 2)) - 0.5) * jitter
        ) * step
    else:
        at = rng.random((count * count, 2)) * SIZE
    value = rng.random(len(at)).astype(np.float32)
    ys, xs = coordinates()
    first = np.full((SIZE, SIZE), 1e9, np.float32)
    second, owner = first.copy(), np.zeros((SIZE, SIZE), int)
    for k, (y, x) in enumerate(at):
        dy, dx = np.abs(ys - y), np.abs(xs - x)
        away = np.hypot(np.minimum(dy, SIZE - dy), np.minimum(dx, SIZE - dx)).astype(np.float32)
        nearer = away < first
        second = np.where(nearer, first, np.minimum(second, away))
        owner, first = np.where(nearer, k, owner), np.where(nearer, away, first)
    return value[owner], ((second - first) / 2).astype(np.float32), first


def courses(rows: int, columns: int, seed: int, *, shift: float = 0.5) -> tuple[Plane, Plane, Plane, Plane]:
    """Bricks in `rows` courses of `columns`: a chance value a brick, the way to its edge in pixels.

    Places inside.
    """
    rng = np.random.default_rng(seed)
    ys, xs = coordinates()
    high, wide = SIZE / rows, SIZE / columns
    row = (ys // high).astype(int)
    x = (xs + (row % 2) * wide * shift) % SIZE
    column = (x // wide).astype(int) % columns
    value = rng.random((rows, columns)).astype(np.float32)[row % rows, column]
    v, u = ys % high, x % wide
    edge = np.minimum(np.minimum(v, high - 1 - v), np.minimum(u, wide - 1 - u)).astype(np.float32)
    return value, edge, (v / high).astype(np.float32), (u / wide).astype(np.float32)


def step(plane: Plane, at: float, wide: float = 1.0) -> Plane:
    """0 below `at`, 1 above, a soft edge of `wide`."""
    return ((plane - at) / max(1e-6, wide) + 0.5).clip(0, 1).astype(np.float32)


def line(distance: Plane, half: float) -> Plane:
    """1 where the distance is below `half` pixels, with a soft edge."""
    return (1 - step(distance, half, 1.2)).astype(np.float32)
