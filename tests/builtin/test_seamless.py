from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as PillowImage
from PIL import ImageFilter

from orchestrator.builtin.seamless import Seamless, seamless
from orchestrator.stage import Context, Image


def grain(width: int, height: int, blur: float = 1.0, seed: int = 3) -> PillowImage.Image:
    """Coloured noise, brighter towards one corner: nothing of it fits at the borders."""
    noise = np.random.default_rng(seed).normal(110, 60, (height, width, 3))
    slope = np.linspace(-40, 40, width)[None, :, None] + np.linspace(-30, 30, height)[:, None, None]
    picture = PillowImage.fromarray((noise + slope).clip(0, 255).astype(np.uint8))
    return picture.filter(ImageFilter.GaussianBlur(blur))


def tile(picture: PillowImage.Image, **params: object) -> np.ndarray:
    made = seamless(Image.of(picture), Seamless.checked(params), Context())
    assert made.mode == picture.mode
    assert made.size == picture.size
    return np.asarray(made.pil).astype(float)


def jumps(pixels: np.ndarray, axis: int) -> tuple[float, float]:
    """Mean difference of neighbours across the border, and elsewhere."""
    lines = np.moveaxis(pixels, axis, 0)
    return float(np.abs(lines[0] - lines[-1]).mean()), float(np.abs(np.diff(lines, axis=0)).mean())


@pytest.mark.parametrize("margin", [0.02, 0.1, 0.25, 0.5])
@pytest.mark.parametrize("size", [(128, 96), (97, 131)])
def test_opposite_borders_go_on(size: tuple[int, int], margin: float) -> None:
    pixels = tile(grain(*size), margin=margin)
    for axis in (0, 1):
        across, elsewhere = jumps(pixels, axis)
        assert across < 1.35 * elsewhere


def test_no_new_seam_comes_into_the_middle() -> None:
    before = np.asarray(grain(128, 128)).astype(float)
    pixels = tile(grain(128, 128))
    for axis in (0, 1):
        lines = np.moveaxis(pixels, axis, 0)
        middle = np.abs(lines[64] - lines[63]).mean()
        assert middle < 1.5 * jumps(before, axis)[1]


def test_the_contrast_of_the_grain_survives_the_blend() -> None:
    before = np.asarray(grain(256, 256)).astype(float)
    after = tile(grain(256, 256), margin=0.5)
    assert after.mean() == pytest.approx(before.mean(), abs=2)
    for axis in (0, 1):
        kept = np.diff(after, axis=axis).var() / np.diff(before, axis=axis).var()
        assert 0.9 < kept < 1.1


def test_the_middle_stays_as_it_was() -> None:
    picture = grain(120, 120)
    before = np.asarray(picture).astype(float)
    after = tile(picture, margin=0.2)
    np.testing.assert_allclose(after[26:-26, 26:-26], before[26:-26, 26:-26], atol=1)


@pytest.mark.parametrize("mode", ["L", "RGB", "LA", "RGBA"])
def test_one_colour_stays_that_colour(mode: str) -> None:
    picture = PillowImage.new("RGBA", (40, 24), (200, 90, 10, 180)).convert(mode)
    np.testing.assert_array_equal(tile(picture), np.asarray(picture))


def test_sixteen_bits_stay_sixteen() -> None:
    heights = np.random.default_rng(1).integers(0, 65536, (64, 64)).astype("<u2")
    pixels = tile(PillowImage.frombytes("I;16", (64, 64), heights.tobytes()))
    assert pixels.max() > 60_000
    across, elsewhere = jumps(pixels, 1)
    assert across < 1.35 * elsewhere


def test_hidden_colours_do_not_bleed_into_what_is_seen() -> None:
    pixels = np.zeros((64, 64, 4), dtype=np.uint8)
    pixels[:, :, 1] = 255
    pixels[16:48, 16:48] = (200, 0, 0, 255)
    after = tile(PillowImage.fromarray(pixels))
    assert after[after[:, :, 3] > 16][:, 1].max() <= 4


def test_the_note_says_how_large_the_seams_were() -> None:
    context = Context()
    seamless(Image.of(grain(128, 128)), Seamless(), context)
    note = context.notes[0]["seam"]
    assert isinstance(note, dict)
    assert note["before"]["left-right"] > 1.5 > note["after"]["left-right"]


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 40), st.integers(1, 40), st.floats(0.02, 0.5))
def test_every_size_gives_a_tile_of_that_size(width: int, height: int, margin: float) -> None:
    tile(grain(width, height, blur=0), margin=margin)
