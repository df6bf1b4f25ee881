from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image as PillowImage

from orchestrator.builtin.normal_map import NormalMapping, normal_map
from orchestrator.stage import Context, Image, NormalMap


def normals(picture: PillowImage.Image, **params: object) -> np.ndarray:
    made = normal_map(Image.of(picture), NormalMapping.checked(params), Context())
    assert type(made) is NormalMap
    assert made.size == picture.size
    return np.asarray(made.pil).astype(int)


def slope_to_the_right() -> PillowImage.Image:
    row = np.arange(0, 160, 5, dtype=np.uint8)
    return PillowImage.fromarray(np.tile(row, (32, 1)))


def decoded(pixels: np.ndarray) -> np.ndarray:
    return pixels[:, :, :3] / 127.5 - 1


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_flat_picture_points_at_the_viewer(mode: str) -> None:
    pixels = normals(PillowImage.new("RGB", (9, 7), (90, 200, 30)).convert(mode))
    assert np.unique(pixels.reshape(-1, 3), axis=0).tolist() == [[128, 128, 255]]


@settings(deadline=None, max_examples=60)
@given(
    arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12), st.just(3))),
    st.floats(0, 256),
    st.booleans(),
)
def test_every_normal_has_unit_length_and_faces_the_viewer(
    pixels: np.ndarray, strength: float, wrap: bool
) -> None:
    vectors = decoded(normals(PillowImage.fromarray(pixels), strength=strength, wrap=wrap))
    assert np.abs(np.linalg.norm(vectors, axis=2) - 1).max() < 0.01
    assert vectors[:, :, 2].min() >= -0.005


def test_a_rise_to_the_right_leans_left_by_its_angle() -> None:
    vectors = decoded(normals(slope_to_the_right(), wrap=False, strength=51.0))
    x, y, z = vectors[16, 16]
    assert -x / z == pytest.approx(1.0, abs=0.02)  # 5/255 a pixel, 51 px high: 45 degrees
    assert y == pytest.approx(0, abs=0.005)


def test_green_is_up_for_opengl_and_down_for_directx() -> None:
    rise_downwards = slope_to_the_right().transpose(PillowImage.Transpose.TRANSPOSE)
    opengl = decoded(normals(rise_downwards, wrap=False, strength=51.0))[16, 16]
    directx = decoded(normals(rise_downwards, wrap=False, strength=51.0, convention="directx"))[16, 16]
    # The surface rises towards the lower border, so its normal leans to the upper one.
    assert opengl[1] == pytest.approx(0.707, abs=0.01)
    assert directx[1] == pytest.approx(-0.707, abs=0.01)


def test_invert_leans_the_other_way() -> None:
    here = decoded(normals(slope_to_the_right(), wrap=False))[16, 16]
    there = decoded(normals(slope_to_the_right(), wrap=False, invert=True))[16, 16]
    assert there[0] == pytest.approx(-here[0], abs=0.01)


@settings(deadline=None, max_examples=30)
@given(arrays(np.uint8, (8, 6)), st.integers(0, 7), st.integers(0, 5))
def test_a_tile_stays_a_tile(heights: np.ndarray, down: int, right: int) -> None:
    """Moving a tile round its borders moves its normals and changes none."""
    moved = np.roll(heights, (down, right), (0, 1))
    expected = np.roll(normals(PillowImage.fromarray(heights)), (down, right), (0, 1))
    np.testing.assert_array_equal(normals(PillowImage.fromarray(moved)), expected)


def test_without_wrap_the_far_border_does_not_count() -> None:
    assert normals(slope_to_the_right(), strength=51.0)[16, 0, 0] > 200
    assert normals(slope_to_the_right(), strength=51.0, wrap=False)[16, 0, 0] < 100


def test_sixteen_bits_give_slopes_that_eight_cannot() -> None:
    heights = np.tile(np.arange(0, 32 * 50, 50, dtype="<u2"), (32, 1))
    fine = PillowImage.frombytes("I;16", (32, 32), heights.tobytes())
    x = normals(fine, wrap=False, strength=256.0)[16, 4:-4, 0]
    assert len(np.unique(x)) == 1
    assert x[0] < 128


def test_alpha_is_kept() -> None:
    picture = PillowImage.new("RGBA", (8, 8), (90, 90, 90, 77))
    pixels = normals(picture)
    assert np.unique(pixels.reshape(-1, 4), axis=0).tolist() == [[128, 128, 255, 77]]
