"""Kinds and sources: which backend answers, and what is said where none does."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.backends.describe import describe
from orchestrator.errors import Diagnostic, ModelUnavailable, Span
from orchestrator.stage import KINDS
from tests.backends.sources import choice
from tests.machine import settings_at

SPAN = Span("recipe.yaml", 4, 13, 4, 20)


def finding_of(kind: str, source: str, base: Path) -> Diagnostic:
    with pytest.raises(ModelUnavailable) as caught:
        describe(choice("painter", kind, source, SPAN), settings_at(base / "store"), base)
    assert caught.value.finding.span == SPAN
    return caught.value.finding


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"llm", "diffusion", "clip"}))
def test_a_kind_that_nothing_gives(kind: str, tmp_path: Path) -> None:
    found = finding_of(kind, "embedded", tmp_path)
    assert found.code == "E353"
    assert "`embedded` gives llm, diffusion, clip" in found.why


@pytest.mark.parametrize(
    ("word", "fix"), [("embeded", "embedded"), ("sd14", "./sd14"), ("studio", "[endpoints.studio]")]
)
def test_a_bare_word_that_is_no_endpoint(word: str, fix: str, tmp_path: Path) -> None:
    (tmp_path / "sd14").mkdir()
    found = finding_of("diffusion", word, tmp_path)
    assert (found.code, found.fix.splitlines()[0]) == ("E350", fix)
