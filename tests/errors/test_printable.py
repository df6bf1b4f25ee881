"""What strangers write never commands a terminal."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.errors import Diagnostic, Span
from orchestrator.errors.printable import one_printable_line, printable
from orchestrator.errors.render import concise, full


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("\x1b[31mred", "\\u001b[31mred"),
        ("a\rb", "a\\u000db"),
        ("a\r\nb\tc", "a\nb\tc"),
        ("\x9b2J", "\\u009b2J"),
        ("evil\u202egnp.exe", "evil\\u202egnp.exe"),
        ("caf\udce9", "caf\\udce9"),
        ("family 👨\u200d👩\u200d👧 and می\u200cخواهم", "family 👨\u200d👩\u200d👧 and می\u200cخواهم"),
        ("一只可爱的猫咪", "一只可爱的猫咪"),
    ],
)
def test_what_a_terminal_obeys_is_written_out(given: str, shown: str) -> None:
    assert printable(given) == shown


@given(st.text())
def test_nothing_but_line_ends_and_tabs_is_left_to_obey(text: str) -> None:
    shown = printable(text)
    assert all(character in "\n\t" or unicodedata.category(character) != "Cc" for character in shown)
    assert not set("\u202a\u202e\u2066\u2069\u200f") & set(shown)
    shown.encode()
    assert printable(shown) == shown
    assert "\n" not in one_printable_line(text)


@given(st.text())
def test_json_stays_the_same_document(text: str) -> None:
    assert json.loads(printable(json.dumps({"text": text}, ensure_ascii=False))) == {"text": text}


def test_findings_are_printable_with_colour_and_without() -> None:
    span = Span("evil\x1b]0;x\x07.yaml", 1, 1, 1, 5)
    finding = Diagnostic(code="E100", message="\x1b[2J", span=span, why="\u202e", help="\x9b")
    for text in (
        full([finding], {span.file: "name: \x1b[8m"}),
        full([finding], {span.file: "name: \x1b[8m"}, colour=True).replace("\x1b[", "", 20),
    ):
        assert not set("\x9b\x07\u202e") & set(text)
    plain = full([finding], {span.file: "name: \x1b[8m"})
    assert "\x1b" not in plain
    assert "\\u001b[2J" in plain
    assert concise([finding])
