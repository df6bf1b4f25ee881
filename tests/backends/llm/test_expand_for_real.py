"""`expand` with the embedded language model: fifty ideas, judged by what an artist would accept."""

from __future__ import annotations

import pytest

from orchestrator.backends.llm.writer import LikelihoodWriter
from orchestrator.stage import Prompt
from tests.builtin.language_desk import expanded

# idea: acceptable categories, acceptable materials ("" none)
IDEAS: dict[str, tuple[str, str]] = {
    # nouns of the lexicon: right without exception
    "fire sword": ("weapon", "steel"),
    "wooden bow": ("weapon", "wood"),
    "halberd": ("weapon", "steel iron"),
    "obsidian dagger": ("weapon", "obsidian"),
    "dragon shield": ("armour", "steel iron bronze"),
    "leather boots": ("armour", "leather"),
    "wizard hat": ("armour", "cloth"),
    "health potion": ("potion", "glass"),
    "vial of acid": ("potion", "glass"),
    "golden crown": ("treasure", "gold"),
    "ruby necklace": ("treasure", "gold silver crystal"),
    "treasure chest": ("treasure", "wood"),
    "iron key": ("tool", "iron"),
    "brass telescope": ("tool", "brass"),
    "oil lantern": ("tool", "brass iron steel"),
    "red apple": ("food", ""),
    "slice of pie": ("food", ""),
    "roast chicken": ("food", ""),
    "cute cat": ("animal", "fur"),
    "barn owl": ("animal", "feathers"),
    "sea turtle": ("animal", "shell"),
    "red dragon": ("monster", "scales"),
    "goblin warrior": ("character monster", "smooth_skin "),
    "old wizard": ("character", ""),
    "space pirate": ("character", ""),
    "poison mushroom": ("plant", ""),
    "red rose": ("plant", ""),
    "stone tower": ("building", "stone"),
    "haunted manor": ("building", "stone wood brick"),
    "windmill": ("building", "stone wood brick"),
    "pirate ship": ("vehicle", "wood"),
    "steam train": ("vehicle", "steel iron"),
    "ancient spell book": ("book", "leather parchment paper"),
    "treasure map": ("book", "parchment"),
    "volcano": ("nature", ""),
    "settings button": ("symbol", ""),
    "mana symbol": ("symbol", ""),
    # nouns that the lexicon lacks: the model judges
    "cinnamon roll": ("food", ""),
    "shawarma": ("food", ""),
    "bento": ("food", ""),
    "lasagna": ("food", ""),
    "platypus": ("animal", "fur smooth_skin"),
    "axolotl": ("animal", "smooth_skin scales fur"),
    "armadillo": ("animal", "scales shell fur"),
    "wyrm": ("monster", "scales"),
    "hoverboard": ("vehicle", "wood steel iron brass"),
    "monorail": ("vehicle", "steel iron wood"),
    "cathedral": ("building", "stone brick marble"),
    "skyscraper": ("building", "steel stone brick marble wood"),
    "screw": ("tool", "iron steel brass"),
    "gladius": ("weapon", "steel iron bronze"),
    "lightsaber": ("weapon", "steel"),
}
OPEN = 15


@pytest.fixture(scope="module")
def results(smollm: LikelihoodWriter) -> dict[str, tuple[Prompt, str]]:
    prompts, notes = expanded(list(IDEAS), smollm)
    pairs = zip(IDEAS, prompts, notes, strict=True)
    return {idea: (prompt, note["category"]) for idea, prompt, note in pairs if isinstance(prompt, Prompt)}


def wrong(results: dict[str, tuple[Prompt, str]], ideas: list[str]) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for idea in ideas:
        prompt, category = results[idea]
        categories, materials = (allowed.split(" ") for allowed in IDEAS[idea])
        if category not in categories or prompt.material.replace(" ", "_") not in materials:
            found[idea] = (category, prompt.material)
    return found


def test_ideas_whose_noun_is_known_are_plausible(results: dict[str, tuple[Prompt, str]]) -> None:
    assert wrong(results, list(IDEAS)[:-OPEN]) == {}


def test_of_unknown_nouns_the_model_judges_four_of_five_right(results: dict[str, tuple[Prompt, str]]) -> None:
    mistaken = wrong(results, list(IDEAS)[-OPEN:])
    assert len(mistaken) <= OPEN // 5, mistaken


def test_prompts_read_like_an_artists(results: dict[str, tuple[Prompt, str]]) -> None:
    for idea, (prompt, _) in results.items():
        assert prompt.subject == idea
        assert prompt.lighting
        assert prompt.view
        assert prompt.background == "white"
        assert len(set(prompt.details)) == 2, idea
        assert not prompt.style


def test_a_prompt_is_the_same_whatever_shares_its_batch(
    smollm: LikelihoodWriter, results: dict[str, tuple[Prompt, str]]
) -> None:
    smollm.chat.ranker._rows.clear()
    alone, notes = expanded(["lasagna"], smollm)
    assert alone == [results["lasagna"][0]]
    assert notes[0]["scores"]
