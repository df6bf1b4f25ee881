"""`orchestrator explain`: the pages, on a terminal."""

from __future__ import annotations

import re

from tests.fences import typed


def test_a_page_by_its_code_in_any_case() -> None:
    outcome = typed("orchestrator explain e104")
    assert outcome.status == 0
    assert outcome.output.startswith("E104: a key stands twice\n")
    assert outcome.output == typed("orchestrator explain E104").output


def test_without_a_code_all_are_listed() -> None:
    outcome = typed("orchestrator explain")
    assert outcome.status == 0
    assert "E104  a key stands twice\n" in outcome.output


def test_an_unknown_code_is_suggested() -> None:
    outcome = typed("orchestrator explain W6O1")
    assert outcome.status == 2
    assert re.search(r"did you mean `W\d{3}`\?", outcome.output)
