"""Code of a built-in stage that changes raises its version, or is vouched for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orchestrator.stage.registry import BUILTIN_MODULES
from tests.builtin import fingerprints

NOW, COMMITTED = fingerprints.current(), fingerprints.committed()


def test_the_table_holds_every_built_in_stage():
    assert set(COMMITTED) == set(BUILTIN_MODULES), f"run `{fingerprints.ACCEPT}`"


@pytest.mark.parametrize("stage", sorted(NOW))
def test_a_stage_whose_code_changed_has_another_version(stage):
    before, now = COMMITTED[stage], NOW[stage]
    assert now["version"] >= before["version"], "a version never goes back: old results would count again"
    if now["version"] > before["version"]:
        assert before == now, f"the version was raised; take it into the table: `{fingerprints.ACCEPT}`"
    changed = fingerprints.changed(before, now)
    assert not changed, (
        f"{', '.join(changed)} changed, and `{stage}` has version {now['version']} still. If any item could "
        f"come out otherwise, raise `version=` in its @stage and run `{fingerprints.ACCEPT}`. If every item "
        f"comes out the same to the last byte, say so: `{fingerprints.ACCEPT} --same-output {stage}`"
    )


STAGE = """
from orchestrator.builtin.pictures.pixels import darker
from orchestrator.stage import Field, Params


class Shade(Params):
    by: int = Field(default=2, description="how much")


def shade(image, params):
    return darker(image, params.by)
"""
PIXELS = """
LEAST = 0


def darker(image, by):
    return max(image - by, LEAST)


def lighter(image, by):
    return image + by
"""


class Package:
    def __init__(self, root: Path) -> None:
        self.folder = root / "orchestrator" / "builtin"
        (self.folder / "pictures").mkdir(parents=True)
        (self.folder / "pictures" / "__init__.py").write_text("")
        self.write("shade.py", STAGE)
        self.write("pictures/pixels.py", PIXELS)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def code(self) -> dict[str, str]:
        return fingerprints.code_of("orchestrator.builtin.shade")


@pytest.fixture
def package(tmp_path, monkeypatch):
    monkeypatch.setattr(fingerprints, "ROOT", tmp_path)
    return Package(tmp_path)


def test_it_holds_what_a_stage_reaches_and_nothing_else(package):
    assert list(package.code()) == ["LEAST", "Shade", "darker", "shade"]


@pytest.mark.parametrize(
    ("old", "new", "moved"),
    [
        ("image - by", "image - 2 * by", ["darker"]),
        ("LEAST = 0", "LEAST = 1", ["LEAST"]),
        ("image + by", "image + 2 * by", []),
        ("def darker(image, by):", 'def darker(image, by):\n    """Darker."""  # by numbers', []),
    ],
)
def test_what_it_reaches_counts_and_words_do_not(package, old, new, moved):
    before = package.code()
    assert old in PIXELS
    package.write("pictures/pixels.py", PIXELS.replace(old, new))
    assert fingerprints.changed({"code": before}, {"code": package.code()}) == moved


def test_params_count_but_for_their_descriptions(package):
    before = package.code()
    package.write("shade.py", STAGE.replace("how much", "by how much"))
    assert package.code() == before
    package.write("shade.py", STAGE.replace("default=2", "default=3"))
    assert fingerprints.changed({"code": before}, {"code": package.code()}) == ["Shade"]


def test_moving_a_definition_changes_nothing(package):
    before = package.code()
    package.write("tones.py", PIXELS)
    package.write("pictures/pixels.py", "")
    package.write("shade.py", STAGE.replace("pictures.pixels", "tones"))
    assert package.code() == before


def test_code_under_an_old_version_is_taken_in_only_when_it_is_vouched_for(
    package, tmp_path, monkeypatch, capsys
):
    table = tmp_path / "table.json"
    monkeypatch.setattr(fingerprints, "TABLE", table)
    monkeypatch.setattr(fingerprints, "BUILTIN_MODULES", {"shade": "orchestrator.builtin.shade"})
    monkeypatch.setattr(fingerprints, "_version", lambda *_: 1)
    assert not fingerprints.main([])
    first = json.loads(table.read_text())
    package.write("pictures/pixels.py", PIXELS.replace("LEAST = 0", "LEAST = 1"))
    assert fingerprints.main([])
    assert "shade: LEAST changed" in capsys.readouterr().out
    assert json.loads(table.read_text()) == first
    assert not fingerprints.main(["--same-output", "shade"])
    second = json.loads(table.read_text())
    assert second != first
    monkeypatch.setattr(fingerprints, "_version", lambda *_: 2)
    package.write("pictures/pixels.py", PIXELS)
    assert not fingerprints.main([])
    assert json.loads(table.read_text())["shade"] == {"version": 2, "code": first["shade"]["code"]}
