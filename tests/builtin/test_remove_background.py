from __future__ import annotations

import contextlib
from collections import deque

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFilter

from orchestrator.builtin.pictures.regions import grown, smaller_than, touching_border
from orchestrator.builtin.remove_background import RemoveBackground, remove_background
from orchestrator.stage import Context, Image, StageFailure

WHITE = (255, 255, 255)
SUPERSAMPLED = 8


def disc(
    ground: tuple[int, int, int], colour: tuple[int, int, int], side: int = 64, *, smooth: bool = True
) -> tuple[PillowImage.Image, np.ndarray]:
    """A disc with a hole in it, and how much of each pixel it covers."""
    scale = SUPERSAMPLED if smooth else 1
    cover = PillowImage.new("L", (side * scale, side * scale), 0)
    pen = ImageDraw.Draw(cover)
    pen.ellipse([side * scale * part for part in (0.15, 0.15, 0.85, 0.85)], fill=255)
    pen.ellipse([side * scale * part for part in (0.4, 0.4, 0.6, 0.6)], fill=0)
    cover = cover.resize((side, side), PillowImage.Resampling.BOX)
    picture = PillowImage.composite(
        PillowImage.new("RGB", cover.size, colour), PillowImage.new("RGB", cover.size, ground), cover
    )
    return picture, np.asarray(cover) / 255


def cut(picture: PillowImage.Image, **params: object) -> np.ndarray:
    found = remove_background(Image.of(picture), RemoveBackground.checked(params), Context())
    assert found.mode == "RGBA"
    assert found.size == picture.size
    return np.asarray(found.pil).astype(int)


@pytest.mark.parametrize("ground", [WHITE, (20, 20, 24), (150, 200, 120), (240, 225, 190)])
def test_the_edge_has_the_alpha_that_was_drawn(ground: tuple[int, int, int]) -> None:
    picture, cover = disc(ground, (200, 30, 40))
    alpha = cut(picture, holes=True)[:, :, 3] / 255
    assert np.abs(alpha - cover).max() < 0.02


def test_no_ground_colour_is_left_in_the_edge() -> None:
    picture, _ = disc((0, 255, 0), (200, 30, 40))
    pixels = cut(picture, holes=True)
    seen = pixels[pixels[:, :, 3] > 8][:, :3]
    assert np.abs(seen - [200, 30, 40]).max() <= 2


def test_what_is_transparent_has_the_subjects_colour_for_engines_that_filter() -> None:
    picture, _ = disc(WHITE, (200, 30, 40))
    pixels = cut(picture, holes=True)
    assert np.abs(pixels[0, 0, :3] - [200, 30, 40]).max() < 30


def test_a_dark_outline_is_not_taken_for_a_mixture_with_what_it_encloses() -> None:
    large = PillowImage.new("RGB", (512, 512), (30, 160, 60))
    ImageDraw.Draw(large).ellipse((96, 96, 416, 416), fill=(200, 30, 30), outline=(10, 5, 5), width=24)
    pixels = cut(large.resize((64, 64), PillowImage.Resampling.BOX))
    outline = pixels[32, 13]
    assert outline[3] == 255
    assert outline[:3].max() <= 12


def test_hard_edges_stay_hard() -> None:
    picture, cover = disc(WHITE, (200, 30, 40), smooth=False)
    pixels = cut(picture, holes=True)
    assert set(np.unique(pixels[:, :, 3])) == {0, 255}
    np.testing.assert_array_equal(pixels[:, :, 3] == 255, cover == 1)
    picture, _ = disc(WHITE, (200, 30, 40))
    assert set(np.unique(cut(picture, softness=0)[:, :, 3])) == {0, 255}


def test_pixel_art_with_a_thin_outline_loses_nothing() -> None:
    picture = PillowImage.new("RGB", (32, 32), WHITE)
    ImageDraw.Draw(picture).ellipse((6, 6, 25, 25), fill=(200, 30, 30), outline=(20, 10, 10), width=1)
    picture.putpixel((15, 7), (250, 200, 200))
    pixels = cut(picture, softness=8)
    subject = (np.asarray(picture) != 255).any(axis=2)
    np.testing.assert_array_equal(pixels[:, :, 3], subject * 255)
    np.testing.assert_array_equal(pixels[subject][:, :3], np.asarray(picture)[subject])


def test_enclosed_areas_of_the_grounds_colour_are_kept_unless_holes_are_asked_for() -> None:
    picture, _ = disc(WHITE, (200, 30, 40))
    assert cut(picture)[32, 32].tolist() == [255, 255, 255, 255]
    assert cut(picture, holes=True)[32, 32, 3] == 0


