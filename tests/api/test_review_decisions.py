"""What passes a review stage, is told stale, and may be exported."""

from __future__ import annotations

import json
import shutil

import pytest
from PIL import Image as PillowImage

from orchestrator.stage import Image
from tests.api.review_studio import (
    RECIPE,
    STAGES,
    SWORD,
    SWORD_ENTRY,
    Studio,
    assets_of_item,
    at,
    decision,
    items_of,
)


@pytest.fixture
def studio(tmp_path):
    return Studio(tmp_path)


def test_nothing_passes_before_it_is_approved(studio):
    run = studio.run(out=studio.folder / "out")
    assert run.counts["waiting"] == 4
    assert not run.failures
    rejected = decision(run, studio, "rejected", idea="fire-sword", look="pixel")
    studio.write(decision(run, studio, **SWORD), rejected)
    run = studio.run()
    assert at(run, "final", **SWORD).outcome == "stored"
    assert at(run, "final", **SWORD).artifact_digest == at(run, "draw", **SWORD).artifact_digest
    assert at(run, "final", idea="fire-sword", look="pixel").outcome == "waiting"
    assert run.counts["waiting"] == 3
    assert sum(run.counts.values()) == len(run.results.items)


def test_what_waits_makes_its_consumers_wait(studio):
    studio.change("inputs: {images: draw}", "inputs: {images: final}")
    run = studio.run()
    assert at(run, "sheet").outcome == "waiting"
    assert run.counts["waiting"] == 5


def test_an_approved_picture_stands_though_the_recipe_changes_and_is_told_stale(studio):
    run = studio.run(out=studio.folder / "out")
    studio.write(decision(run, studio, **SWORD))
    assert not [finding for finding in studio.check().findings if finding.code == "W660"]
    approved = at(studio.run(), "final", **SWORD).artifact_digest
    studio.change("with: {look: $item.look}", "with: {look: $item.look, side: 20}")
    (stale,) = [finding for finding in studio.check().findings if finding.code == "W660"]
    assert stale.span.file.endswith("recipe.review.yaml")
    run = studio.run()
    assert at(run, "final", **SWORD).artifact_digest == approved
    assert at(run, "draw", **SWORD).artifact_digest != approved
    (asset,) = assets_of_item(run, "final", **SWORD)
    assert list(asset.steps) == ["final"]
    (told,) = [review for review in run.report.reviews if review.state == "stale"]
    assert told.artifact == at(run, "draw", **SWORD).artifact_digest
    assert told.approved == approved


def test_an_approved_picture_comes_from_beside_the_review_file_else_it_is_lost(studio):
    run = studio.run(out=studio.folder / "out")
    studio.write(decision(run, studio, **SWORD))
    picture = run.results.items["draw", (("idea", "fire-sword"), ("look", "flat"))].artifact()
    shutil.rmtree(studio.folder / "store")
    studio.change("with: {look: $item.look}", "with: {look: $item.look, side: 20}")
    run = studio.run()
    assert (at(run, "final", **SWORD).outcome, at(run, "final", **SWORD).code) == ("failed", "E537")
    folder = studio.folder / "recipe.approved" / "final"
    folder.mkdir(parents=True)
    PillowImage.new("RGB", (1, 1)).save(folder / "fire-sword_flat.png")
    assert at(studio.run(), "final", **SWORD).outcome == "failed"
    picture.pil.save(folder / "fire-sword_flat.png")
    run = studio.run()
    assert at(run, "final", **SWORD).artifact_digest == picture.digest
    assert at(run, "final", **SWORD).artifact().digest == picture.digest


def test_what_only_approved_pictures_need_is_not_made(studio):
    studio.change("  sheet: {use: studio.sheet, inputs: {images: draw}}\n", "")
    run = studio.run(out=studio.folder / "out")
    studio.write(decision(run, studio, **SWORD), decision(run, studio, idea="health-potion", look="flat"))
    folder = studio.folder / "recipe.approved" / "final"
    folder.mkdir(parents=True)
    for idea in ("fire-sword", "health-potion"):
        at(run, "draw", idea=idea, look="flat").artifact().pil.save(folder / f"{idea}_flat.png")
    shutil.rmtree(studio.folder / "store")
    studio.write(
        *(line.removeprefix("- {").removesuffix("}") for line in studio.review.read_text().splitlines()),
        "item: {idea: health-potion, look: pixel}, dropped: true",
    )
    run = studio.run()
    assert at(run, "final", **SWORD).outcome == "stored"
    assert at(run, "draw", **SWORD).outcome == "skipped"
    assert at(run, "draw", idea="fire-sword", look="pixel").outcome == "done"
    assert at(run, "words", idea="fire-sword").outcome == "done"
    assert at(run, "words", idea="health-potion").outcome == "skipped"
    assert not run.failures
    assert {tuple(asset.coordinates.values()) for asset in run.items} == {
        ("fire-sword", "flat"), ("health-potion", "flat"),
    }  # fmt: skip


