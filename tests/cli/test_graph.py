"""`orchestrator graph`: on the screen and into a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fences import typed

LINE = "orchestrator graph recipe.yaml --stages stages.py"


def test_the_wiring_on_the_screen(studio: Path) -> None:
    outcome = typed(LINE)
    assert outcome.status == 0
    assert "●  draw (studio.swatch)  over idea" in outcome.output
    assert "Image, written" in outcome.output


@pytest.mark.parametrize(("name", "begins"), [("w.svg", "<svg "), ("w.mmd", "%% "), ("w.txt", "swatches: ")])
def test_a_file_in_the_form_of_its_suffix(studio: Path, name: str, begins: str) -> None:
    outcome = typed(f"{LINE} --out {name}")
    assert outcome.status == 0
    assert outcome.output == f"Wrote {name}.\n"
    assert Path(name).read_text(encoding="utf-8").startswith(begins)


def test_a_recipe_with_errors_has_findings_and_no_wiring(studio: Path) -> None:
    outcome = typed("orchestrator graph recipe.yaml --out w.svg")
    assert outcome.status == 2
    assert "error[E201]" in outcome.output
    assert not Path("w.svg").exists()


def test_a_file_that_cannot_be_written(studio: Path) -> None:
    outcome = typed(f"{LINE} --out no/such/w.svg")
    assert outcome.status == 2
    assert "error[E407]" in outcome.output