def test_a_noisy_ground_is_cleared_altogether() -> None:
    picture, cover = disc((200, 210, 190), (40, 30, 120))
    noise = np.random.default_rng(5).normal(0, 6, (64, 64, 3))
    noisy = PillowImage.fromarray((np.asarray(picture) + noise).clip(0, 255).astype(np.uint8))
    alpha = cut(noisy, holes=True)[:, :, 3]
    assert alpha[cover == 0].mean() < 1
    assert alpha[cover == 1].min() > 225


def test_specks_go_when_asked() -> None:
    picture, _ = disc(WHITE, (200, 30, 40), smooth=False)
    picture.putpixel((3, 3), (0, 0, 0))
    picture.putpixel((4, 4), (0, 0, 0))
    assert cut(picture)[3, 3, 3] == 255
    assert cut(picture, specks=2)[4, 4, 3] == 255
    assert cut(picture, specks=3)[3:5, 3:5, 3].max() == 0


def test_a_subject_may_run_over_the_border() -> None:
    picture = PillowImage.new("RGB", (64, 64), WHITE)
    ImageDraw.Draw(picture).rectangle((16, 20, 47, 63), fill=(60, 40, 20))
    assert cut(picture)[63, 30].tolist() == [60, 40, 20, 255]


def test_a_border_without_a_commonest_colour_is_refused() -> None:
    noise = np.random.default_rng(7).integers(0, 256, (48, 48, 3), dtype=np.uint8)
    with pytest.raises(StageFailure, match="no plain ground") as failed:
        cut(PillowImage.fromarray(noise))
    assert failed.value.code == "E540"
    assert "tolerance" in failed.value.help


def test_a_picture_of_nothing_is_refused() -> None:
    with pytest.raises(StageFailure, match="whole picture is ground of the colour #f0f0f0") as failed:
        cut(PillowImage.new("RGB", (32, 32), (240, 240, 240)))
    assert failed.value.code == "E541"


def test_transparency_that_is_there_already_stays() -> None:
    picture = PillowImage.new("RGBA", (8, 8), (1, 2, 3, 128))
    before = Image.of(picture)
    assert remove_background(before, RemoveBackground(), Context()) is before
    assert cut(picture.convert("LA"))[0, 0, 3] == 128


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "I;16"])
def test_other_modes(mode: str) -> None:
    picture = PillowImage.new("L", (32, 32), 255)
    ImageDraw.Draw(picture).rectangle((8, 8, 23, 23), fill=0)
    if mode == "I;16":
        wide = np.asarray(picture).astype("<u2") * 257
        picture = PillowImage.frombytes("I;16", picture.size, wide.tobytes())
    else:
        picture = picture.convert(mode)
    pixels = cut(picture)
    assert pixels[16, 16].tolist() == [0, 0, 0, 255]
    assert pixels[0, 0, 3] == 0


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (2, 2), (3, 70)])
def test_tiny_pictures_end_in_a_picture_or_a_refusal(size: tuple[int, int]) -> None:
    picture = PillowImage.new("RGB", size, WHITE)
    picture.putpixel((size[0] // 2, size[1] // 2), (0, 0, 0))
    with contextlib.suppress(StageFailure):
        assert cut(picture).shape == (size[1], size[0], 4)


def flooded(mask: np.ndarray, *, corners: bool) -> list[set[tuple[int, int]]]:
    """Regions by walking from pixel to pixel, as a reference."""
    steps = [(-1, 0), (1, 0), (0, -1), (0, 1)] + [(-1, -1), (-1, 1), (1, -1), (1, 1)] * corners
    left = {(int(row), int(column)) for row, column in np.argwhere(mask)}
    regions = []
    while left:
        queue = deque([left.pop()])
        region = set(queue)
        while queue:
            row, column = queue.popleft()
            near = {(row + down, column + right) for down, right in steps} & left
            left -= near
            region |= near
            queue.extend(near)
        regions.append(region)
    return regions


masks = arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 9)))


@settings(deadline=None)
@given(masks, st.integers(1, 6))
def test_regions_are_those_that_a_walk_finds(mask: np.ndarray, pixels: int) -> None:
    height, width = mask.shape
    reaching = [
        region
        for region in flooded(mask, corners=False)
        if any(row in {0, height - 1} or column in {0, width - 1} for row, column in region)
    ]
    small = [region for region in flooded(mask, corners=True) if len(region) < pixels]
    assert {*map(tuple, np.argwhere(touching_border(mask)).tolist())} == set().union(*reaching)
    assert {*map(tuple, np.argwhere(smaller_than(mask, pixels)).tolist())} == set().union(*small)


