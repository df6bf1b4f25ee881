"""The shipped painter's nouns, through the shipped table of words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from orchestrator.stage.vocabulary import nearest_drawable

ROOT = Path(__file__).resolve().parents[3]
CARD: dict[str, Any] = json.loads(
    (ROOT / "orchestrator/backends/embedded/painter/card.json").read_text(encoding="utf-8")
)
TABLE: dict[str, Any] = json.loads((ROOT / "prompts/lexicons/drawable.json").read_text(encoding="utf-8"))


def drawn(subject: str) -> str | None:
    return nearest_drawable(subject, CARD["nouns"], TABLE).noun


def test_every_noun_is_drawn_as_itself() -> None:
    assert len(CARD["nouns"]) >= 700
    assert {noun: drawn(noun) for noun in CARD["nouns"]} == {noun: noun for noun in CARD["nouns"]}


@pytest.mark.parametrize(
    ("subject", "noun"),
    [
        ("goblin warrior", "goblin"),
        ("old orc warlord", "orc"),
        ("skeleton archer", "skeleton"),
        ("warrior", "knight"),
        ("the goblin king's crown", "crown"),
        ("ramen bowl", "noodles"),
        ("wooden bowl", "bowl"),
        ("polar bear", "polar bear"),
        ("great white shark", "shark"),
    ],
)
def test_a_being_before_a_trade_is_what_is_drawn_and_a_modifier_is_no_subject(
    subject: str, noun: str
) -> None:
    assert drawn(subject) == noun
