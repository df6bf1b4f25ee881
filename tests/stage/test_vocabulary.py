from __future__ import annotations

import json
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.library import Library, shipped_folder
from orchestrator.stage import nearest_drawable
from orchestrator.stage.vocabulary import Drawn, nearest_nouns

NOUNS = (
    "boots",
    "cat",
    "chest",
    "coin",
    "dice",
    "dragon",
    "grapes",
    "hammer",
    "leaf",
    "potion",
    "sword",
    "wolf",
)
TABLE: dict[str, Any] = {
    "chains": ["", "=sword", ">seal", "=knife =sword", ">lion >cat", "~cat", "=chest"],
    "words": {
        "blade": 1,
        "dagger": 3,
        "leopard": 4,
        "sea_lion": 2,
        "lion": 4,
        "mog": 5,
        "justice": 0,
        "treasure_chest": 6,
        "couch_potato": 0,
    },
}


@pytest.fixture(scope="module")
def shipped() -> dict[str, Any]:
    return json.loads((shipped_folder("prompts") / "lexicons" / "drawable.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("subject", "noun", "how"),
    [
        ("sword", "sword", "known"),
        ("Swords", "sword", "known"),
        ("boot", "boots", "known"),
        ("grape", "grapes", "known"),
        ("leaves", "leaf", "known"),
        ("wolves", "wolf", "known"),
        ("the blade of the dragon", "sword", "synonym"),
        ("flaming blades, level 3", "sword", "synonym"),
        ("sword (rusty)", "sword", "known"),
        ("dagger", "sword", "synonym"),
        ("leopard", "cat", "is-a"),
        ("mog", "cat", "near"),
        ("potion of sea lions", "potion", "known"),
        ("sea lion", None, "unknown"),
        ("old pirate's treasure chest", "chest", "synonym"),
        ("pair of boots", "boots", "known"),
        ("a pile of gold coins", "coin", "known"),
        ("dragon with a sword", "dragon", "known"),
        ("cat food", None, "unknown"),
        ("dragon knight", None, "unknown"),
        ("leopard food", None, "unknown"),
        ("frosthammer", "hammer", "part"),
        ("justice", None, "unknown"),
        ("dragon justice", None, "unknown"),
        ("red and gold sword", "sword", "known"),
        ("sword and shield", "sword", "known"),
        ('blade "Wolf"', "sword", "synonym"),
        ("cat sitting on a leaf", "cat", "known"),
        ("chest full of gold", "chest", "known"),
        ("item: sword", "sword", "known"),
        ("+1 sword", "sword", "known"),
        ("", None, "unknown"),
        ("猫", None, "unknown"),
    ],
)
def test_what_is_drawn(subject: str, noun: str | None, how: str) -> None:
    drawn = nearest_drawable(subject, NOUNS, TABLE)
    assert (drawn.noun, drawn.how) == (noun, how)


def test_a_painter_that_knows_more_is_given_the_nearer_noun() -> None:
    assert nearest_drawable("dagger", (*NOUNS, "knife"), TABLE).noun == "knife"
    assert nearest_drawable("leopard", ("cat", "lion"), TABLE).noun == "lion"
    assert nearest_drawable("sea lion", ("seal",), TABLE).noun == "seal"


def test_without_a_table_the_own_words_are_found() -> None:
    assert nearest_drawable("old sword", NOUNS, {}).noun == "sword"
    assert nearest_drawable("blade", NOUNS, {}).noun is None
    assert nearest_drawable("old sword", (), {}).noun is None


@given(st.text(max_size=80), st.lists(st.text(max_size=12), max_size=4))
def test_any_text_has_an_answer_out_of_the_vocabulary(subject: str, nouns: list[str]) -> None:
    assert nearest_drawable(subject, nouns, TABLE).noun in {None, *nouns}


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_is_drawn_as_itself(noun: str, shipped: dict[str, Any]) -> None:
    assert nearest_drawable(f"rusty {noun}", NOUNS, shipped).noun == noun


@pytest.mark.parametrize(
    ("subject", "noun"),
    [
        ("excalibur", "sword"),
        ("elixir of life", "potion"),
        ("kitten", "cat"),
        ("wyvern", "dragon"),
        ("tiger", "cat"),
        ("doubloons", "coin"),
        ("justice", None),
        ("tuesday", None),
        ("gravity", None),
        ("economy", None),
        ("sea lion", None),
        ("couch potato", None),
    ],
)
def test_the_shipped_table(subject: str, noun: str | None, shipped: dict[str, Any]) -> None:
    assert nearest_drawable(subject, NOUNS, shipped).noun == noun


def test_the_shipped_table_is_small_sound_and_quickly_read(shipped: dict[str, Any]) -> None:
    file = shipped_folder("prompts") / "lexicons" / "drawable.json"
    assert file.stat().st_size < 1_000_000
    assert (file.parent / "drawable.LICENSE").read_text("utf-8").startswith("WordNet Release")
    assert all(0 <= at < len(shipped["chains"]) for at in shipped["words"].values())
    assert all(reason[0] in "=>~" for chain in shipped["chains"] for reason in chain.split())
    started = perf_counter()
    loaded = Library([shipped_folder("prompts")]).find("lexicon", "drawable")
    assert perf_counter() - started < 1  # 20 ms on a quiet machine
    assert loaded is not None
    assert loaded.value == shipped


def test_every_synonym_by_hand_is_in_the_table(shipped: dict[str, Any]) -> None:
    lines = (
        Path(__file__).parents[2].joinpath("training/lexicon/synonyms.txt").read_text("utf-8").splitlines()
    )
    words = {
        word for line in lines if ":" in line and line[0] != "#" for word in line.partition(":")[2].split()
    }
    assert len(words) > 300
    assert {word for word in words if "_" not in word} <= set(shipped["words"])


def test_what_is_of_another_kind_is_not_drawn() -> None:
    table = {"chains": [">chest", ">cat"], "words": {"flute": 0, "lynx": 1}}
    things = {"kinds": {"tool": "flute", "treasure": "chest coin", "animal": "cat lynx"}}
    assert nearest_drawable("wooden flute", NOUNS, table).noun == "chest"
    assert nearest_drawable("wooden flute", NOUNS, things, table).noun is None
    assert nearest_drawable("lynx", NOUNS, things, table).noun == "cat"


def test_senses_by_hand_go_before_the_table() -> None:
    table = {"chains": ["=dragon"], "words": {"eagle": 0, "white_cat": 0}}
    things = {"drawn_as": {"eagle": "hawk wolf", "duck": "swan"}}
    assert nearest_drawable("eagle", NOUNS, things, table) == Drawn("wolf", "synonym", "eagle")
    assert nearest_drawable("duck", NOUNS, things, table).noun is None


@pytest.mark.parametrize(
    ("subject", "near"),
    [
        ("swrod", ("sword",)),
        ("cat food", ("cat",)),
        ("lynx", ("cat", "wolf")),
        ("old lynx", ("cat", "wolf")),
        ("", ()),
    ],
)
def test_the_nearest_nouns_are_few(subject: str, near: tuple[str, ...]) -> None:
    things = {"kinds": {"animal": "cat wolf lynx"}}
    assert nearest_nouns(subject, NOUNS, things) == near
