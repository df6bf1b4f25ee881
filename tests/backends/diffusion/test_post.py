from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from orchestrator.backends.diffusion.post import finished, is_pixel_grid, pixel_grid, post_processed
from orchestrator.errors import StageFailure
from orchestrator.stage import Failure, PixelGrid, RenderPlan


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
def test_each_cell_has_one_colour_and_the_picture_few_or_the_grid_is_refused(
    width: int, height: int, cells: int, colours: int, seed: int
) -> None:
    grid = PixelGrid(cells=cells, colours=colours)
    try:
        drawn = pixel_grid(noise(width, height, seed), grid)
    except StageFailure:
        return
    assert drawn.size == (width, height)
    assert is_pixel_grid(drawn, grid)
    assert pixel_grid(noise(width, height, seed), grid).tobytes() == drawn.tobytes()


@given(px=st.integers(1, 9), across=st.integers(8, 12), down=st.integers(3, 12), seed=st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_a_grid_that_divides_the_size_is_drawn(px: int, across: int, down: int, seed: int) -> None:
    picture, grid = noise(across * px, down * px, seed), PixelGrid(cells=max(across, down), colours=8)
    cells = np.asarray(pixel_grid(picture, grid)).reshape(down, px, across, px, 3)
    assert (cells == cells[:, :1, :, :1]).all()


def test_a_grid_that_does_not_divide_the_size_names_those_that_do() -> None:
    plan = RenderPlan(
        prompt="a", width=320, height=256, steps=1, guidance_scale=1, post=(PixelGrid(cells=32),)
    )
    refused = finished(noise(320, 256, 1), plan, {"tokens": 1})
    assert isinstance(refused, Failure)
    assert (refused.code, refused.notes) == ("E528", {"tokens": 1})
    named = [int(each) for each in refused.help.split(": ")[1].split(" cells")[0].split(", ")]
    assert 40 in named
    for cells in named:
        assert pixel_grid(noise(320, 256, 1), PixelGrid(cells=cells)).size == (320, 256)


def test_noise_is_no_grid_and_a_checkerboard_stays() -> None:
    grid = PixelGrid(cells=8, colours=4)
    assert not is_pixel_grid(noise(64, 64, 1), grid)
    board = Image.fromarray(np.kron(np.indices((8, 8)).sum(0) % 2 * 255, np.ones((8, 8))).astype(np.uint8))
    assert pixel_grid(board, grid).convert("L").tobytes() == board.tobytes()


def test_no_step_leaves_the_picture() -> None:
    picture = noise(16, 16, 2)
    assert post_processed(picture, ()) is picture
