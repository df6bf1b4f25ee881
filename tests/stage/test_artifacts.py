import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as PillowImage

from orchestrator.stage import Idea, Image, PixelGrid, Prompt, RenderPlan, Sheet

BYTES_A_PIXEL = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4, "I;16": 2}


@st.composite
def pictures(draw):
    mode = draw(st.sampled_from(sorted(BYTES_A_PIXEL)))
    width, height = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    size = width * height * BYTES_A_PIXEL[mode]
    return Image(mode, (width, height), draw(st.binary(min_size=size, max_size=size)))


@given(pictures())
def test_a_picture_survives_its_encoding(picture):
    again = Image.decode(picture.encode())
    assert again == picture
    assert again.digest == picture.digest


@given(pictures(), pictures())
def test_equal_digests_mean_equal_pixels(first, second):
    same = (first.mode, first.size, first.pil.tobytes()) == (second.mode, second.size, second.pil.tobytes())
    assert (first.digest == second.digest) == same


def test_drawing_on_the_copy_changes_nothing():
    picture = Image.of(PillowImage.new("RGB", (2, 2), "red"))
    before = picture.digest
    picture.pil.putpixel((0, 0), (0, 0, 0))
    assert picture.digest == before
    assert picture.pil.getpixel((0, 0)) == (255, 0, 0)


@pytest.mark.parametrize(
    ("mode", "stored"), [("1", "L"), ("P", "RGB"), ("CMYK", "RGB"), ("F", "L"), ("I", "I;16"), ("HSV", "RGB")]
)
def test_every_other_mode_becomes_a_stored_one(mode, stored):
    assert Image.of(PillowImage.new(mode, (3, 2))).mode == stored


def test_transparency_of_a_palette_is_kept():
    picture = PillowImage.new("P", (2, 1))
    picture.info["transparency"] = 0
    assert Image.of(picture).mode == "RGBA"


def test_orientation_is_applied():
    picture = PillowImage.new("RGB", (3, 2))
    picture.getexif()[0x0112] = 6
    assert Image.of(picture).size == (2, 3)


def test_an_unknown_mode_is_refused():
    with pytest.raises(ValueError, match="not 'CMYK'"):
        Image("CMYK", (1, 1), b"0000")


def test_a_sheet_is_no_image():
    picture = PillowImage.new("L", (1, 1))
    assert Image.of(picture) != Sheet.of(picture)


@pytest.mark.parametrize(
    "document",
    [
        Idea(text="一只可爱的猫咪"),
        Prompt(subject="fire sword", details=("embers",), negative=("text",)),
        RenderPlan(
            prompt="p",
            width=64,
            height=64,
            steps=3,
            guidance_scale=2.5,
            post=(PixelGrid(cells=32, colours=24),),
        ),
    ],
)
def test_a_document_survives_its_encoding(document):
    assert type(document).decode(document.encode()) == document
    assert type(document).decode(document.encode()).digest == document.digest
