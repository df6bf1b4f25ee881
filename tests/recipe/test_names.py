from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from orchestrator.recipe import is_id, is_name, slug
from orchestrator.recipe.names import is_recipe_name, name_like

DEVICES = {"con", "prn", "aux", "nul", "com1", "lpt9", "com¹"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fire sword", "fire-sword"),
        ("  Fire, sword!  ", "fire-sword"),
        ("一只可爱的猫咪", "一只可爱的猫咪"),
        ("ice_sword", "ice-sword"),
        ("CON", "item-con"),
        ("../../etc/passwd", "etc-passwd"),
        ("🗡", ""),
        ("café", "café"),
        ("café".replace("é", "e\u0301"), "café"),
        ("剑" * 40, "剑" * 26),
    ],
)
def test_slugs(text: str, expected: str) -> None:
    assert slug(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\u2764\ufe0f potion", "potion"),
        ("fire \u2764\ufe0f sword", "fire-sword"),
        ("sword \u2694\ufe0e", "sword"),
        ("1\ufe0f\u20e3 coin", "1\u20e3-coin"),
        ("#\ufe0f\u20e3 sign", "sign"),
        ("\U0001f468\u200d\U0001f680 astronaut", "astronaut"),
        ("\u2764\ufe0f\u200d\U0001f525", ""),
        ("葛\U000e0100", "葛\U000e0100"),
        ("می\u200cخواهم", "می-خواهم"),
    ],
)
def test_emoji_id(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_an_id_that_held_a_selector_once_may_still_be_written() -> None:
    assert is_id("\ufe0f-potion")
    assert not is_id("\u2764\ufe0f-potion")


@given(st.text())
@example("\ufe0f\ufe00")
@example("İstanbul")
@example("x" * 79 + " y")
@example("con ")
@example("ΑΣ")
def test_a_slug_is_a_legal_id_and_its_own_slug(text: str) -> None:
    word = slug(text)
    assert slug(word) == word
    assert word == unicodedata.normalize("NFC", word)
    assert len(word.encode()) <= 80
    assert not set(word) & set('_/\\:*?"<>|. \0')
    assert word not in DEVICES
    assert word == "" or is_id(word)


@given(st.text())
def test_an_id_is_its_slug_but_for_case(text: str) -> None:
    if is_id(text):
        assert slug(text) == slug(text.upper()) or slug(text) == slug(text.lower())
        assert "_" not in text
        assert len(text.encode()) <= 80 or text != text.lower()


@pytest.mark.parametrize("text", ["Fire-Sword", "1", "猫", "v2"])
def test_ids(text: str) -> None:
    assert is_id(text)


@pytest.mark.parametrize(
    "text", ["", "-a", "a-", "a--b", "a b", "a_b", "a.b", "con", "NUL", "COM1", "x" * 81, "a/b"]
)
def test_no_ids(text: str) -> None:
    assert not is_id(text)


@given(st.text())
def test_what_is_proposed_as_a_name_is_one(text: str) -> None:
    assert name_like(text) == "" or is_name(name_like(text))


@pytest.mark.parametrize(
    ("name", "legal"),
    [
        ("item_icons", True),
        ("item-icons_v2", True),
        ("猫_icons", True),
        ("_icons", False),
        ("icons_", False),
        ("a__b", False),
        ("con", False),
        ("a/b", False),
        ("a b", False),
        ("", False),
    ],
)
def test_the_name_of_a_recipe_is_a_folder_on_every_system(name: str, legal: bool) -> None:
    assert is_recipe_name(name) is legal
