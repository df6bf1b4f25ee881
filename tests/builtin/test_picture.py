from __future__ import annotations

import io
import struct
import time
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as PillowImage

from orchestrator.builtin.picture import FORMATS, FromFile, picture
from orchestrator.stage import File, Image, StageFailure
from orchestrator.stage.declaration import spec_of
from orchestrator.testing import context
from tests.builtin.opened import opened_by

NAME = "refs/knight.png"


def taken(data: bytes, largest: float = 1.0) -> Image:
    asked = FromFile(file=File(name=NAME), largest=largest)
    return picture(asked, context(asked, resources={"file": data}))


def saved(image: PillowImage.Image, kind: str = "PNG", **more: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **more)
    return buffer.getvalue()


def refused(data: bytes, largest: float = 1.0) -> StageFailure:
    with pytest.raises(StageFailure) as caught:
        taken(data, largest)
    assert NAME in str(caught.value)
    assert caught.value.help
    return caught.value


def sample(mode: str = "RGB") -> PillowImage.Image:
    colours = np.random.default_rng(3).integers(0, 256, (5, 7, 4), np.uint8)
    return PillowImage.fromarray(colours, "RGBA").convert(mode)


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_pixels_and_alpha_are_those_of_the_file(mode: str) -> None:
    image = taken(saved(sample(mode)))
    assert (image.mode, image.size) == (mode, (7, 5))
    assert image.pil.tobytes() == sample(mode).tobytes()


@pytest.mark.parametrize("mode", ["1", "P", "CMYK"])
def test_other_modes_become_a_stored_one(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert taken(saved(sample().convert(mode), kind)).mode == ("L" if mode == "1" else "RGB")


@pytest.mark.parametrize("kind", FORMATS)
def test_all_formats_of_the_list_are_read(kind: str) -> None:
    assert taken(saved(sample(), kind)).size == (7, 5)


@pytest.mark.parametrize("kind", ["TIFF", "ICO", "PPM", "TGA", "EPS", "PDF", "ICNS"])
def test_formats_beyond_the_list_are_refused(kind: str) -> None:
    assert refused(saved(PillowImage.new("RGB", (32, 32)), kind)).code == "E544"


def test_a_turned_photograph_is_upright() -> None:
    exif = PillowImage.Exif()
    exif[0x0112] = 6  # the camera was turned a quarter
    image = taken(saved(sample(), "JPEG", exif=exif))
    assert image.size == (5, 7)


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_colour_that_means_transparent_is_transparent(mode: str) -> None:
    picture = PillowImage.new(mode, (2, 1), "white")
    picture.putpixel((0, 0), 0 if mode == "L" else (0, 0, 0))
    image = taken(saved(picture, transparency=0 if mode == "L" else (0, 0, 0)))
    assert image.pil.getpixel((0, 0))[-1] == 0
    assert image.pil.getpixel((1, 0)) == (255, 255, 255, 255)


def png(kind: int, depth: int, rows: list[bytes], key: bytes) -> bytes:
    """A PNG two pixels wide, made by hand, for Pillow does not write all that it reads."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 2, len(rows), depth, kind, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows))
    chunks = [(b"IHDR", head), (b"tRNS", key), (b"IDAT", body), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in chunks)


@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
@pytest.mark.parametrize("key", ["white", "black", "between"])
def test_a_grey_that_means_transparent_is_found_in_every_depth(depth: int, key: str) -> None:
    most = 2**depth - 1
    value = {"white": most, "black": 0, "between": most // 2}[key]
    other = most if value == 0 else 0
    bits = f"{value:0{depth}b}{other:0{depth}b}".ljust(8, "0")
    row = int(bits, 2).to_bytes(len(bits) // 8, "big")
    image = taken(png(0, depth, [row], struct.pack(">H", value)))
    first, second = (image.pil.getpixel((at, 0)) for at in (0, 1))
    assert (first[3], second[3]) == (0, 255)
    assert second[0] == round(255 * other / most)


def test_sixteen_bits_of_colour_are_compared_whole() -> None:
    key = struct.pack(">HHH", 0x1234, 0xABCD, 0x00FF)
    near = struct.pack(">HHH", 0x1234, 0xABCD, 0x00FE)
    image = taken(png(2, 16, [key + near], key))
    assert image.pil.getpixel((0, 0))[3] == 0
    assert image.pil.getpixel((1, 0)) == (0x12, 0xAB, 0, 255)


def test_of_an_animation_the_first_frame_is_taken() -> None:
    frames = [PillowImage.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert taken(data).pil.convert("RGB").getpixel((0, 0)) == (255, 0, 0)


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\x00" * 64, b"<svg/>", b"version https://git-lfs\n"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    assert refused(data).code in {"E544", "E546"}


def test_a_file_cut_short_is_damaged() -> None:
    whole = saved(PillowImage.effect_noise((64, 64), 50))
    assert refused(whole[: len(whole) // 2]).code == "E546"


def test_a_broken_checksum_is_damage() -> None:
    whole = bytearray(saved(PillowImage.effect_noise((64, 64), 50)))
    whole[200] ^= 0xFF
    assert refused(bytes(whole)).code == "E546"


def test_more_pixels_than_allowed_are_refused_before_they_are_decoded() -> None:
    failure = refused(_png_that_claims(30_000, 30_000))
    assert failure.code == "E545"
    begun = time.monotonic()
    assert refused(_png_that_claims(4_000, 4_000)).code == "E545"
    assert time.monotonic() - begun < 1
    assert "4000 × 4000" in str(refused(_png_that_claims(4_000, 4_000)))


def test_a_picture_of_just_the_most_pixels_is_taken() -> None:
    assert taken(saved(sample()), largest=35e-6).size == (7, 5)
    assert refused(saved(sample()), largest=34e-6).code == "E545"


def _png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress(b"\x00" * 100_000))
    return b"\x89PNG\r\n\x1a\n" + head + rows + chunk(b"IEND", b"")


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(FORMATS), st.data())
def test_mutilated_files_give_a_picture_or_a_failure(kind: str, data: st.DataObject) -> None:
    whole = bytearray(saved(sample(), kind))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert taken(bytes(whole[: data.draw(st.integers(0, len(whole)))])).mode
    except StageFailure as failure:
        assert failure.code in {"E544", "E545", "E546"}  # noqa: PT017 - either outcome is right


def test_it_opens_no_file() -> None:
    data = saved(sample(), "WEBP")
    _, opened = opened_by(lambda: taken(data))
    assert opened == []


def test_the_declaration() -> None:
    spec = spec_of(picture)
    assert spec is not None
    assert (spec.inputs, spec.output, spec.seeded, spec.variants) == ((), Image, False, False)
