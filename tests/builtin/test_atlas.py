from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as PillowImage

from orchestrator.builtin.atlas import AtlasGrid, atlas
from orchestrator.stage import Atlas, Context, Frame, Gathered, Image, Member, StageFailure

Size = tuple[int, int]


def gathered(sizes: list[Size]) -> Gathered[Image]:
    """Noise of these sizes, each picture another."""
    random = np.random.default_rng(11)
    return Gathered(
        Member(
            {"idea": f"thing-{at}", "variant": "1"},
            Image.of(PillowImage.fromarray(random.integers(1, 256, (height, width, 4), dtype=np.uint8))),
        )
        for at, (width, height) in enumerate(sizes)
    )


def made(images: Gathered[Image], **params: object) -> Atlas:
    return atlas(images, AtlasGrid.checked(params), Context())


def part(whole: Atlas, frame: Frame, around: int = 0) -> np.ndarray:
    left, top = frame.x - around, frame.y - around
    pixels = np.asarray(whole.pil)
    return pixels[top : frame.y + frame.height + around, left : frame.x + frame.width + around]


grids = st.fixed_dictionaries(
    {"padding": st.integers(0, 5), "extrude": st.integers(0, 3), "power_of_two": st.booleans()},
    optional={"columns": st.integers(1, 9)},
)


@settings(deadline=None, max_examples=60)
@given(st.tuples(st.integers(1, 9), st.integers(1, 9)), st.integers(1, 10), grids)
def test_each_picture_lies_where_its_frame_says(size: Size, count: int, params: dict[str, object]) -> None:
    images = gathered([size] * count)
    whole = made(images, **params)
    assert [frame.name for frame in whole.frames] == [f"thing-{at}_1" for at in range(count)]
    for member, frame in zip(images, whole.frames, strict=True):
        assert frame.coordinates == member.coordinates
        assert member.artifact is not None
        np.testing.assert_array_equal(part(whole, frame), np.asarray(member.artifact.pil))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=8), grids)
def test_nothing_overlaps_and_nothing_is_lost(sizes: list[Size], params: dict[str, object]) -> None:
    whole = made(gathered(sizes), **params)
    counts = np.zeros((whole.size[1], whole.size[0]), dtype=int)
    for frame in whole.frames:
        counts[frame.y : frame.y + frame.height, frame.x : frame.x + frame.width] += 1
        assert frame.x + frame.width <= whole.size[0]
        assert frame.y + frame.height <= whole.size[1]
    assert counts.max() == 1
    if not params["extrude"]:
        seen = np.asarray(whole.pil)[:, :, 3] > 0
        assert seen.sum() == sum(width * height for width, height in sizes)
        assert not (seen & (counts == 0)).any()
    if params["power_of_two"]:
        assert all(side & (side - 1) == 0 for side in whole.size)


def test_the_grid_is_the_one_that_the_params_describe() -> None:
    whole = made(gathered([(10, 8)] * 5), columns=3, padding=2, extrude=1)
    assert [(frame.x, frame.y) for frame in whole.frames] == [(3, 3), (17, 3), (31, 3), (3, 15), (17, 15)]
    assert whole.size == (3 * 14 + 2, 2 * 12 + 2)
    assert made(gathered([(10, 8)] * 5), padding=0).size == (30, 16)


def test_extruded_cells_repeat_their_outermost_pixels() -> None:
    whole = made(gathered([(6, 5)] * 2), padding=1, extrude=2)
    for frame in whole.frames:
        expected = np.pad(part(whole, frame), ((2, 2), (2, 2), (0, 0)), mode="edge")
        np.testing.assert_array_equal(part(whole, frame, around=2), expected)


def test_smaller_pictures_are_centred_or_refused() -> None:
    images = gathered([(8, 8), (4, 2)])
    small = part(made(images), made(images).frames[1])
    assert small.shape == (8, 8, 4)
    assert images[1].artifact is not None
    np.testing.assert_array_equal(small[3:5, 2:6], np.asarray(images[1].artifact.pil))
    assert np.count_nonzero(small[:, :, 3]) == 8
    with pytest.raises(StageFailure, match="of 2 sizes, among them 4 × 2 and 8 × 8 px") as failed:
        made(images, sizes="equal")
    assert failed.value.code == "E543"


def test_an_atlas_too_large_for_the_engine_is_refused() -> None:
    with pytest.raises(StageFailure, match="130 × 66 px, more than `largest` allows") as failed:
        made(gathered([(62, 62)] * 2), columns=2, largest=128)
    assert failed.value.code == "E542"


def test_grey_of_sixteen_bits_is_scaled() -> None:
    grey = PillowImage.frombytes("I;16", (1, 1), (65535 // 2).to_bytes(2, "little"))
    whole = made(Gathered([Member({"idea": "a"}, Image.of(grey))]), padding=0)
    assert whole.pil.getpixel((0, 0)) == (127, 127, 127, 255)


def test_the_table_is_part_of_the_artifact_and_of_its_digest() -> None:
    whole = made(gathered([(4, 4)] * 3))
    again = Atlas.decode(whole.encode())
    assert again == whole
    assert again.frames == whole.frames
    renamed = [frame.model_copy(update={"name": frame.name + "x"}) for frame in whole.frames]
    assert Atlas.of(whole.pil, renamed).digest != whole.digest
    assert Atlas.of(whole.pil, whole.frames) == whole


def test_names_of_any_script_survive_the_file() -> None:
    frame = Frame(name="可爱的猫_1", x=0, y=0, width=1, height=1, coordinates={"idea": "可爱的猫"})
    one = Atlas.of(PillowImage.new("RGBA", (1, 1)), [frame])
    assert Atlas.decode(one.encode()).frames == (frame,)


def test_the_note_shows_the_table() -> None:
    context = Context()
    atlas(gathered([(4, 3)]), AtlasGrid(), context)
    assert json.dumps(context.notes[0]["frames"]) == '{"thing-0_1": [2, 2, 4, 3]}'


def test_the_same_pictures_give_the_same_bytes() -> None:
    assert made(gathered([(5, 5)] * 4)).encode() == made(gathered([(5, 5)] * 4)).encode()
