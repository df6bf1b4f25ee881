from __future__ import annotations

import torch
from tiny import dice

from training import words
from training.captions import Subject, caption, plain, rich, short, subject
from training.easel import some
from training.materials import MATERIALS
from training.vocabulary import BACKGROUNDS, COLOURS, NOUNS, STYLES, SURFACES, SYNONYMS

SWORD = Subject("sword", "flat", "red", "white")
KEY = Subject("key", "3d", "", "dark", "iron")


def subjects(count: int, seed: int) -> list[Subject]:
    return [subject(row) for row in some(count, torch.Generator().manual_seed(seed)).rows().tolist()]


def test_vocabulary_is_of_the_promised_size() -> None:
    assert len(NOUNS) >= 700
    assert len(SURFACES) == 24
    assert len(COLOURS) == 10
    assert len(BACKGROUNDS) == 5
    assert len(MATERIALS) == 12
    assert STYLES == ("flat", "3d", "ink", "pixel")
    assert set(SYNONYMS) <= set(NOUNS)


def test_no_synonym_is_the_word_of_another_noun() -> None:
    for noun, others in SYNONYMS.items():
        assert not set(others) & (set(NOUNS) - {noun})


def test_rich_caption_begins_with_the_truth_and_names_the_ground() -> None:
    rng = dice(1)
    for _ in range(50):
        text = rich(SWORD, rng)
        assert text.startswith("flat style icon of a red sword, ")
        assert "white background" in text
        assert rich(KEY, rng).startswith("3d style icon of an iron key, ")


def test_rich_caption_without_a_colour_names_none_in_its_head() -> None:
    head = rich(SWORD._replace(colour="", noun="axe"), dice(2)).split(",")[0]
    assert head == "flat style icon of an axe"


def test_short_caption_is_the_planners_form() -> None:
    assert short(KEY) == "3d style icon of an iron key, dark background"


def test_rich_captions_have_other_nouns_as_distractors() -> None:
    rng = dice(3)
    texts = [rich(SWORD, rng).split(",", 1)[1] for _ in range(200)]
    assert any(noun in text for text in texts for noun in NOUNS if noun != "sword")


def test_a_plain_caption_names_a_material_only_where_the_picture_has_it() -> None:
    rng = dice(8)
    named = {word for made in MATERIALS.values() for word in made.words if " " not in word}
    for _ in range(200):
        without = plain(SWORD, rng, invent=True).replace(",", " ").split()
        assert not named & set(without)
        assert named & set(plain(KEY, rng).replace(",", " ").split())


def test_at_least_two_fifths_of_the_captions_are_rich() -> None:
    rng = dice(4)
    texts = [caption(s, rng) for s in subjects(500, 4)]
    assert sum(" style icon of " in text for text in texts) >= 200


def test_held_out_words_never_stand_in_training_captions() -> None:
    rng = dice(5)
    texts = " ".join(caption(s, rng, invent=False) for s in subjects(1500, 5))
    assert not set(words.HELD_OUT) & set(texts.replace(",", " ").split())
    assert not any(detail in texts for detail in words.HELD_OUT_DETAILS)


def test_held_out_captions_name_every_attribute() -> None:
    rng = dice(6)
    for _ in range(100):
        text = plain(SWORD, rng, held_out=True)
        assert all(word in text for word in ("sword", "flat", "red", "white"))


def test_captions_are_the_same_for_the_same_seed() -> None:
    assert caption(SWORD, dice(7)) == caption(SWORD, dice(7))


def test_surfaces_are_of_no_material_and_every_noun_comes_in_turn() -> None:
    drawn = some(2 * len(NOUNS), torch.Generator().manual_seed(9))
    whole = torch.tensor([NOUNS[k] in SURFACES for k in drawn.noun])
    assert int(drawn.material[whole].max()) == 0
    assert sorted(drawn.noun[: len(NOUNS)].tolist()) == list(range(len(NOUNS)))
    share = float((drawn.material[~whole] > 0).float().mean())
    assert 0.3 < share < 0.5
