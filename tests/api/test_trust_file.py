"""Nothing of a clone is imported before the operator says so."""

from __future__ import annotations

import sys

import pytest

import orchestrator
from orchestrator.api.trust_file import distrust, trust, trusted
from orchestrator.errors import InvalidInput
from tests.packages import packed

STAGES = """\
from pathlib import Path

from orchestrator.stage import Idea, Image, stage

Path("imported").touch()


@stage("studio.same", version=1)
def same(image: Image) -> Image:
    return image
"""

RECIPE = """\
recipe: 1
items: {idea: [fire sword]}
stages:
  expand: {use: expand}
  plan: {use: plan}
  render: {use: render}
  same: {use: studio.same}
"""


@pytest.fixture
def clone(tmp_path, own_store, monkeypatch):
    """A stranger's clone as the current folder, on a machine that trusts nothing yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ORCHESTRATOR_STORE", str(own_store))
    monkeypatch.setenv("ORCHESTRATOR_CONFIG", str(tmp_path / "config"))
    (tmp_path / "stages.py").write_text(STAGES, encoding="utf-8")
    (tmp_path / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    (tmp_path / "orchestrator.toml").write_text('stages = ["stages.py"]\n', encoding="utf-8")
    return tmp_path


def refused(**more):
    with pytest.raises(InvalidInput) as raised:
        orchestrator.check("recipe.yaml", **more)
    return raised.value.findings


def test_untrusted_nothing_is_imported_and_what_was_not_checked_is_named(clone):
    (finding,) = refused()
    assert finding.code == "E452"
    assert finding.fix == "orchestrator trust stages.py"
    assert (finding.span.file, finding.span.line) == ("orchestrator.toml", 1)
    assert [(label.span.file, label.span.line) for label in finding.labels] == [("recipe.yaml", 7)]
    assert not (clone / "imported").exists()


def test_trusted_it_counts_until_it_changes(clone):
    trust("stages.py")
    assert orchestrator.check("recipe.yaml").graph.nodes["same"].spec.source
    (clone / "stages.py").write_text(STAGES + "x = 1\n", encoding="utf-8")
    (clone / "imported").unlink()
    (finding,) = refused()
    assert "has changed since it was trusted" in finding.message
    assert not (clone / "imported").exists()
    assert len(trusted()) == 1
    assert distrust("stages.py")
    assert "is not trusted" in refused()[0].message


def test_stages_on_the_command_line_and_in_the_users_config_need_no_further_word(clone):
    orchestrator.check("recipe.yaml", stages_files=["stages.py"])
    (clone / "config").mkdir()
    text = f"stages = ['{(clone / 'stages.py').as_posix()}']\n"
    (clone / "config" / "config.toml").write_text(text, encoding="utf-8")
    orchestrator.check("recipe.yaml")


def test_a_recipe_of_built_in_stages_asks_nothing_about_an_untrusted_file(clone):
    text = RECIPE.replace("  same: {use: studio.same}\n", "")
    (clone / "recipe.yaml").write_text(text, encoding="utf-8")
    assert orchestrator.check("recipe.yaml").findings == ()
    assert not (clone / "imported").exists()


def test_a_file_that_cannot_be_read_cannot_be_trusted(clone):
    with pytest.raises(InvalidInput) as raised:
        trust("nothing.py")
    assert raised.value.findings[0].code == "E453"


def install(folder, module, text, *, editable=False):
    points = {"orchestrator.stages": {"studio.same": module, "other": "x"}}
    return packed(folder, module, points, {f"{module}.py": text}, version="2.0", editable=editable)


def test_an_installed_package_offers_stages_by_their_names(clone, monkeypatch):
    (clone / "orchestrator.toml").unlink()
    monkeypatch.syspath_prepend(install(clone, "studio_one", STAGES))
    checked = orchestrator.check("recipe.yaml")
    assert checked.graph.nodes["same"].spec.source == "studio_one 2.0"
    assert "studio_one" in sys.modules


def test_an_editable_package_counts_as_its_file(clone, monkeypatch):
    (clone / "orchestrator.toml").unlink()
    monkeypatch.syspath_prepend(install(clone, "studio_two", STAGES, editable=True))
    assert orchestrator.check("recipe.yaml").graph.nodes["same"].spec.source.startswith("sha256:")


def test_two_packages_that_offer_one_stage_are_no_choice(clone, monkeypatch):
    monkeypatch.syspath_prepend(install(clone, "studio_three", STAGES))
    monkeypatch.syspath_prepend(install(clone, "studio_four", STAGES))
    assert [finding.code for finding in refused()] == ["E417"]


def test_packages_are_not_asked_about_stages_that_are_known(clone, monkeypatch):
    monkeypatch.syspath_prepend(install(clone, "studio_five", "raise SystemError\n"))
    orchestrator.check("recipe.yaml", stages_files=["stages.py"])
    assert "studio_five" not in sys.modules
