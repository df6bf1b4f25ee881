from __future__ import annotations

import numpy as np
import pytest
from tiny import SHAPES, dice, easel

from training.pixel import grid, is_grid
from training.render import Subject
from training.settings import SIZE
from training.vocabulary import BACKGROUNDS, STYLES


@pytest.mark.parametrize("style", STYLES)
def test_every_style_draws_on_its_ground(style: str) -> None:
    picture = easel().draw(Subject("apple", style, "red", "sky"))
    assert picture.shape == (SIZE, SIZE, 3)
    assert picture.dtype == np.uint8
    assert np.allclose(picture[4, 4] / 255, BACKGROUNDS["sky"], atol=0.01)


def test_named_colour_rules_the_object() -> None:
    red, green, blue = easel().draw(Subject("shield", "flat", "blue", "white"))[100, 100]
    assert blue > red
    assert blue > green


def test_ink_has_a_dark_contour_and_a_wash_of_the_colour() -> None:
    picture = easel().draw(Subject("shield", "ink", "blue", "white")).astype(int)
    assert picture[128, 47:50].max() < 60
    red, green, blue = picture[128, 80]
    assert blue > 150 > max(red, green)


def test_contour_is_chalk_on_a_dark_ground() -> None:
    picture = easel().draw(Subject("shield", "ink", "blue", "dark"))
    assert picture[128, 47].min() > 200


def test_relief_casts_a_shadow_on_the_ground_and_a_flat_drawing_none() -> None:
    solid, flat = (easel().draw(Subject("shield", s, "red", "white"))[214, 190] for s in ("3d", "flat"))
    assert flat.min() == 255
    assert 100 < solid.max() < 220


def test_pixel_picture_has_blocks() -> None:
    picture = easel().draw(Subject("shield", "pixel", "gold", "dark"), dice(1))
    blocks = picture[::8, ::8].repeat(8, 0).repeat(8, 1)
    assert (blocks == picture).all()


def test_post_step_makes_a_grid() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (SIZE, SIZE, 3), dtype=np.uint8)
    assert not is_grid(noise)
    assert is_grid(grid(noise))


def test_same_seed_same_picture_other_seed_another() -> None:
    subject = Subject(SHAPES[0], "3d", "", "grass")
    one, two, other = (easel().draw(subject, dice(seed)) for seed in (1, 1, 2))
    assert (one == two).all()
    assert (one != other).any()