PAINTED = """\
recipe: 1
name: painted
models:
  painter: {diffusion: ./not-here}
items:
  idea: [fire sword, bow]
stages:
  expand: {use: expand}
  plan: {use: plan}
  render: {use: render}
  final: {use: review}
export:
  - {from: final, to: build, format: files}
"""


def test_approved_pictures_are_exported_without_the_model_that_drew_them(studio):
    studio.recipe.write_text(PAINTED, encoding="utf-8")
    folder = studio.folder / "recipe.approved" / "final"
    folder.mkdir(parents=True)
    entries = []
    for idea, colour in (("fire-sword", "red"), ("bow", "brown")):
        picture = Image.of(PillowImage.new("RGB", (4, 4), colour))
        picture.pil.save(folder / f"{idea}.png")
        digests = f"artifact: {picture.digest}, made_from: {picture.digest}"
        entries.append(f"item: {{idea: {idea}}}, review: final, decision: approved, {digests}")
    studio.write(*entries)
    assert [finding.code for finding in studio.check().findings] == ["W662"]
    run = studio.run()
    run.export()
    assert {path.name for path in (studio.folder / "build").glob("*.png")} == {"bow.png", "fire-sword.png"}
    assert (run.counts["stored"], run.counts["skipped"], run.counts["done"]) == (2, 6, 0)
    (lacking,) = studio.refused(entries[0])
    assert lacking.code.startswith("E3")


def test_what_ran_once_more_for_another_item_is_no_asset(studio):
    studio.change("with: {look: $item.look}", "with: {side: 9}")
    studio.change("  final: {use: review}\n", "  framed: {use: studio.framed, with: {look: $item.look}}\n")
    studio.change("images: draw", "images: framed")
    studio.write(f"{SWORD_ENTRY}, set: {{draw.side: 16}}")
    run = studio.run(out=studio.folder / "out")
    assert len(items_of(run, "draw")) == 3
    assert at(run, "framed", **SWORD).artifact().size[0] == 16
    assert at(run, "framed", idea="fire-sword", look="pixel").artifact().size[0] == 9
    assert len(run.items) == 4


def test_a_picture_that_ran_for_one_item_alone_is_judged_for_it_alone(studio):
    studio.change("  look: [flat, pixel]\n", "  look: [flat, pixel]\n  tint: [x, y]\n")
    studio.change("  sheet: {use: studio.sheet, inputs: {images: draw}}\n",
                  "  framed: {use: studio.framed, with: {look: x}, per: [tint]}\n")  # fmt: skip
    changed = "item: {idea: fire-sword, look: flat, tint: y}, set: {draw.side: 16}"
    studio.write(changed)
    run = studio.run(out=studio.folder / "out")
    item = {**SWORD, "tint": "y"}
    assert at(run, "final", **item).outcome == at(run, "final", **SWORD).outcome == "waiting"
    studio.write(decision(run, studio, **item), changed)
    run = studio.run()
    assert at(run, "framed", **item).artifact().size[0] == 16
    assert at(run, "framed", **SWORD, tint="x").outcome == "waiting"
    (finding,) = studio.refused(decision(run, studio, **item))
    assert finding.code == "E267"


FRAMES = """\


@stage("studio.frames", version=1, seeded=True)
def frames(prompt: Prompt, ctx: Context) -> Many[Image]:
    from PIL import Image as PillowImage

    return Many(Image.of(PillowImage.new("L", (1, 1), ctx.seed % 90 + place)) for place in range(3))
"""


