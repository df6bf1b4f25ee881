import subprocess
import sys

import pytest

import orchestrator
from orchestrator.errors import InvalidInput, UnknownRecipe

HEAVY = "{'torch', 'transformers', 'diffusers', 'langchain_core', 'numpy'}"


def test_checking_the_ready_recipe_imports_nothing_heavy():
    code = (
        "import sys, orchestrator; orchestrator.check('item-icons'); "
        f"print(sorted({HEAVY} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_finding_of_recipe_and_command_line_is_there(studio, settings):
    with pytest.raises(InvalidInput) as raised:
        orchestrator.check(
            studio / "recipe.yaml",
            stages_files=[studio / "stages.py"],
            settings=settings,
            items={"idea": [""]},
            overrides=["drw.side=3"],
        )
    assert len(raised.value.findings) == 2
    assert {finding.span.file for finding in raised.value.findings} == {"<python>", "<command line>"}


ELEVEN = """\
recipe: 1
vars: {steps: 20}
items:
  idea: [fire sword, blue gem]
  mood: [calm, angry]
zip: [idea, mod]
exclude: [{idea: fire-sward}]
stages:
  expand: {use: expnd}
  plan: {use: plan, with: {steps: $vars.step, style: pixle}}
  render: {use: render, per: [style], when: '$item.mood = "calm"'}
  sheet: {use: contact-sheet, gather: [idae]}
export:
  - {from: rendr, to: ../out, format: unity, name: "{idea}"}
"""


def test_eleven_mistakes_are_told_at_once(tmp_path, settings):
    (tmp_path / "recipe.yaml").write_text(ELEVEN, encoding="utf-8")
    with pytest.raises(InvalidInput) as raised:
        orchestrator.check(tmp_path / "recipe.yaml", settings=settings)
    places = [(finding.span.line, finding.code) for finding in raised.value.findings]
    assert places == [
        (6, "E151"), (7, "E153"), (9, "E201"), (10, "E235"), (10, "E220"), (11, "E224"), (11, "E236"),
        (12, "E215"), (14, "E430"), (14, "E433"), (14, "E431"),
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", [{"items": ["fire sword"]}, {"models": "models/sd/"}])
def test_a_list_in_place_of_a_mapping_is_a_type_error_with_an_example(settings, wrong):
    with pytest.raises(TypeError, match="is a mapping, such as"):
        orchestrator.check("item-icons", settings=settings, **wrong)


def test_unknown_recipes_are_told_what_there_is(settings):
    with pytest.raises(UnknownRecipe) as raised:
        orchestrator.check("item-icon", settings=settings)
    assert raised.value.findings[0].fix == "item-icons"


def test_stage_files_are_all_checked(studio, settings):
    (studio / "broken.py").write_text("import nothing_of_this_name", encoding="utf-8")
    (studio / "copy.py").write_text((studio / "stages.py").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(InvalidInput) as raised:
        orchestrator.check(
            studio / "recipe.yaml",
            stages_files=[studio / "broken.py", studio / "stages.py", studio / "copy.py"],
            settings=settings,
        )
    assert {finding.code for finding in raised.value.findings} == {"E406", "E408"}


def test_only_public_names_are_exported():
    for name in orchestrator.__all__:
        assert getattr(orchestrator, name).__module__.startswith("orchestrator.")
    assert set(orchestrator.__all__) <= set(dir(orchestrator))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = orchestrator.nothing


def test_a_wrong_member_of_a_list_is_shown_alone(tmp_path):
    path = tmp_path / "r.yaml"
    amend = "amend: {use: amend, with: {add_details: [gold, 7], material: true}}"
    text = f"recipe: 1\nitems: {{idea: [gem]}}\nstages:\n  expand: {{use: expand}}\n  {amend}\n"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as raised:
        orchestrator.check(path)
    said = [finding.message.rpartition(", ")[2] for finding in raised.value.findings]
    assert said == ["not 7", "not true"]
