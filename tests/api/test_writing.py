"""The last step: where files go, whose they are, what they say, and what happens when it goes wrong."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from PIL import Image as PillowImage

import orchestrator
from orchestrator.api import output_folder
from orchestrator.config import Settings
from orchestrator.errors import InvalidInput
from orchestrator.events import ItemEnded, RunEnded

BAD_STAGES = """

import os

from orchestrator.stage import Prompt


@stage("studio.wander", version=1)
def wander(image: Image, ctx: Context) -> Image:
    os.chdir(os.environ["WANDER_TO"])
    ctx.note("warnings", [f"it went to '{os.getcwd()}'", "it likes none"])
    return image


@stage("studio.say", version=1)
def say(idea: Idea) -> Prompt:
    raise StageFailure(f"no file {os.path.abspath(os.environ['WANDER_TO'])}/brush")
"""


def _run(studio: Path, settings: Settings, **more: object) -> orchestrator.Run:
    recipe = more.pop("recipe", studio / "recipe.yaml")
    return orchestrator.run(recipe, stages_files=[studio / "stages.py"], settings=settings, **more)


@pytest.fixture
def wandering(studio: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A studio in the current folder with a stage that changes it."""
    stages, recipe = studio / "stages.py", studio / "recipe.yaml"
    stages.write_text(stages.read_text("utf-8") + BAD_STAGES, "utf-8")
    text = recipe.read_text("utf-8").replace("  sheet:", "  wander: {use: studio.wander}\n  sheet:")
    recipe.write_text(text, "utf-8")
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    monkeypatch.setenv("WANDER_TO", str(elsewhere))
    monkeypatch.chdir(studio)
    return studio


def test_a_stage_that_changes_the_folder_moves_no_output(wandering: Path, settings: Settings) -> None:
    done = _run(wandering, settings, recipe="recipe.yaml", out="out")
    os.chdir(wandering)
    assert done.report.out == "out"
    assert len(list(Path("out").glob("*.png"))) == 4
    assert not list((wandering / "else where").iterdir())


def test_warnings_of_stages_are_told_alike_everywhere(wandering: Path, settings: Settings) -> None:
    done = _run(wandering, settings, out=wandering / "out")
    from orchestrator.report import summary

    line = "wander: it likes none (fire-sword, 一只可爱的猫咪, health-potion)"
    assert f"warning: {line}" in summary(done.report)
    assert line in json.loads((wandering / "out/run.json").read_text("utf-8"))["warnings"]
    assert line in (wandering / "out/index.html").read_text("utf-8")
    assert _run(wandering, settings).warned == done.warned


def test_no_path_of_the_machine_is_in_any_file(wandering: Path, settings: Settings) -> None:
    recipe = wandering / "recipe.yaml"
    text = recipe.read_text("utf-8") + "  say: {use: studio.say}\n"
    recipe.write_text(text.replace("sheet:", "sheet2:"), "utf-8")
    done = _run(wandering, settings, out=wandering / "out")
    assert done.failures
    assert any(str(wandering) in line for line in done.warned)
    for path in (wandering / "out").iterdir():
        assert str(wandering).encode() not in path.read_bytes(), path.name
        assert str(Path.home()).encode() + b"/" not in path.read_bytes(), path.name


def test_seeds_are_texts(studio: Path, settings: Settings) -> None:
    done = _run(studio, settings, out=studio / "out")
    record = json.loads((studio / "out/run.json").read_text("utf-8"))
    assert record["seed"] == "7"
    assert record["format"] == 2
    seeds = {picture["seed"] for picture in record["pictures"]}
    assert seeds <= {None, *(str(seed) for seed in done.seeds)}


def test_two_recipes_of_one_name_share_no_folder_unawares(studio: Path, settings: Settings) -> None:
    for name in ("one", "two"):
        (studio / name).mkdir()
        (studio / name / "icons.yaml").write_text((studio / "recipe.yaml").read_text("utf-8"), "utf-8")
    out = studio / "out"
    first = _run(studio, settings, recipe=studio / "one/icons.yaml", out=out)
    assert first.written is not None
    again = _run(studio, settings, recipe=studio / "one/icons.yaml", out=out)
    assert again.written is not None
    assert again.written.added == ("run.json",)
    with pytest.raises(InvalidInput) as raised:
        _run(studio, settings, recipe=studio / "two/icons.yaml", out=out, items={"idea": ["bow"]})
    assert [finding.code for finding in raised.value.findings] == ["E425"]
    assert not (out / "bow.png").exists()


