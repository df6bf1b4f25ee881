from __future__ import annotations

from training.vocabulary import NOUNS
from training.whole_path import Miss, ideas


def test_the_ideas_cover_every_noun() -> None:
    asked = ideas()
    assert len(asked) == len({idea for idea, _ in asked}) == 120
    assert {noun for _, noun in asked} == set(NOUNS)


def test_a_miss_says_where_it_went_wrong() -> None:
    assert Miss("toad", "frog", "turtle", "turtle", "ink").line() == "toad (ink): planned as turtle"
    assert Miss("toad", "frog", "frog", "egg", "flat").line() == "toad (flat): read as egg"
