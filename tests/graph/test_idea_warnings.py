from __future__ import annotations

from pathlib import Path

import orchestrator
from orchestrator.errors import Diagnostic

RECIPE = "recipe: 1\nitems:\n  idea: [IDEAS]\nstages:\n  expand: {use: expandWITH}\n"


def warned(tmp_path: Path, ideas: str, given: str = "") -> list[Diagnostic]:
    file = tmp_path / "r.yaml"
    file.write_text(RECIPE.replace("IDEAS", ideas).replace("WITH", given), encoding="utf-8")
    return list(orchestrator.check(file).findings)


def test_marks_are_told_once_with_their_places(tmp_path: Path) -> None:
    (finding,) = warned(tmp_path, '"(fire:1.3) sword", apple, "pear --ar 1:1", "[old] axe"')
    assert finding.code == "W608"
    assert "`(fire:1.3)`: weights are not read" in finding.message
    assert "flags are not read" in finding.why
    assert len(finding.labels) == 2


def test_a_language_that_no_glossary_knows_is_told(tmp_path: Path) -> None:
    (finding,) = warned(tmp_path, "огненный меч, 剑, sword, 炎の剣")
    assert finding.code == "W609"
    assert "огненный, меч" in finding.message
    assert "(Cyrillic)" in finding.message
    assert not warned(tmp_path, "一只可爱的猫咪, café")


def test_a_glossary_of_ones_own_is_asked(tmp_path: Path) -> None:
    (tmp_path / "prompts" / "glossaries").mkdir(parents=True)
    own = tmp_path / "prompts" / "glossaries" / "ours.yaml"
    own.write_text("огненный: fire\nмеч: sword\n", encoding="utf-8")
    assert not warned(tmp_path, "огненный меч", ", with: {glossary: ours}")
    (finding,) = warned(tmp_path, "огненный щит", ", with: {glossary: ours}")
    assert "knows щит" in finding.message
