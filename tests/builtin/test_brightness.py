from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image as PillowImage
from pydantic import ValidationError

from orchestrator.builtin.brightness import Brightness, brightness
from orchestrator.stage import Context, Image

pictures = arrays(np.uint8, st.tuples(st.integers(1, 6), st.integers(1, 6), st.just(4)))


def changed(picture: PillowImage.Image, **params: object) -> np.ndarray:
    made = brightness(Image.of(picture), Brightness.checked(params), Context())
    assert made.mode == picture.mode
    return np.asarray(made.pil).astype(int)


@settings(deadline=None)
@given(pictures, st.floats(0, 8), st.floats(0, 8))
def test_alpha_is_kept(pixels: np.ndarray, factor: float, saturation: float) -> None:
    after = changed(PillowImage.fromarray(pixels), factor=factor, saturation=saturation)
    np.testing.assert_array_equal(after[:, :, 3], pixels[:, :, 3])


@settings(deadline=None)
@given(pictures, st.floats(0, 8))
def test_colours_are_multiplied_and_stop_at_white(pixels: np.ndarray, factor: float) -> None:
    after = changed(PillowImage.fromarray(pixels[:, :, :3].copy()), factor=factor)
    expected = np.clip(pixels[:, :, :3] * factor, 0, 255)
    assert np.abs(after - expected).max() <= 0.51


def test_one_changes_nothing() -> None:
    image = Image.of(PillowImage.new("RGB", (3, 3), (1, 2, 3)))
    assert brightness(image, Brightness(), Context()) is image


def test_states_of_a_button_are_told_apart() -> None:
    button = PillowImage.new("RGBA", (8, 8), (100, 120, 140, 255))
    levels = [changed(button, factor=factor)[0, 0, 0] for factor in (0.8, 1, 1.2)]
    assert levels == [80, 100, 120]


def test_saturation_keeps_brightness_and_zero_is_grey() -> None:
    red = PillowImage.new("RGB", (1, 1), (200, 50, 50))
    assert changed(red, saturation=0)[0, 0].tolist() == [82, 82, 82]
    strong = changed(red, saturation=1.2)[0, 0]
    assert strong[0] > 200
    assert strong[1] < 50
    assert strong @ [0.2126, 0.7152, 0.0722] == pytest.approx(81.9, abs=1)


@pytest.mark.parametrize("mode", ["L", "LA"])
def test_grey_has_no_saturation_to_change(mode: str) -> None:
    picture = PillowImage.new("RGBA", (2, 2), (90, 90, 90, 70)).convert(mode)
    np.testing.assert_array_equal(changed(picture, saturation=3), np.asarray(picture))


def test_sixteen_bits_keep_their_steps() -> None:
    picture = PillowImage.frombytes("I;16", (2, 1), np.array([1001, 60_000], "<u2").tobytes())
    assert changed(picture, factor=2).tolist() == [[2002, 65535]]


def test_the_note_says_how_much_was_cut_off() -> None:
    context = Context()
    picture = PillowImage.fromarray(np.array([[100, 200]], np.uint8))
    brightness(Image.of(picture), Brightness(factor=2), context)
    assert context.notes[0]["clipped"] == "50.0%"


@pytest.mark.parametrize("params", [{"factor": -0.1}, {"factor": 9}, {"saturation": -1}, {"factor": "1.2"}])
def test_limits(params: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Brightness.checked(params)