def test_what_a_ready_recipe_made_is_its_copys_too(studio: Path, settings: Settings) -> None:
    from orchestrator.export import Owner

    assert Owner("item-icons", "").is_same(Owner("item-icons", "../item-icons.yaml"), studio)
    assert not Owner("item-icons", "").is_same(Owner("other", "../item-icons.yaml"), studio)


def test_a_stop_while_files_are_written_is_felt_between_files(studio: Path, settings: Settings) -> None:
    asked: list[object] = []

    def listen(event: object) -> None:
        if isinstance(event, RunEnded):
            asked.append(event)

    watch = orchestrator.Watch(listener=listen, cancelled=lambda: bool(asked))
    stopped = _run(studio, settings, out=studio / "out", watch=watch)
    assert stopped.stopped
    assert stopped.counts["cancelled"] == 0
    assert stopped.counts["done"] == 7
    assert not list((studio / "out").glob("*.png"))
    done = _run(studio, settings, out=studio / "out")
    assert (done.counts["stored"], len(list((studio / "out").glob("*.png")))) == (7, 4)


def test_a_stopped_run_writes_what_is_finished(studio: Path, settings: Settings) -> None:
    ended: list[object] = []

    def listen(event: object) -> None:
        if isinstance(event, ItemEnded) and event.stage == "frame":
            ended.append(event)

    watch = orchestrator.Watch(listener=listen, cancelled=lambda: bool(ended))
    stopped = _run(studio, settings, out=studio / "out", watch=watch)
    assert stopped.results.interrupted
    assert list((studio / "out").glob("*.png"))


def test_a_link_in_the_place_of_the_folder_is_followed_only_if_named(
    studio: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(studio)
    (studio / "elsewhere").mkdir()
    Path("out").mkdir()
    Path("out/swatches").symlink_to("../elsewhere", target_is_directory=True)
    with orchestrator.Session(settings) as session:
        checked = session.check("recipe.yaml", stages_files=["stages.py"])
        with pytest.raises(InvalidInput) as raised:
            output_folder(checked, None, orchestrator.Part())
        assert [finding.code for finding in raised.value.findings] == ["E426"]
        named = output_folder(checked, "out/swatches", orchestrator.Part())
        assert session.carry_out(checked, out=named).blocked == ()
    assert len(list((studio / "elsewhere").glob("*.png"))) == 4


def test_what_was_lost_since_the_run_is_told_and_the_rest_written(studio: Path, settings: Settings) -> None:
    done = _run(studio, settings)
    victim = done.items[0].result
    with orchestrator.Session(settings) as session:
        blob = session._store(settings).find(victim.key).blob.removeprefix("sha256:")
    (settings.store / "blobs" / blob[:2] / blob[2:]).unlink()
    written = done.save(studio / "out")
    assert set(written.blocked) == {"fire-sword.png"}
    assert [finding.code for finding in done.blocked] == ["E428"]
    assert (studio / "out/index.html").exists()
    assert len(list((studio / "out").glob("*.png"))) == 3


def test_assets_hold_no_picture(studio: Path, settings: Settings) -> None:
    done = _run(studio, settings, out=studio / "out")
    for asset in done.assets:
        assert isinstance(asset.image, PillowImage.Image)
        assert asset.size == asset.image.size
        assert not any(hasattr(value, "pil") for value in vars(asset).values())


def test_recipes_of_two_names_may_share_a_folder(studio: Path, settings: Settings) -> None:
    from orchestrator.report import summary

    other = studio / "other.yaml"
    text = (studio / "recipe.yaml").read_text("utf-8")
    other.write_text(text.replace("name: swatches", "name: others"), "utf-8")
    first = _run(studio, settings, out=studio / "out")
    before = {path.name: path.read_bytes() for path in (studio / "out").iterdir()}
    second = _run(studio, settings, recipe=other, out=studio / "out")
    assert second.blocked == ()
    there = {path.name: path.read_bytes() for path in (studio / "out").iterdir()}
    assert {name: there[name] for name in before if "manifest" not in name} == {
        name: data for name, data in before.items() if "manifest" not in name
    }
    assert {"others_index.html", "others_run.json", "others_fire-sword.png"} <= set(there)
    assert "out/others_index.html" in summary(second.report)
    assert b'src="others_fire-sword.png"' in there["others_index.html"]
    assert first.report.page_name == "index.html"
