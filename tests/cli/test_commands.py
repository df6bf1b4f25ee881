"""What one types, what comes back, and the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from orchestrator.cli.app import app, main
from tests.cli.conftest import RUN
from tests.fences import typed


def _called(*arguments: str) -> Result:
    """stdout and stderr apart; errors of the package are for `main`, which `typed` covers."""
    return CliRunner().invoke(app, arguments, prog_name="orchestrator", standalone_mode=False)


@pytest.mark.parametrize("name", ["", "run", "validate", "stages", "new", "explain", "graph", "schema"])
def test_help_has_examples(name: str) -> None:
    outcome = typed(f"orchestrator {name} --help")
    assert outcome.status == 0
    assert "Examples:\n    orchestrator " in outcome.output


def test_a_mistyped_command_is_suggested() -> None:
    outcome = typed("orchestrator rum recipe.yaml")
    assert outcome.status == 2
    assert "'run'" in outcome.output
    assert "Traceback" not in outcome.output


@pytest.mark.parametrize(
    "line", ["run", "run a b", "run x --limit many", "validate x --format loud", "--nope"]
)
def test_wrong_usage_is_exit_code_2(line: str) -> None:
    outcome = typed(f"orchestrator {line}")
    assert outcome.status == 2
    assert "Error:" in outcome.output


def test_a_run_says_where_its_pictures_are(studio: Path) -> None:
    result = _called(*RUN)
    assert result.return_value == 0, result.output
    assert "3 pictures in out/swatches/." in result.stdout
    assert "6 made" in result.stdout
    assert "draw  3 of 3" in result.stderr
    assert sorted(path.name for path in Path("out/swatches").glob("*.png")) == [
        "fire-sword.png", "health-potion.png", "一只可爱的猫咪.png",
    ]  # fmt: skip


def test_a_second_run_says_that_nothing_had_to_be_rendered(studio: Path) -> None:
    _called(*RUN)
    before = Path("out/swatches/fire-sword.png").stat().st_mtime_ns
    result = _called(*RUN)
    assert result.return_value == 0
    assert "Nothing had to be rendered" in result.stdout
    assert Path("out/swatches/fire-sword.png").stat().st_mtime_ns == before


def test_one_failure_leaves_the_others_finished_and_is_named_at_the_end(studio: Path) -> None:
    result = _called(*RUN, "--idea", "broken brush", "--idea", "fire sword")
    assert result.return_value == 1
    assert "failed[E501]: broken-brush at draw: the brush broke\n  = help: use another idea" in result.stdout
    assert Path("out/swatches/fire-sword.png").exists()
    assert "Traceback" not in result.output


def test_ideas_and_settings_from_the_command_line(studio: Path) -> None:
    result = _called(*RUN, "--idea", "bow", "--set", "draw.side=4", "--out", "a folder/b")
    assert result.return_value == 0, result.output
    assert [path.name for path in Path("a folder/b").glob("*.png")] == ["bow.png"]


def test_a_part_of_the_work(studio: Path) -> None:
    result = _called(*RUN, "--only", "idea=fire-sword,idea=health-potion")
    assert result.return_value == 0, result.output
    assert {path.stem for path in Path("out/swatches").glob("*.png")} == {"fire-sword", "health-potion"}
    _called(*RUN, "--limit", "2")
    assert len(list(Path("out/swatches").glob("*.png"))) == 3


def test_to_a_prompt_prints_it_and_writes_nothing(studio: Path) -> None:
    result = _called(*RUN, "--to", "words", "--limit", "1")
    assert result.return_value == 0, result.output
    assert result.stdout.startswith(
        "fire-sword: fire sword\n  subject: fire sword\n  colour: red\n      it is the only one we have\n"
    )
    assert not Path("out").exists()


FRAMES = """\
from PIL import Image as Pillow

from orchestrator.stage import Context, Idea, Image, Many, Params, stage


@stage("studio.frames", version=1)
def frames(idea: Idea, params: Params, ctx: Context) -> Many[Image]:
    return Many(Image.of(Pillow.new("RGB", (4, 4), colour)) for colour in ("red", "blue"))


@stage("studio.flip", version=1)
def flip(image: Image, params: Params, ctx: Context) -> Image:
    return image
