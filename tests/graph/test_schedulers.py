"""Schedulers and steps that a painter cannot do, told before a run."""

from __future__ import annotations

from pathlib import Path

import pytest

import orchestrator
from orchestrator.errors import Diagnostic, InvalidInput
from orchestrator.errors.edits import applied

EMBEDDED = ("DPMSolverMultistepScheduler", "EulerDiscreteScheduler", "DDIMScheduler")
RECIPE = """\
recipe: 1
items:
  idea: [fire sword]
stages:
  expand: {use: expand}
  plan: {use: plan, with: {SETTINGS}}
  render: {use: render}
"""


def findings(folder: Path, settings: str, text: str = RECIPE) -> list[Diagnostic]:
    (folder / "r.yaml").write_text(text.replace("SETTINGS", settings), encoding="utf-8")
    try:
        return list(orchestrator.check(folder / "r.yaml").findings)
    except InvalidInput as error:
        return list(error.findings)


@pytest.mark.parametrize(
    ("name", "fix", "is_edit"),
    [
        ("Euler a", "EulerDiscreteScheduler", False),
        ("Euler", "EulerDiscreteScheduler", True),
        ("DPM++ 2M Karras", "DPMSolverMultistepScheduler(use_karras_sigmas=true)", True),
        ("ddim", "DDIMScheduler", True),
        ("DDIMSheduler", "DDIMScheduler", True),
        ("plms", "DDIMScheduler", False),
        ("Restart", "", False),
        ("DDIMScheduler(use_karras_sigmas=true)", "DDIMScheduler", False),
    ],
)
def test_scheduler(tmp_path: Path, name: str, fix: str, is_edit: bool) -> None:
    (finding,) = findings(tmp_path, f"scheduler: {name}")
    assert (finding.code, finding.fix, bool(finding.edits)) == ("E524", fix, is_edit)
    if finding.edits:
        text = (tmp_path / "r.yaml").read_text(encoding="utf-8")
        assert f"{{scheduler: {fix}}}" in applied(text, finding.edits)
    if fix:
        assert findings(tmp_path, f"scheduler: {fix}") == []


def test_ancestral_names_its_class(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, "scheduler: Euler a")
    assert "EulerAncestralDiscreteScheduler" in finding.help


def test_every_member_that_a_dimension_pins_is_looked_at(tmp_path: Path) -> None:
    members = "\n  how: [{id: a, value: Euler a}, {id: b, value: ddim}]"
    text = RECIPE.replace("[fire sword]", "[fire sword]" + members)
    found = findings(tmp_path, "scheduler: $item.how", text)
    assert [finding.fix for finding in found] == ["EulerDiscreteScheduler", "DDIMScheduler"]


@pytest.mark.parametrize(
    ("settings", "codes"),
    [
        ("steps: 1000", ["E527"]),
        ("steps: 999", []),
        ("steps: 1000, scheduler: EulerDiscreteScheduler", []),
        ("steps: 1", []),
    ],
)
def test_steps_that_a_scheduler_cannot_do(tmp_path: Path, settings: str, codes: list[str]) -> None:
    assert [finding.code for finding in findings(tmp_path, settings)] == codes
