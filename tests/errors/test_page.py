"""A page as a person reads it on a terminal."""

from __future__ import annotations

import pytest

from orchestrator.errors.page import as_terminal, page_of, titles


def test_a_page_has_title_and_summary() -> None:
    page = page_of("E104")
    assert page is not None
    assert page.title == "a key stands twice"
    assert page.summary.startswith("A mapping has the same key at two places. Most YAML readers keep")


@pytest.mark.parametrize("code", ["", "E999", "../E104", "E104.md", "pages", "é104"])
def test_what_is_no_code_has_no_page(code: str) -> None:
    assert page_of(code) is None


def test_all_pages_are_listed_in_order() -> None:
    codes = list(titles())
    assert codes == sorted(codes)
    assert {"E101", "E201", "W601"} <= set(codes)
    assert all(titles().values())


def test_paragraphs_are_wrapped_and_blocks_are_not() -> None:
    page = page_of("E104")
    assert page is not None
    text = as_terminal(page, width=60)
    assert text.startswith("E104: a key stands twice\n\nA mapping has")
    assert "\n    error[E104]: the key `plan` stands twice\n" in text
    assert "```" not in text
    assert "\x1b" not in text
    prose = text.partition("\n\n")[2].partition("\n\n")[0]
    assert max(len(line) for line in prose.splitlines()) <= 60


def test_colour_takes_the_place_of_marks() -> None:
    page = page_of("E113")
    assert page is not None
    coloured = as_terminal(page, width=80, colour=True)
    assert "\x1b[36mrecipe:\x1b[0m" in coloured
    assert "\x1b[1mE113: a key is missing\x1b[0m" in coloured
