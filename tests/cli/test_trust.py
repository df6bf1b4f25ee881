"""`orchestrator trust`, `--config`, and a run that waits for people."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fences import typed

REVIEWED = """\
recipe: 1
name: swatches
items:
  idea: [fire sword, bow]
stages:
  words: {use: studio.words}
  draw: {use: studio.swatch}
  final: {use: review}
export:
  - {from: final, to: ../game, format: files}
"""


@pytest.fixture
def machine(studio: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that offers its stage file, on a machine with a config folder of its own."""
    monkeypatch.setenv("ORCHESTRATOR_CONFIG", str(studio / "config"))
    (studio / "orchestrator.toml").write_text('stages = ["stages.py"]\n', encoding="utf-8")
    return studio


def test_a_file_is_trusted_listed_and_forgotten(machine: Path) -> None:
    assert typed("orchestrator trust").output == "Nothing is trusted.\n"
    assert "E452" in typed("orchestrator validate recipe.yaml").output
    said = typed("orchestrator trust stages.py")
    assert (said.status, said.output[:37]) == (0, "Trusted stages.py as it is now (sha25")
    assert typed("orchestrator validate recipe.yaml").status == 0
    assert "stages.py" in typed("orchestrator trust").output
    assert typed("orchestrator trust --remove stages.py").output == "stages.py is no longer trusted.\n"
    assert typed("orchestrator trust --remove stages.py").output == "stages.py was not trusted.\n"
    assert typed("orchestrator validate recipe.yaml").status == 2


def test_a_file_after_config_counts_as_the_operators(machine: Path) -> None:
    (machine / "recipe.yaml").write_text(REVIEWED, encoding="utf-8")
    refused = typed("orchestrator validate recipe.yaml --stages stages.py")
    assert (refused.status, "E433" in refused.output) == (2, True)
    (machine / "own.toml").write_text('roots = [".."]\nstages = ["stages.py"]\n', encoding="utf-8")
    assert typed("orchestrator --config own.toml validate recipe.yaml").status == 0
    (machine / "own.toml").write_text("rots = 1\n", encoding="utf-8")
    assert "E451" in typed("orchestrator --config own.toml run recipe.yaml").output
    assert "E450" in typed("orchestrator --config nothing.toml run recipe.yaml").output


def test_a_run_that_waits_ends_well_and_says_where_to_look(machine: Path) -> None:
    text = REVIEWED.replace("../game", "game")
    (machine / "recipe.yaml").write_text(text, encoding="utf-8")
    said = typed("orchestrator run recipe.yaml --stages stages.py")
    assert said.status == 0
    assert "2 waiting for review" in said.output
    assert "2 pictures to review in out/swatches/waiting/" in said.output
    page = (machine / "out/swatches/index.html").read_text(encoding="utf-8")
    line = page[page.index("- {item: {idea: fire-sword}") :].partition("</pre>")[0]
    assert (machine / "out/swatches/waiting/final/fire-sword.png").exists()
    (machine / "recipe.review.yaml").write_text(line + "\n", encoding="utf-8")
    said = typed("orchestrator export recipe.yaml --stages stages.py")
    assert "Exported 1 file to game/ (1 new or changed)." in said.output
    assert [path.name for path in (machine / "game").glob("*.png")] == ["fire-sword.png"]
    typed("orchestrator run recipe.yaml --stages stages.py")
    assert not (machine / "out/swatches/waiting/final/fire-sword.png").exists()
    (machine / "recipe.review.yaml").write_text(line.replace("approved", "rejected") + "\n", encoding="utf-8")
    assert "(1 removed)" in typed("orchestrator export recipe.yaml --stages stages.py").output
