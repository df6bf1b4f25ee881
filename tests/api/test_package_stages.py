"""Stages of packages: listed with who offers them; a broken one is told at its place and hides no other."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

import orchestrator
from orchestrator.api import listed_stages
from orchestrator.errors import InvalidInput
from tests.fences import typed
from tests.packages import packed

SAME = """\
from orchestrator.stage import Image, stage


@stage("studio.same", version=3, was=("studio.old",))
def same(image: Image) -> Image:
    "Give what came."
    return image
"""
RECIPE = """\
recipe: 1
items: {idea: [fire sword]}
stages:
  expand: {use: expand}
  plan: {use: plan, with: {steps: 0}}
  broken: {use: studio.broken}
  same: {use: studio.same}
  render: {use: render}
"""


@pytest.fixture
def folder(tmp_path, own_store, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ORCHESTRATOR_STORE", str(own_store))
    points = {"studio.same": "studio_same_stages:same", "studio.old": "studio_same_stages"}
    site = packed(tmp_path, "studio-same", {"orchestrator.stages": points}, {"studio_same_stages.py": SAME})
    monkeypatch.syspath_prepend(site)
    others = {"orchestrator.stages": {"studio.broken": "studio_no_stages", "render": "studio_no_stages"}}
    broken = packed(tmp_path, "studio-no", others, {"studio_no_stages.py": "import nothing_like_it\n"})
    monkeypatch.syspath_prepend(broken)
    Path("recipe.yaml").write_text(RECIPE, "utf-8")
    return tmp_path


def test_a_broken_one_is_told_at_its_place_with_all_else(folder):
    with pytest.raises(InvalidInput) as raised:
        orchestrator.check("recipe.yaml")
    told = {(finding.code, finding.span.line, finding.span.column) for finding in raised.value.findings}
    assert ("E409", 6, 17) in told
    assert any(line == 5 for _, line, _ in told), "the param of `plan`"
    (broken,) = (finding for finding in raised.value.findings if finding.code == "E409")
    assert "'studio.broken' of studio-no 1.0" in broken.message
    assert broken.fix == "python -m pip uninstall studio-no"


def test_without_it_the_others_work_and_what_is_not_named_is_not_imported(folder):
    Path("recipe.yaml").write_text(RECIPE.replace("steps: 0", "steps: 4").replace(
        "  broken: {use: studio.broken}\n  same: {use: studio.same}\n  render: {use: render}\n",
        "  render: {use: render}\n  same: {use: studio.same}\n"), "utf-8")  # fmt: skip
    spec = orchestrator.check("recipe.yaml").graph.nodes["same"].spec
    assert (spec.version, spec.source) == (3, "studio-same 1.0")
    assert "studio_no_stages" not in sys.modules


def test_the_list_says_who_offers_a_stage_and_goes_on(folder):
    found, findings = listed_stages()
    (same,) = (stage for stage in found if stage.name == "studio.same")
    assert (same.package, same.release, same.summary) == ("studio-same", "1.0", "Give what came.")
    assert {(stage.package, stage.release) for stage in found if stage is not same} == {("", "")}
    assert sorted(finding.code for finding in findings) == ["E409", "W670"]
    outcome = typed("orchestrator stages")
    assert outcome.status == 0
    assert "Give what came. (studio-same 1.0)" in outcome.output
    assert "(version 3, studio-same 1.0)" in typed("orchestrator stages studio.same").output
    document = json.loads(typed("orchestrator stages --json").output)
    assert "studio.same" in [stage["name"] for stage in document["stages"]]
    assert len(document["findings"]) == 2


def test_a_broken_one_that_is_asked_for_is_told(folder):
    outcome = typed("orchestrator stages studio.broken")
    assert outcome.status == 2
    assert "error[E409]" in outcome.output
