"""Names of files that no file system takes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import orchestrator
from orchestrator.errors import Diagnostic, InvalidInput
from orchestrator.export.long_names import shortened
from orchestrator.recipe import is_id, slug

LETTERS = "abcd"


def recipe(lengths: list[int], more: str = "", **changed: str) -> str:
    ids = {letter: letter * length for letter, length in zip(LETTERS, lengths, strict=False)} | changed
    items = "".join(f"  {name}:\n    - {id_}\n" for name, id_ in ids.items())
    load = f"stages:\n  load: {{use: picture, with: {{file: red.png}}, per: [{', '.join(ids)}]}}\n"
    return f"recipe: 1\nitems:\n{items}{load}{more}"


def findings(folder: Path, text: str) -> list[Diagnostic]:
    Image.new("RGB", (2, 2), "red").save(folder / "red.png")
    (folder / "r.yaml").write_text(text, encoding="utf-8")
    try:
        orchestrator.check(folder / "r.yaml")
    except InvalidInput as error:
        return list(error.findings)
    return []


def test_long_name(tmp_path: Path) -> None:
    """Four ids of 78 bytes: every one is told, and the recipe with all fixes pasted is valid."""
    text = recipe([78, 78, 78, 78])
    found = findings(tmp_path, text)
    assert [finding.code for finding in found] == ["E441"] * 4
    assert "319 bytes" in found[0].message
    for letter, finding in zip(LETTERS, found, strict=True):
        assert f"value: {letter * 78}" in finding.fix
        text = text.replace(f"- {letter * 78}\n", f"- {finding.fix}\n")
    assert findings(tmp_path, text) == []


@pytest.mark.parametrize(("last", "told"), [(8, 0), (9, 1)])
def test_a_name_of_255_bytes_is_the_longest(tmp_path: Path, last: int, told: int) -> None:
    found = findings(tmp_path, recipe([80, 80, 80, last]))
    assert bool(found) == bool(told)


def test_members_that_never_meet_are_not_added_up(tmp_path: Path) -> None:
    text = recipe([80, 80]).replace("  b:\n", "    - a\n  b:\n    - b\n")
    text = text.replace("stages:", f"  c: [c, {'c' * 80}]\n  d: [{'d' * 80}]\nzip: [a, b, c]\nstages:")
    assert findings(tmp_path, text.replace("per: [a, b]", "per: [a, b, c, d]")) == []


def test_what_a_pattern_names_is_looked_at_part_by_part(tmp_path: Path) -> None:
    export = 'export:\n  - {from: load, to: build, format: files, name: "%s"}\n'
    folders = export % "{a}/{b}/{c}_{a}"
    joined = export % "{a}_{b}_{c}_{a}"
    assert findings(tmp_path, recipe([80, 80, 80], folders)) == []
    found = findings(tmp_path, recipe([80, 80, 80], joined))
    assert {finding.code for finding in found} == {"E441"}
    assert "327 bytes" in found[0].message


@given(st.text(min_size=1), st.integers(16, 80))
def test_a_shortened_id_is_an_id(text: str, most: int) -> None:
    id_ = slug(text * 9)
    if id_:
        short = shortened(id_, most)
        assert is_id(short)
        assert len(short.encode()) <= most
