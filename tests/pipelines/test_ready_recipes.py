"""Each ready recipe on the embedded models, small: few ideas, few steps; and what it exports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

import orchestrator
from orchestrator.api import Run
from orchestrator.config import Settings
from orchestrator.library import ready_recipes
from orchestrator.stage import Atlas, Image, NormalMap, Score
from tests.backends.diffusion import tiny_checkpoints

Small = Callable[..., Run]


@pytest.fixture
def small(tmp_path: Path, settings: Settings, writer: object) -> Small:
    """Runs a copy of a ready recipe, as `orchestrator new` makes it, for one idea unless told."""

    def run(
        name: str, ideas: Sequence[object], overrides: Sequence[str], models: dict[str, object] | None = None
    ) -> Run:
        recipe = orchestrator.new(name, tmp_path / f"{name}.yaml")
        done = orchestrator.run(
            recipe,
            items={"idea": ideas},
            overrides=overrides,
            models={"writer": writer, **(models or {})},
            settings=settings,
        )
        assert {place: result.message for place, result in done.failures.items()} == {}
        return done

    return run


def made(done: Run, stage: str, **at: str) -> list:
    """The artifacts of a stage at the items that have these coordinates, in their order."""
    return [
        result.artifact()
        for (name, place), result in done.results.items.items()
        if name == stage and at.items() <= dict(place).items()
    ]


def seeds(done: Run, stage: str) -> list[int | None]:
    return [result.seed for (name, _), result in done.results.items.items() if name == stage]


def exported(done: Run, folder: Path) -> dict[str, PillowImage.Image]:
    done.export()
    return {path.name: opened(path) for path in sorted(folder.rglob("*.png"))}


def opened(path: Path) -> PillowImage.Image:
    with PillowImage.open(path) as picture:
        picture.load()
        return picture


def warmth(image: Image) -> float:
    """How much redder than blue a picture is."""
    pixels = np.asarray(image.pil.convert("RGB"), float)
    return float((pixels[:, :, 0] - pixels[:, :, 2]).mean())


def test_a_character_has_five_expressions_of_one_portrait(small: Small, tmp_path: Path) -> None:
    done = small("character-expressions", ["robot"], ["plan.steps=4", "mood_plan.steps=4"])
    assert len(made(done, "portrait")) == 1
    moods = made(done, "paint")
    assert len({mood.digest for mood in moods}) == 5
    assert len(set(seeds(done, "paint"))) == 1
    assert warmth(*made(done, "paint", mood="angry")) > warmth(*made(done, "paint", mood="sad"))
    (sheet,) = made(done, "sheet")
    assert isinstance(sheet, Atlas)
    names = [frame.coordinates["mood"] for frame in sheet.frames]
    assert names == ["calm", "happy", "angry", "sad", "sick"]
    assert len({frame.y for frame in sheet.frames}) == 1
    pictures = exported(done, tmp_path / "build" / "expressions")
    assert set(pictures) == {f"robot_{mood}.png" for mood in names}


def test_textures_are_tiles_with_normal_maps(small: Small, tmp_path: Path) -> None:
    ideas = [{"id": "frost", "value": "snowflake", "ground": "sky"}]
    done = small("tileable-textures", ideas, ["plan.steps=3"])
    (tile,), (normal,) = made(done, "tile"), made(done, "normal")
    assert isinstance(normal, NormalMap)
    assert normal.size == tile.size
    for across in (tile, normal):
        pixels = np.asarray(across.pil.convert("RGB"), float)
        seam = np.abs(pixels[:, 0] - pixels[:, -1]).mean()
        within = np.abs(np.diff(pixels, axis=1)).mean(axis=(0, 2)).max()
        assert seam <= within
    (prompt,) = made(done, "amend")
    assert prompt.background == "sky"
    pictures = exported(done, tmp_path / "build" / "textures")
    assert set(pictures) == {"frost_albedo.png", "frost_normal.png"}
    assert pictures["frost_normal.png"].tobytes() == normal.pil.tobytes()


def test_buttons_have_three_states_by_numbers(small: Small, tmp_path: Path) -> None:
    done = small("button-states", ["red heart"], ["plan.steps=4"])
    (cut,) = made(done, "cut")
    (rest,), (hover,), (disabled,) = (
        made(done, "button", state=state) for state in ("rest", "hover", "disabled")
    )
    assert rest == cut
    passed = [result.key for (name, _), result in done.results.items.items() if name in {"cut", "button"}]
    assert len(set(passed)) == 3  # the resting state is the cut itself, by `when:`
    light = [np.asarray(button.pil, float)[:, :, :3].mean() for button in (rest, hover, disabled)]
    assert light[1] > light[0] > light[2]
    assert abs(warmth(disabled)) < abs(warmth(rest)) / 2
    alphas = {button.pil.getchannel("A").tobytes() for button in (rest, hover, disabled)}
    assert len(alphas) == 1
    (row,) = made(done, "row")
    assert [frame.coordinates["state"] for frame in row.frames] == ["rest", "hover", "disabled"]
    pictures = exported(done, tmp_path / "build" / "buttons")
    assert set(pictures) == {f"red-heart_{state}.png" for state in ("rest", "hover", "disabled")}


def test_an_animation_is_a_strip_of_four_frames_that_closes(small: Small, tmp_path: Path) -> None:
    done = small("idle-animation", ["candle", "bee"], ["plan.steps=4"])
    for idea in ("candle", "bee"):
        (loop,) = made(done, "idle", idea=idea)
        assert [loop[0]] == made(done, "render", idea=idea)
        assert loop[1] == loop[3] != loop[2]
        cuts = made(done, "cut", idea=idea)
        assert [cut.mode for cut in cuts] == ["RGBA"] * 4
        (strip,) = made(done, "strip", idea=idea)
        assert [frame.coordinates["frame"] for frame in strip.frames] == ["0", "1", "2", "3"]
        frame = strip.frames[2]
        box = (frame.x, frame.y, frame.x + frame.width, frame.y + frame.height)
        assert strip.pil.crop(box).tobytes() == cuts[2].pil.tobytes()
    pictures = exported(done, tmp_path / "build" / "idle")
    assert set(pictures) == {"candle.png", "bee.png"}


def test_two_painters_draw_the_same_prompts_on_the_same_noise(small: Small, tmp_path: Path) -> None:
    other = tiny_checkpoints.stable_diffusion_1_4(tmp_path / "candidate")
    overrides = ["plan.steps=3", "candidate_plan.steps=2", f"models.candidate={other.as_posix()}"]
    done = small("two-painters", ["red apple"], overrides)
    assert seeds(done, "render") == seeds(done, "candidate_render")
    assert len(set(seeds(done, "render"))) == 3
    assert {image.size for image in made(done, "render")} == {(256, 256)}
    assert {image.size for image in made(done, "candidate_render")} == {(64, 64)}
    for render, score, best in (
        ("render", "score", "best"),
        ("candidate_render", "candidate_score", "candidate_best"),
    ):
        scores: list[Score] = made(done, score)
        assert {one.texts for one in scores} == {("a red apple icon",)}
        highest = max(range(3), key=lambda at, scores=scores: scores[at].value)
        assert made(done, best) == [made(done, render)[highest]]
    assert len(done.sheets) == 2


def test_item_icons_in_one_look(small: Small) -> None:
    done = small("item-icons", ["fire sword", "一只可爱的猫咪"], ["plan.steps=2"])
    assert [picture.size for picture in done.pictures] == [(256, 256)] * 2
    assert len(done.sheets) == 1


@pytest.mark.parametrize("name", sorted(ready_recipes()))
def test_a_ready_recipe_says_what_it_shows_and_is_named_as_its_file(name: str) -> None:
    text = ready_recipes()[name].read_text("utf-8")
    assert text.startswith("# ")
    assert f"\nname: {name}\n" in text
