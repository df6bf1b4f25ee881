from __future__ import annotations

import hashlib
import json
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as PillowImage

from orchestrator.builtin.contact_sheet import ContactSheet, contact_sheet
from orchestrator.builtin.pictures.lettering import (
    ELLIPSIS,
    can_shape,
    drawable,
    fitted,
    font,
    lacking,
    length,
    pieces,
    wrapped,
)
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


FONTS = files("orchestrator.builtin").joinpath("fonts")
WORDS = {
    "Cyrillic": ("меч", "щит"),
    "Greek": ("ξίφος", "ἀσπίς"),
    "Vietnamese": ("kiếm", "khiên"),
    "Korean": ("검", "방패"),
    "Japanese": ("剣", "盾のカード"),
    "traditional Chinese": ("寶劍", "盾牌龍"),
    "Arabic": ("سيف", "درع"),
    "Hebrew": ("חרב", "מגן"),
    "Thai": ("ดาบ", "โล่"),
    "Devanagari": ("तलवार", "ढाल"),
    "Armenian": ("սուր", "վահան"),
    "Georgian": ("ხმალი", "ფარი"),
    "Tamil": ("வாள்", "கேடயம்"),
}


@pytest.mark.parametrize("script", WORDS)
def test_labels_show_every_script(script: str) -> None:
    """Two words differ, and neither is a row of boxes: every piece lies in a font that has its letters."""
    one, other = WORDS[script]
    assert drawable(one) == one
    assert not lacking(one + other)
    assert sheet_of(member(one), cell=128) != sheet_of(member(other), cell=128)
    for part, name in pieces(one + " " + other):
        box = font(24, name).getmask("\uffff").getbbox()
        assert all(font(24, name).getmask(letter).getbbox() != box for letter in part if letter.isalpha())


def test_what_no_font_has_is_shown_by_its_code_point_and_told() -> None:
    ctx = Context()
    contact_sheet(Gathered([member("amulet 🧿")]), ContactSheet(), ctx)
    assert drawable("amulet 🧿") == "amulet <U+1F9FF>"
    assert "U+1F9FF" in str(ctx.notes)
    assert drawable("❤\ufe0f potion") == "❤ potion"


@pytest.mark.skipif(not can_shape(), reason="this machine's Pillow has no raqm with FriBiDi")
def test_letters_are_joined_and_run_from_right_to_left() -> None:
    joined, apart = (
        font(40, "NotoSansArabic-subset.ttf").getlength(text) for text in ("سيف", "س\u200cي\u200cف")
    )
    assert joined < apart


def test_marks_stay_with_their_letters_where_a_line_breaks() -> None:
    rows = wrapped("กิ่งไม้" * 8, 60, 3, lambda text: length(text, 12))
    assert all(row[0] not in "ิ่้" for row in rows)


@given(st.text(max_size=30))
@settings(max_examples=60, deadline=None)
def test_every_text_can_be_drawn(text: str) -> None:
    shown = drawable(text)
    assert "".join(part for part, _ in pieces(shown)) == shown
    assert length(shown, 14) >= 0
    assert sheet_of(member(text or "x"), cell=32)


def test_the_fonts_are_those_of_the_key_and_no_others() -> None:
    data = FONTS.joinpath("fonts.json").read_bytes()
    assert ContactSheet().fonts == f"noto-{hashlib.sha256(data).hexdigest()[:16]}"
    table = json.loads(data)
    there = {file.name for file in FONTS.iterdir() if file.name.endswith((".otf", ".ttf"))}
    assert there == set(table)
    total = 0
    for name, held in table.items():
        file = FONTS.joinpath(name).read_bytes()
        total += len(file)
        assert hashlib.sha256(file).hexdigest() == held["sha256"]
    assert total < 6_000_000