def test_a_review_may_judge_frame_by_frame(studio):
    stages = STAGES.replace("Image, Params", "Image, Many, Params") + FRAMES
    (studio.folder / "stages.py").write_text(stages, encoding="utf-8")
    text = RECIPE[: RECIPE.index("  draw:")].replace("  look: [flat, pixel]\n", "")
    idle = "  idle: {use: studio.frames}\n"
    cut = "  cut: {use: studio.framed, each: {frame: idle}, with: {look: x}}\n"
    studio.recipe.write_text(text + idle + cut + "  final: {use: review}\n", encoding="utf-8")
    run = studio.run(out=studio.folder / "out")
    assert run.counts["waiting"] == 6
    studio.write(decision(run, studio, idea="fire-sword", frame="1"))
    run = studio.run()
    assert not [finding for finding in run.checked.findings if finding.code.startswith("W66")]
    assert at(run, "final", idea="fire-sword", frame="1").outcome == "stored"
    assert run.counts["waiting"] == 5
    digest = at(run, "final", idea="fire-sword", frame="1").artifact_digest
    studio.write(decision(studio.run(out=studio.folder / "out"), studio, idea="fire-sword", frame="1"),
                 "item: {idea: fire-sword}, attempt: 1")  # fmt: skip
    run = studio.run()
    assert [finding.code for finding in run.checked.findings if finding.code == "W660"] == ["W660"]
    assert at(run, "final", idea="fire-sword", frame="1").artifact_digest == digest


def test_made_from_tells_causes_and_nothing_else(studio):
    def causes():
        studio.run(out=studio.folder / "out")
        document = json.loads((studio.folder / "out/run.json").read_text(encoding="utf-8"))
        return {tuple(review["coordinates"].values()): review["made_from"] for review in document["reviews"]}

    first = causes()
    assert len(set(first.values())) == 4
    studio.change("[fire sword, health potion]", "[fire sword, bow, health potion]")
    more = causes()
    assert {item: more[item] for item in first} == first
    studio.change("fire sword", "{id: fire-sword, value: ice sword}")
    renamed = causes()
    assert renamed["fire-sword", "flat"] != first["fire-sword", "flat"]
    assert renamed["health-potion", "flat"] == first["health-potion", "flat"]


def test_a_dimension_more_keeps_the_approval_of_what_is_made_alike(studio):
    run = studio.run(out=studio.folder / "out")
    entry = decision(run, studio, **SWORD)
    studio.write(entry)
    studio.change("  look: [flat, pixel]\n", "  look: [flat, pixel]\n  variant: 2\n")
    run = studio.run()
    assert at(run, "final", **SWORD, variant="1").outcome == "stored"
    assert at(run, "final", **SWORD, variant="2").outcome == "waiting"
    studio.change("seed: 7", "seed: 8")
    (lost,) = [finding for finding in studio.check().findings if finding.code == "W661"]
    assert lost.fix == "item: {idea: fire-sword, look: flat, variant: …}"


def test_only_what_is_approved_is_exported(studio):
    with studio.recipe.open("a", encoding="utf-8") as file:
        file.write("export:\n")
        file.writelines(f"  - {{from: {stage}, to: {stage}, format: files}}\n" for stage in ("final", "draw"))
    run = studio.run(out=studio.folder / "out")
    studio.write(decision(run, studio, **SWORD))
    studio.run().export()
    assert [path.name for path in (studio.folder / "final").glob("*.png")] == ["fire-sword_flat.png"]
    assert [path.name for path in (studio.folder / "draw").glob("*.png")] == ["fire-sword_flat.png"]


def test_an_animation_is_exported_once_none_of_its_frames_waits(studio):
    stages = STAGES.replace("Image, Params", "Image, Many, Params") + FRAMES
    (studio.folder / "stages.py").write_text(stages, encoding="utf-8")
    text = RECIPE[: RECIPE.index("  draw:")].replace("  look: [flat, pixel]\n", "")
    studio.recipe.write_text(
        text + "  idle: {use: studio.frames}\n"
        "  cut: {use: studio.framed, each: {frame: idle}, with: {look: x}}\n  final: {use: review}\n"
        "export:\n  - {from: idle, to: idle, format: files}\n",
        encoding="utf-8",
    )
    run = studio.run(out=studio.folder / "out")
    entries = [decision(run, studio, idea="fire-sword", frame=str(number)) for number in range(3)]
    studio.write(*entries[:2])
    studio.run().export()
    assert not list(studio.folder.glob("idle/*.png"))
    studio.write(*entries)
    studio.run().export()
    assert len(list(studio.folder.glob("idle/*.png"))) == 3
