from __future__ import annotations

import json
from pathlib import Path

from orchestrator.stage import Card
from training import cards, judge, pack
from training.vocabulary import NOUNS


def test_cards_are_cards(tmp_path: Path) -> None:
    painter, clip = tmp_path / "painter", tmp_path / "clip"
    painter.mkdir()
    clip.mkdir()
    cards.write_cards(painter, clip, NOUNS)
    card = Card.model_validate_json((painter / "card.json").read_text(encoding="utf-8"))
    assert (card.kind, card.width, card.height) == ("diffusion", 256, 256)
    assert len(card.nouns) >= 700
    assert (card.steps, card.guidance_scale) == (cards.STEPS, cards.GUIDANCE)
    assert len(card.attribution) == 7
    assert Card.model_validate_json((clip / "card.json").read_text(encoding="utf-8")).kind == "clip"
    for folder in (painter, clip):
        text = (folder / "model-card.md").read_text(encoding="utf-8")
        assert "CC BY 3.0" in text
        assert "Apache-2.0" in text
    assert "a set of icons" in (painter / "model-card.md").read_text(encoding="utf-8")


def test_digests_name_every_file_that_a_loader_opens(tmp_path: Path) -> None:
    (tmp_path / "unet").mkdir()
    (tmp_path / "unet" / "weights.safetensors").write_bytes(b"abc")
    (tmp_path / "model-card.md").write_text("for people", encoding="utf-8")
    pack.write_digests(tmp_path)
    written = json.loads((tmp_path / "digests.json").read_text(encoding="utf-8"))
    assert list(written) == ["unet/weights.safetensors"]
    assert written["unet/weights.safetensors"].startswith("ba7816bf")


def test_committed_folders_match_their_digests() -> None:
    for folder in (pack.PAINTER, pack.CLIP):
        assert json.loads((folder / "digests.json").read_text(encoding="utf-8")) == pack.digests(folder)


def test_the_vocabulary_grows_at_its_end_alone() -> None:
    assert NOUNS[: len(pack.shipped_nouns())] == pack.shipped_nouns(), "the frozen judge counts by this order"
    assert len(pack.shipped_nouns()) == judge.KNOWN
