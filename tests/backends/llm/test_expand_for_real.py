"""`expand` with the embedded language model: fifty ideas, judged by what an artist would accept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from orchestrator.backends.llm.writer import LikelihoodWriter
from orchestrator.stage import Prompt
from tests.builtin.language_desk import expanded

# idea: acceptable categories; the model chooses details alone
IDEAS: dict[str, str] = {
    "fire sword": "weapon",
    "wooden bow": "weapon",
    "halberd": "weapon",
    "obsidian dagger": "weapon",
    "dragon shield": "armour",
    "leather boots": "armour",
    "wizard hat": "armour",
    "health potion": "potion",
    "vial of acid": "potion",
    "golden crown": "treasure",
    "ruby necklace": "treasure",
    "treasure chest": "treasure",
    "iron key": "tool",
    "brass telescope": "tool",
    "oil lantern": "tool",
    "red apple": "food",
    "slice of pie": "food",
    "roast chicken": "food",
    "cute cat": "animal",
    "barn owl": "animal",
    "sea turtle": "animal",
    "red dragon": "monster",
    "goblin warrior": "character monster",
    "old wizard": "character",
    "space pirate": "character",
    "poison mushroom": "plant",
    "red rose": "plant",
    "stone tower": "building",
    "haunted manor": "building",
    "windmill": "building",
    "pirate ship": "vehicle",
    "steam train": "vehicle",
    "ancient spell book": "book",
    "treasure map": "book",
    "volcano": "nature",
    "settings button": "symbol",
    "mana symbol": "symbol",
    "cinnamon roll": "food",
    "shawarma": "food",
    "bento": "food",
    "lasagna": "food",
    "platypus": "animal",
    "axolotl": "animal",
    "armadillo": "animal",
    "wyrm": "monster",
    "hoverboard": "vehicle",
    "monorail": "vehicle",
    "cathedral": "building",
    "skyscraper": "building",
    "screw": "tool",
    "gladius": "weapon",
    "lightsaber": "weapon",
}
NAMED = {
    "wooden bow": "wood",
    "obsidian dagger": "obsidian",
    "leather boots": "leather",
    "golden crown": "gold",
    "iron key": "iron",
    "brass telescope": "brass",
    "stone tower": "stone",
}
"""The material that an idea itself says."""


@pytest.fixture(scope="module")
def results(smollm: LikelihoodWriter) -> dict[str, tuple[Prompt, Mapping[str, Any]]]:
    prompts, notes = expanded(list(IDEAS), smollm)
    pairs = zip(IDEAS, prompts, notes, strict=True)
    return {idea: (prompt, note) for idea, prompt, note in pairs if isinstance(prompt, Prompt)}


def test_a_category_is_right_or_open_and_told(results: dict[str, tuple[Prompt, Mapping[str, Any]]]) -> None:
    open_ones = [idea for idea, (_, note) in results.items() if not note.get("category")]
    given = {idea: note["category"] for idea, (_, note) in results.items() if note.get("category")}
    assert {idea: found for idea, found in given.items() if found not in IDEAS[idea].split(" ")} == {}
    assert len(given) >= 0.75 * len(IDEAS)
    assert [
        idea for idea in open_ones if not any(idea in told for told in results[idea][1]["warnings"])
    ] == []


def test_a_material_that_the_idea_names_is_kept(results: dict[str, tuple[Prompt, Mapping[str, Any]]]) -> None:
    assert {idea: results[idea][0].material for idea in NAMED} == NAMED


def test_prompts_read_like_an_artists(results: dict[str, tuple[Prompt, Mapping[str, Any]]]) -> None:
    for idea, (prompt, _) in results.items():
        assert prompt.subject == idea
        assert prompt.lighting
        assert prompt.view
        assert prompt.background == "white"
        assert len(set(prompt.details)) in {0, 2}, idea
        assert not prompt.style


def test_a_prompt_is_the_same_whatever_shares_its_batch(
    smollm: LikelihoodWriter, results: dict[str, tuple[Prompt, Mapping[str, Any]]]
) -> None:
    smollm.chat.ranker._rows.clear()
    alone, notes = expanded(["lasagna"], smollm)
    assert alone == [results["lasagna"][0]]
    assert notes[0]["scores"]
