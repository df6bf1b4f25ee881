from __future__ import annotations

from tiny import dice

from training import words
from training.captions import caption, plain, rich
from training.render import Subject, draw_subject
from training.vocabulary import BACKGROUNDS, COLOURS, NATURAL, NOUNS, STYLES, SYNONYMS

SWORD = Subject("sword", "flat", "red", "white")


def test_vocabulary_is_of_the_promised_size() -> None:
    assert len(NOUNS) >= 64
    assert len(COLOURS) == 10
    assert len(BACKGROUNDS) == 5
    assert STYLES == ("flat", "3d", "ink", "pixel")
    assert set(SYNONYMS) <= set(NOUNS)
    assert set(NATURAL) == {n for n, d in NOUNS.items() if d.flat.startswith("gi:")}


def test_no_synonym_is_the_word_of_another_noun() -> None:
    for noun, others in SYNONYMS.items():
        assert not set(others) & (set(NOUNS) - {noun})


def test_rich_caption_begins_with_the_truth_and_names_the_ground() -> None:
    rng = dice(1)
    for _ in range(50):
        text = rich(SWORD, rng)
        assert text.startswith("flat style icon of a red sword, ")
        assert "white background" in text


def test_rich_caption_without_a_colour_names_none_in_its_head() -> None:
    head = rich(SWORD._replace(colour="", noun="axe"), dice(2)).split(",")[0]
    assert head == "flat style icon of an axe"


def test_rich_captions_have_other_nouns_as_distractors() -> None:
    rng = dice(3)
    texts = [rich(SWORD, rng).split(",", 1)[1] for _ in range(200)]
    assert any(noun in text for text in texts for noun in NOUNS if noun != "sword")


def test_at_least_two_fifths_of_the_captions_are_rich() -> None:
    rng = dice(4)
    texts = [caption(draw_subject(rng), rng) for _ in range(500)]
    assert sum(" style icon of " in text for text in texts) >= 200


def test_held_out_words_never_stand_in_training_captions() -> None:
    rng = dice(5)
    texts = " ".join(caption(draw_subject(rng), rng, invent=False) for _ in range(1500))
    assert not set(words.HELD_OUT) & set(texts.replace(",", " ").split())
    assert not any(detail in texts for detail in words.HELD_OUT_DETAILS)


def test_held_out_captions_name_every_attribute() -> None:
    rng = dice(6)
    for _ in range(100):
        text = plain(SWORD, rng, held_out=True)
        assert all(word in text for word in ("sword", "flat", "red", "white"))


def test_captions_are_the_same_for_the_same_seed() -> None:
    assert caption(SWORD, dice(7)) == caption(SWORD, dice(7))
