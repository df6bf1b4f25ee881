from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as PillowImage

from orchestrator.builtin.contact_sheet import ContactSheet, contact_sheet
from orchestrator.builtin.pictures.lettering import ELLIPSIS, fitted, font, wrapped
from orchestrator.stage import Context, Gathered, Image, Member, Sheet, StageFailure

RED = (220, 30, 40)


def picture(colour: tuple[int, ...] = RED, size: tuple[int, int] = (64, 64), mode: str = "RGB") -> Image:
    return Image.of(PillowImage.new(mode, size, colour))


def member(name: str, image: Image | None = None, why: str = "") -> Member[Image]:
    return Member({"idea": name, "style": "flat"}, image if image or why else picture(), why)


def sheet_of(*members: Member[Image], **params: object) -> Sheet:
    return contact_sheet(Gathered(members), ContactSheet.checked(params), Context())


def test_tiles_stand_in_order_in_columns() -> None:
    colours = [(250, 0, 0), (0, 250, 0), (0, 0, 250)]
    members = [member(f"m{at}", picture(colour)) for at, colour in enumerate(colours)]
    sheet = sheet_of(*members, columns=2, cell=64, padding=10, labels=False)
    assert sheet.size == (2 * 74 + 10, 2 * 74 + 10)
    assert [sheet.pil.getpixel(at) for at in ((42, 42), (116, 42), (42, 116))] == colours
    assert sheet.pil.getpixel((116, 116)) == (0xF3, 0xF2, 0xEE)


def test_the_same_members_give_the_same_sheet() -> None:
    members = [member("fire-sword"), member("一只可爱的猫咪"), member("蓝色宝石")]
    assert sheet_of(*members) == sheet_of(*members)
    assert sheet_of(*members) != sheet_of(member("ice-sword"), *members[1:])


def test_a_failed_member_shows_as_an_empty_tile_with_its_reason() -> None:
    failed = member("axe", None, "the painter gave a picture that is black all over")
    sheet = sheet_of(member("sword"), failed, columns=2, cell=128, padding=16)
    empty = sheet.pil.crop((160, 16, 288, 144))
    drawn = sheet.pil.crop((16, 16, 144, 144))
    assert RED in {colour for _, colour in drawn.getcolors(10**6) or []}
    assert RED not in {colour for _, colour in empty.getcolors(10**6) or []}
    assert len(empty.getcolors(10**6) or []) > 10
    assert (
        empty.tobytes()
        != sheet_of(member("sword"), member("axe", None, "x"), columns=2, cell=128, padding=16)
        .pil.crop((160, 16, 288, 144))
        .tobytes()
    )


def test_only_failed_members_still_make_a_sheet_and_none_is_a_failure() -> None:
    assert sheet_of(member("axe", None, "no")).size[0] >= 128
    with pytest.raises(StageFailure, match="no picture to show"):
        sheet_of()


def test_labels_name_what_differs_in_letters_of_every_idea() -> None:
    for text in ("fire-sword", "一只可爱的猫咪", "蓝色宝石", "épée", "ドラゴン", "玄铁剑鞘", "麒麟"):
        drawn = {tuple(font(18).getmask(letter).getbbox() or ()) for letter in text}
        assert drawn
        missing = bytes(font(18).getmask("\U0010fffe"))
        assert all(bytes(font(18).getmask(letter)) != missing for letter in text)
    same = [member("a"), member("b")]
    other = [Member({"idea": name, "style": "ink"}, picture()) for name in ("a", "b")]
    assert sheet_of(*same) == sheet_of(*other)


def test_transparent_grey_and_sixteen_bit_pictures_and_other_shapes() -> None:
    images = [
        picture((0, 0, 0, 0), mode="RGBA"),
        picture((128,), mode="L"),
        Image.of(PillowImage.new("I;16", (64, 64), 32896)),
        picture(size=(200, 50)),
    ]
    sheet = sheet_of(
        *(member(f"m{at}", image) for at, image in enumerate(images)),
        columns=4,
        cell=64,
        padding=0,
        labels=False,
    )
    assert sheet.pil.getpixel((32 + 64, 32)) == (128, 128, 128)
    assert sheet.pil.getpixel((32 + 128, 32)) == (128, 128, 128)
    assert sheet.pil.getpixel((32 + 192, 32)) == RED
    assert sheet.pil.getpixel((32 + 192, 8)) == sheet.pil.getpixel((32, 32))


def test_pixel_art_keeps_its_hard_edges_when_it_grows() -> None:
    board = PillowImage.new("RGB", (32, 32), (255, 255, 255))
    board.paste((0, 0, 0), (0, 0, 16, 32))
    sheet = sheet_of(member("a", Image.of(board)), cell=128, padding=0, labels=False)
    row = [sheet.pil.getpixel((x, 64)) for x in range(20, 108)]
    assert set(row) == {(0, 0, 0), (255, 255, 255)}


def test_a_thousand_pictures_make_a_sheet_that_viewers_open() -> None:
    shared = picture(size=(256, 256))
    sheet = sheet_of(*(member(f"item-{at}", shared) for at in range(1000)))
    assert sheet.size[0] * sheet.size[1] < 60_000_000


@given(st.text(max_size=80), st.integers(1, 40), st.integers(1, 4))
@settings(deadline=None)
def test_text_is_cut_to_its_room(text: str, width: int, lines: int) -> None:
    rows = wrapped(text, width, lines, len)
    assert len(rows) <= lines
    assert all(len(row) <= max(width, len(ELLIPSIS)) for row in rows)
    assert (
        "".join("".join(rows).removesuffix(ELLIPSIS).split()) in "".join(text.split()) or ELLIPSIS in rows[-1]
    )


def test_long_names_break_at_hyphens() -> None:
    assert wrapped("ancient-spell-book", 10, 2, len) == ["ancient-", "spell-book"]
    assert wrapped("ancient spell book", 10, 2, len) == ["ancient", "spell book"]
    assert fitted("abcdefgh", 6, len) == "abc..."
