"""YAML resources by the reader of recipes."""

from __future__ import annotations

import time

import pytest

from orchestrator.errors import InvalidInput
from orchestrator.library.plain_yaml import read_plain
from orchestrator.library.source import Source
from orchestrator.library.tables import read_glossary


def source(text: str) -> Source:
    return Source("g", "g.yaml", text, "sha256:0")


def test_all_that_is_no_plain_yaml_is_told_with_its_place() -> None:
    with pytest.raises(InvalidInput) as error:
        read_plain(source("猫: cat\n猫: hat\n犬: !!str dog\n鳥: 1e999\n"))
    told = [(each.code, each.span.line, each.span.column) for each in error.value.findings if each.span]
    assert told == [("E411", 2, 1), ("E411", 3, 4), ("E411", 4, 4)]


def test_every_wrong_word_of_a_glossary_is_told_at_its_key() -> None:
    with pytest.raises(InvalidInput) as error:
        read_glossary(source("{猫: 1, 犬: dog, 鳥: [bird]}"))
    told = [(each.code, each.span.line, each.span.column) for each in error.value.findings if each.span]
    assert told == [("E412", 1, 2), ("E412", 1, 16)]


def test_many_words_are_read_fast() -> None:
    text = "".join(f"词{number}: word {number}\n" for number in range(26_000))
    start = time.process_time()
    assert len(read_plain(source(text)).plain()) == 26_000  # type: ignore[arg-type]
    assert time.process_time() - start < 3  # a third of a second on an idle machine
