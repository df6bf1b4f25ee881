from __future__ import annotations

import pytest

from orchestrator.text import NumberTooLarge, meaning_of


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "on",
        "yes",
        "off",
        "y",
        "12:30",
        "0123",
        "1_000",
        "2026-11-24",
        "=",
        "1.2.3",
        "0o9",
        "-",
        ".",
        "+.e1",
    ],
)
def test_what_yaml_1_1_reads_otherwise_stays_text(text: str) -> None:
    assert meaning_of(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-4", 1e-4),
        ("0", 0),
        ("-7", -7),
        ("+7", 7),
        ("0x1F", 31),
        ("0o17", 15),
        (".5", 0.5),
        ("2.", 2.0),
        ("1E3", 1e3),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("9223372036854775807", 2**63 - 1),
    ],
)
def test_core_schema(text: str, value: object) -> None:
    assert meaning_of(text) == value
    assert type(meaning_of(text)) is type(value)


@pytest.mark.parametrize(
    "text", [".inf", "-.inf", ".nan", "1e999", "9223372036854775808", "1" * 5000, "0x" + "f" * 20]
)
def test_numbers_that_json_cannot_keep(text: str) -> None:
    with pytest.raises(NumberTooLarge):
        meaning_of(text)
