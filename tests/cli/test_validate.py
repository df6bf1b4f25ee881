"""`orchestrator validate`: many recipes, five forms, one exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fences import typed

BAD = "recipe: 1\nitems: {idea: [a]}\nstages:\n  a: {use: nope}\n  b: {use: nada}\n"
GOOD = "recipe: 1\nitems: {idea: [a]}\nstages: {words: {use: studio.words}}\n"
STAGES = "--stages stages.py"


@pytest.fixture
def recipes(studio: Path) -> Path:
    folder = studio / "recipes"
    (folder / "parts").mkdir(parents=True)
    (folder / "bad.yaml").write_text(BAD)
    (folder / "good.yaml").write_text(GOOD)
    (folder / "parts" / "worse.yml").write_text(BAD)
    (folder / "look.yaml").write_text("description: flat\n")
    return folder


def test_all_findings_of_all_recipes_of_a_folder(recipes: Path) -> None:
    outcome = typed(f"orchestrator validate recipes --format concise {STAGES}")
    assert outcome.status == 2
    skipped, *lines, summary = outcome.output.splitlines()
    assert skipped == "Skipped, for they have no key `recipe`: recipes/look.yaml"
    assert [line.partition(" ")[0] for line in lines] == [
        "recipes/bad.yaml:4:12:", "recipes/bad.yaml:5:12:",
        "recipes/parts/worse.yml:4:12:", "recipes/parts/worse.yml:5:12:",
    ]  # fmt: skip
    assert summary == "3 recipes, 1 valid: 4 errors."


def test_the_full_form_shows_the_lines_of_each_file(recipes: Path) -> None:
    outcome = typed(f"orchestrator validate recipes/bad.yaml recipes/good.yaml {STAGES}")
    assert outcome.status == 2
    assert "4 |   a: {use: nope}" in outcome.output
    assert outcome.output.endswith("\n\n2 recipes, 1 valid: 2 errors.\n")


def test_all_are_valid(recipes: Path) -> None:
    outcome = typed(f"orchestrator validate recipes/good.yaml recipe.yaml {STAGES}")
    assert outcome.status == 0
    assert outcome.output == "2 recipes, all 2 valid.\n"


def test_a_finding_that_all_recipes_share_is_told_once(recipes: Path) -> None:
    outcome = typed("orchestrator validate recipes/good.yaml recipe.yaml --stages no.py --format concise")
    assert outcome.status == 2
    assert outcome.output.count("E406") == 1


def test_a_recipe_that_is_not_there_is_one_of_the_findings(recipes: Path) -> None:
    outcome = typed(f"orchestrator validate nothing recipes/good.yaml --format concise {STAGES}")
    assert outcome.status == 2
    assert "E401" in outcome.output
    assert outcome.output.endswith("2 recipes, 1 valid: 1 error.\n")


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_machines_read_one_document(recipes: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    from orchestrator.cli import main

    with pytest.raises(SystemExit) as end:
        main(["validate", "recipes", "--stages", "stages.py", "--format", form])
    assert end.value.code == 2
    document = json.loads(capsys.readouterr().out)
    assert len(document if form == "json" else document["runs"][0]["results"]) == 4


def test_annotations_for_a_pull_request(recipes: Path) -> None:
    outcome = typed(f"orchestrator validate recipes/bad.yaml --format github {STAGES}")
    assert outcome.status == 2
    assert outcome.output.splitlines()[0].startswith(
        "::error file=recipes/bad.yaml,line=4,col=12,endColumn=16,title=E201::there is no stage 'nope'"
    )
    assert typed(f"orchestrator validate recipes/good.yaml --format github {STAGES}").output == ""


def test_a_part_is_checked_where_it_is_included(recipes: Path) -> None:
    (recipes / "bad.yaml").unlink()
    (recipes / "parts" / "worse.yml").unlink()
    part = "recipe: 1\nstages:\n  words: {use: studio.words}\n  draw: {use: studio.swatch}\n"
    (recipes / "parts" / "open.yaml").write_text(part.replace("  words: {use: studio.words}\n", ""))
    whole = "recipe: 1\nitems: {idea: [a]}\nstages:\n  words: {use: studio.words}\n  drawn: {include: "
    (recipes / "whole.yaml").write_text(f"{whole}parts/open.yaml}}\n")
    outcome = typed(f"orchestrator validate recipes {STAGES}")
    assert outcome.status == 0, outcome.output
    assert outcome.output.endswith("3 recipes, all 3 valid.\n")
    alone = typed(f"orchestrator validate recipes/parts/open.yaml {STAGES}")
    assert alone.status == 2
    assert "error[E213]" in alone.output
    (recipes / "parts" / "open.yaml").write_text(part.replace("studio.words", "nope"))
    assert typed(f"orchestrator validate recipes {STAGES}").status == 2