"""


def test_to_a_stage_that_gives_many_writes_its_members(studio: Path) -> None:
    Path("frames.py").write_text(FRAMES, encoding="utf-8")
    Path("loop.yaml").write_text(
        "recipe: 1\nitems: {idea: [flame]}\nstages:\n  all: {use: studio.frames}\n"
        "  one: {use: studio.flip, each: {frame: all}}\n",
        encoding="utf-8",
    )
    result = _called("run", "loop.yaml", "--stages", "frames.py", "--to", "all")
    assert result.return_value == 0, result.output
    assert sorted(path.name for path in Path("out/loop").glob("*.png")) == ["flame_0.png", "flame_1.png"]


def test_json_is_one_document_and_progress_is_json_lines(studio: Path) -> None:
    result = _called(*RUN, "--json")
    assert result.return_value == 0
    document = json.loads(result.stdout)
    assert document["counts"]["done"] == 6
    assert [picture["name"] for picture in document["pictures"]][1] == "一只可爱的猫咪.png"
    assert {json.loads(line)["event"] for line in result.stderr.splitlines()} >= {"RunStarted", "ItemEnded"}


def test_json_holds_the_findings_of_a_wrong_recipe(studio: Path) -> None:
    result = _called(*RUN, "--json", "--set", "draw.side=many", "--set", "words.style=flat")
    assert result.return_value == 2
    findings = json.loads(result.stdout)["findings"]
    assert len(findings) == 2
    assert {finding["severity"] for finding in findings} == {"error"}
    assert not Path("out").exists()


def test_validate_prints_all_findings_and_runs_nothing(studio: Path) -> None:
    stages = "stages:\n  a: {use: nope}\n  b: {use: nada}\n"
    Path("recipe.yaml").write_text(f"recipe: 1\nitems: {{idea: [a]}}\n{stages}")
    full = _called("validate", "recipe.yaml")
    assert full.return_value == 2
    assert "--> recipe.yaml:4:" in full.stdout
    concise = _called("validate", "recipe.yaml", "--format", "concise")
    assert all(line.startswith("recipe.yaml:") for line in concise.stdout.splitlines())
    records = json.loads(_called("validate", "recipe.yaml", "--format", "json").stdout)
    assert len(records) == len(concise.stdout.splitlines()) >= 2


def test_validate_tells_what_is_fine(studio: Path) -> None:
    line = ("validate", "recipe.yaml", "--stages", "stages.py")
    result = _called(*line)
    assert result.return_value == 0
    assert result.stdout == "recipe.yaml is valid: 2 stages over 3 idea.\n"
    assert json.loads(_called(*line, "--format", "json").stdout) == []


def test_stages_lists_all_and_shows_one(studio: Path) -> None:
    listed = dict(
        line.split(maxsplit=1) for line in _called("stages", "--stages", "stages.py").stdout.splitlines()[:-1]
    )
    assert listed["studio.swatch"] == "Draw a swatch."
    assert "expand" in listed
    one = _called("stages", "studio.swatch", "--stages", "stages.py").stdout
    assert "prompt: Prompt → Image" in one
    assert "side: integer ≥ 1, ≤ 64, default 8\n        side, px" in one


def test_new_writes_a_recipe_that_is_valid(studio: Path) -> None:
    assert _called("new", "item-icons", "mine.yaml").return_value == 0
    assert _called("validate", "mine.yaml").return_value == 0


def test_an_output_folder_that_cannot_be_written_is_found_before_any_work(studio: Path) -> None:
    Path("taken").write_text("")
    outcome = typed("orchestrator run recipe.yaml --stages stages.py --out taken/below")
    assert outcome.status == 2
    assert "error[E420]" in outcome.output
    assert "draw  " not in outcome.output


def test_what_a_person_edited_in_the_folder_is_kept_and_told(studio: Path) -> None:
    _called(*RUN)
    Path("out/swatches/fire-sword.png").write_bytes(b"painted over")
    result = _called(*RUN)
    assert result.return_value == 0
    assert "somebody edited them: fire-sword.png" in result.stderr
    assert Path("out/swatches/fire-sword.png").read_bytes() == b"painted over"


def test_main_ends_the_process_with_the_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["run", "no-such-recipe"])
    assert end.value.code == 2
    assert "error[E401]" in capsys.readouterr().err


def test_a_models_folder_on_the_command_line_counts_from_the_current_folder(studio: Path) -> None:
    Path("models/mine").mkdir(parents=True)
    _called("new", "item-icons", str(Path("models/icons.yaml")))
    line = ("validate", "models/icons.yaml", "--format", "json")
    found = json.loads(_called(*line, "--set", "models.painter=models/mine").stdout)
    assert found
    assert all("does not exist" not in finding["message"] for finding in found)
