from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from orchestrator.backends.diffusion.post import is_pixel_grid, pixel_grid, post_processed
from orchestrator.stage import PixelGrid


def noise(width: int, height: int, seed: int) -> Image.Image:
    values = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    return Image.fromarray(values)


@given(
    width=st.integers(16, 90),
    height=st.integers(16, 90),
    cells=st.integers(8, 40),
    colours=st.integers(2, 40),
    seed=st.integers(0, 9),
)
@settings(max_examples=60, deadline=None)
def test_each_cell_has_one_colour_and_the_picture_few(
    width: int, height: int, cells: int, colours: int, seed: int
) -> None:
    grid = PixelGrid(cells=cells, colours=colours)
    drawn = pixel_grid(noise(width, height, seed), grid)
    assert drawn.size == (width, height)
    assert is_pixel_grid(drawn, grid)
    assert pixel_grid(noise(width, height, seed), grid).tobytes() == drawn.tobytes()


def test_noise_is_no_grid_and_a_checkerboard_stays() -> None:
    grid = PixelGrid(cells=8, colours=4)
    assert not is_pixel_grid(noise(64, 64, 1), grid)
    board = Image.fromarray(np.kron(np.indices((8, 8)).sum(0) % 2 * 255, np.ones((8, 8))).astype(np.uint8))
    assert pixel_grid(board, grid).convert("L").tobytes() == board.tobytes()


def test_no_step_leaves_the_picture() -> None:
    picture = noise(16, 16, 2)
    assert post_processed(picture, ()) is picture
