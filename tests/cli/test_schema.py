"""`orchestrator schema`: on the screen and into a file."""

from __future__ import annotations

import json
from pathlib import Path

from tests.fences import typed


def test_the_schema_is_one_json_document(studio: Path) -> None:
    outcome = typed("orchestrator schema")
    assert outcome.status == 0
    assert json.loads(outcome.output)["$schema"] == "http://json-schema.org/draft-07/schema#"


def test_a_file_with_stages_of_ones_own(studio: Path) -> None:
    outcome = typed("orchestrator schema --out recipe.schema.json --stages stages.py")
    assert outcome.output == "Wrote recipe.schema.json.\n"
    written = json.loads(Path("recipe.schema.json").read_text(encoding="utf-8"))
    assert "with-studio.swatch" in written["definitions"]


def test_a_stage_file_that_is_broken(studio: Path) -> None:
    Path("stages.py").write_text("1 / 0\n")
    outcome = typed("orchestrator schema --stages stages.py")
    assert outcome.status == 2
    assert "error[E406]" in outcome.output
