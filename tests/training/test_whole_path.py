from __future__ import annotations

from training.vocabulary import NOUNS
from training.whole_path import Miss, ideas, planned


def test_the_ideas_ask_for_nouns_of_the_vocabulary() -> None:
    asked = ideas()
    assert len(asked) == len({idea for idea, _ in asked}) == 120
    nouns = {noun for _, named in asked for noun in named.split(" | ")}
    assert nouns <= set(NOUNS)
    assert len(nouns) >= 80


def test_the_planned_noun_may_be_of_two_words() -> None:
    assert planned("flat style icon of a red polar bear, big bear, white background") == "polar bear"
    assert planned("ink style icon of an axe, hatchet") == "axe"
    assert planned("flat style icon of a thingamajig") == "thingamajig"
    assert planned("") == "nothing"


def test_one_of_several_nouns_will_do() -> None:
    assert (
        Miss("battle axe", "axe | battleaxe", "battleaxe", "sword", "ink").line()
        == "battle axe (ink): read as sword"
    )


def test_a_miss_says_where_it_went_wrong() -> None:
    assert Miss("toad", "frog", "turtle", "turtle", "ink").line() == "toad (ink): planned as turtle"
    assert Miss("toad", "frog", "frog", "egg", "flat").line() == "toad (flat): read as egg"
