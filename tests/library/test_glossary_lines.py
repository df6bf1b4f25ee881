from __future__ import annotations

from time import perf_counter

import pytest
import yaml

from orchestrator.library import shipped_folder
from orchestrator.library.glossary_lines import plain_entries

SHIPPED = shipped_folder("prompts") / "glossaries" / "default.yaml"


def test_plain_lines_are_read_as_yaml_reads_them() -> None:
    text = SHIPPED.read_text("utf-8")
    started = perf_counter()
    entries = plain_entries(text)
    assert perf_counter() - started < 2  # 40 ms on a quiet machine, where YAML takes a second
    assert entries is not None
    assert len(entries) > 25_000
    assert entries == yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe
    assert all(english.isascii() for english in entries.values())


@pytest.mark.parametrize(
    "line", ["剑: yes", "剑: 'sword'", "剑: [a]", "剑: sword # x", "剑 : sword", "剑: 1e3", "sword"]
)
def test_yaml_decides_of_anything_else(line: str) -> None:
    assert plain_entries(f"刀: blade\n{line}\n") is None


def test_yaml_says_which_word_stands_twice() -> None:
    assert plain_entries("剑: sword\n剑: blade\n") is None