@settings(deadline=None)
@given(masks, st.integers(0, 4))
def test_growing_reaches_a_square_round_each_pixel(mask: np.ndarray, reach: int) -> None:
    padded = np.pad(mask, reach)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (2 * reach + 1, 2 * reach + 1))
    np.testing.assert_array_equal(grown(mask, reach), windows.any(axis=(2, 3)))


def faded(high: int, low: int, *, across: bool = True, noise: float = 0) -> PillowImage.Image:
    ramp = np.linspace(high, low, 96)[None, :, None].repeat(96, 0).repeat(3, 2)
    ramp = ramp if across else ramp.swapaxes(0, 1)
    ramp = ramp + np.random.default_rng(2).normal(0, noise, ramp.shape)
    picture = PillowImage.fromarray(ramp.clip(0, 255).astype(np.uint8))
    ImageDraw.Draw(picture).ellipse((20, 20, 76, 76), fill=(200, 30, 30))
    return picture


@pytest.mark.parametrize("across", [True, False])
@pytest.mark.parametrize("noise", [0, 3])
def test_a_ground_that_fades_is_refused_and_the_tolerance_named_cuts_it(across: bool, noise: float) -> None:
    picture = faded(255, 200, across=across, noise=noise)
    with pytest.raises(StageFailure, match="the ground fades") as failed:
        cut(picture)
    assert failed.value.code == "E540"
    named = int(failed.value.help.split("`tolerance` to ")[1].split(" ")[0])
    alpha = cut(picture, tolerance=named)[:, :, 3]
    assert (alpha[[0, -1]] > 8).mean() < 0.02
    assert alpha[48, 48] == 255


def test_a_ground_that_fades_within_the_tolerance_is_cut() -> None:
    alpha = cut(faded(255, 225))[:, :, 3]
    assert (alpha[[0, -1]] > 8).mean() < 0.02


def test_a_soft_shadow_within_the_picture_is_no_fading_ground() -> None:
    picture = faded(255, 255)
    shadow = PillowImage.new("L", picture.size, 0)
    ImageDraw.Draw(shadow).ellipse((24, 66, 72, 84), fill=120)
    black = PillowImage.new("RGB", picture.size)
    picture.paste(black, mask=shadow.filter(ImageFilter.GaussianBlur(3)))
    assert cut(picture)[0, 0, 3] == 0


@pytest.mark.parametrize("cell", [(8, 8), (1, 1), (4, 6)])
def test_pixel_art_is_cut_on_its_grid(cell: tuple[int, int]) -> None:
    colours = [(70, 20, 25), (240, 30, 40), (245, 185, 70), (130, 70, 70), (238, 230, 212), (212, 200, 172)]
    cells = np.full((12, 12, 3), 255, np.uint8)
    for at in range(2, 10):
        cells[at, at - 1 : at + 2] = [colours[(at + step) % 6] for step in range(3)]
    pixels = cut(PillowImage.fromarray(cells.repeat(cell[0], 0).repeat(cell[1], 1)), softness=8)
    subject = (cells != 255).any(axis=2)
    whole = pixels.reshape(12, cell[0], 12, cell[1], 4)
    assert (whole == whole[:, :1, :, :1]).all()
    np.testing.assert_array_equal(whole[:, 0, :, 0, 3], subject * 255)
    np.testing.assert_array_equal(whole[:, 0, :, 0, :3][subject], cells[subject])


def test_specks_of_pixel_art_are_counted_in_pixels() -> None:
    cells = np.full((12, 12, 3), 255, np.uint8)
    cells[4:8, 4:8], cells[1, 1] = 0, 0
    picture = PillowImage.fromarray(cells.repeat(4, 0).repeat(4, 1))
    assert cut(picture, specks=16)[5, 5, 3] == 255
    assert cut(picture, specks=17)[5, 5, 3] == 0


def test_one_pixel_of_alpha_is_no_picture_that_is_cut_already() -> None:
    picture, _ = disc(WHITE, (200, 30, 40))
    picture = picture.convert("RGBA")
    picture.putpixel((0, 0), (255, 255, 255, 254))
    picture.putpixel((32, 14), (200, 30, 40, 250))
    alpha = cut(picture)[:, :, 3]
    assert alpha[0, 0] == alpha[-1, -1] == 0
    assert alpha[32, 14] in {250, 255}
