"""The review file on a run: settings, attempts, what is dropped, and what passes a review stage."""

from __future__ import annotations

import json
import shutil

import pytest
from PIL import Image as PillowImage

import orchestrator
from orchestrator.api.assets import assets_of
from orchestrator.errors import InvalidInput
from orchestrator.stage import Image

STAGES = '''\
"""Words, swatches and frames; none needs a model."""

from orchestrator.stage import Context, Field, Gathered, Idea, Image, Params, Prompt, Sheet, stage


class Words(Params):
    colour: str = "red"


class Swatch(Params):
    side: int = Field(default=8, ge=1, le=64)
    look: str = ""


@stage("studio.words", version=1)
def words(idea: Idea, params: Words) -> Prompt:
    return Prompt(subject=idea.text, colour=params.colour)


@stage("studio.swatch", version=1, seeded=True, variants=True)
def swatch(prompt: Prompt, params: Swatch, ctx: Context) -> Image:
    from PIL import Image as PillowImage

    ctx.note("drawn", prompt.colour)
    colour = tuple(ctx.seed >> shift & 255 for shift in (0, 8, 16))
    return Image.of(PillowImage.new("RGB", (params.side, params.side + len(prompt.colour)), colour))


class Framed(Params):
    look: str


@stage("studio.framed", version=1)
def framed(image: Image, params: Framed) -> Image:
    return image


@stage("studio.sheet", version=1, missing="refuse")
def sheet(images: Gathered[Image]) -> Sheet:
    from PIL import Image as PillowImage

    return Sheet.of(PillowImage.new("L", (len(images), 1)))
'''

RECIPE = """\
recipe: 1
name: swatches
seed: 7
items:
  idea: [fire sword, health potion]
  look: [flat, pixel]
stages:
  words: {use: studio.words}
  draw: {use: studio.swatch, with: {look: $item.look}}
  final: {use: review}
  sheet: {use: studio.sheet, inputs: {images: draw}}
"""


class Studio:
    """A folder with a recipe and its review file."""

    def __init__(self, folder):
        self.folder = folder
        self.recipe, self.review = folder / "recipe.yaml", folder / "recipe.review.yaml"
        (folder / "stages.py").write_text(STAGES, encoding="utf-8")
        self.recipe.write_text(RECIPE, encoding="utf-8")

    def write(self, *entries):
        self.review.write_text("".join(f"- {{{entry}}}\n" for entry in entries), encoding="utf-8")

    def change(self, old, new):
        text = self.recipe.read_text(encoding="utf-8")
        assert old in text
        self.recipe.write_text(text.replace(old, new), encoding="utf-8")

    def run(self, **more):
        settings = orchestrator.Settings(store=self.folder / "store")
        return orchestrator.run(
            self.recipe, stages_files=[self.folder / "stages.py"], settings=settings, **more
        )

    def check(self, **more):
        settings = orchestrator.Settings(store=self.folder / "store")
        return orchestrator.check(
            self.recipe, stages_files=[self.folder / "stages.py"], settings=settings, **more
        )

    def refused(self, *entries):
        self.write(*entries)
        with pytest.raises(InvalidInput) as raised:
            self.check()
        return [finding for finding in raised.value.findings if finding.severity == "error"]


@pytest.fixture
def studio(tmp_path):
    return Studio(tmp_path)


def at(run, stage, **item):
    """The result of a stage at an item."""
    (found,) = (
        result
        for (name, coordinates), result in run.results.items.items()
        if name == stage and dict(coordinates) == item
    )
    return found


def items_of(run, stage):
    return [dict(coordinates) for name, coordinates in run.results.items if name == stage]


def assets_of_item(run, stage, **item):
    found = assets_of(run.checked.graph, run.results, (stage,))
    return [asset for asset in found if asset.coordinates == item]


SWORD = {"idea": "fire-sword", "look": "flat"}
SWORD_ENTRY = "item: {idea: fire-sword, look: flat}"


def decision(run, studio, word="approved", **item):
    """An entry as one writes it by hand from the page of a run."""
    (shown,) = (
        picture
        for picture in json.loads((studio.folder / "out/run.json").read_text(encoding="utf-8"))["reviews"]
        if picture["coordinates"] == item
    )
    ids = ", ".join(f"{name}: {value}" for name, value in item.items())
    return (
        f"item: {{{ids}}}, review: {shown['review']}, decision: {word}, artifact: '{shown['artifact']}', "
        f"made_from: '{shown['made_from']}'"
    )


def test_a_setting_holds_at_every_item_that_it_names(studio):
    before = studio.run()
    studio.write("item: {idea: fire-sword}, set: {draw.side: 16}")
    after = studio.run()
    for look in ("flat", "pixel"):
        assert at(after, "draw", idea="fire-sword", look=look).params["side"] == 16
        item = {"idea": "health-potion", "look": look}
        assert at(after, "draw", **item).key == at(before, "draw", **item).key
    assert at(after, "draw", **SWORD).seed == at(before, "draw", **SWORD).seed


def test_a_stage_with_fewer_dimensions_runs_once_more_for_the_item_alone(studio):
    before = studio.run()
    studio.write(f"{SWORD_ENTRY}, set: {{words.colour: turquoise}}")
    after = studio.run()
    assert items_of(after, "words") == [
        {"idea": "fire-sword"}, {"idea": "fire-sword", "look": "flat"}, {"idea": "health-potion"},
    ]  # fmt: skip
    assert at(after, "draw", **SWORD).notes["drawn"] == "turquoise"
    (asset,) = assets_of_item(after, "draw", **SWORD)
    assert asset.prompt.colour == "turquoise"
    assert at(after, "draw", idea="fire-sword", look="pixel").notes["drawn"] == "red"
    assert at(after, "draw", idea="fire-sword", look="pixel").key == at(
        before, "draw", idea="fire-sword", look="pixel"
    ).key
    assert after.counts["done"] == 3  # the words, the picture and the sheet


def test_the_more_exact_entry_wins(studio):
    studio.write(f"{SWORD_ENTRY}, set: {{draw.side: 4}}", "item: {idea: fire-sword}, set: {draw.side: 16}")
    run = studio.run()
    assert at(run, "draw", **SWORD).params["side"] == 4
    assert at(run, "draw", idea="fire-sword", look="pixel").params["side"] == 16


def test_a_review_setting_wins_over_the_command_line(studio):
    studio.write("item: {idea: fire-sword}, set: {draw.side: 16}")
    run = studio.run(overrides=["draw.side=20"])
    assert at(run, "draw", **SWORD).params["side"] == 16
    assert at(run, "draw", idea="health-potion", look="flat").params["side"] == 20


def test_a_variable_may_be_otherwise_at_an_item(studio):
    studio.change("words: {use: studio.words}", "words: {use: studio.words, with: {colour: $vars.hue}}")
    studio.change("items:\n", "vars: {hue: red, side: 8}\nitems:\n")
    studio.change("with: {look: $item.look}", "with: {look: $item.look, side: $vars.side}")
    studio.write(f"{SWORD_ENTRY}, set: {{vars.hue: turquoise, vars.side: 12}}")
    run = studio.run()
    assert at(run, "draw", **SWORD).notes["drawn"] == "turquoise"
    assert at(run, "draw", **SWORD).params["side"] == 12
    assert at(run, "draw", idea="fire-sword", look="pixel").notes["drawn"] == "red"
    for wrong, code in (("vars.hues: x", "E141"), ("vars.hue: 3", "E155"), ("vars.side: 100", "E203")):
        (finding,) = studio.refused(f"{SWORD_ENTRY}, set: {{{wrong}}}")
        assert (finding.code, finding.span.file.endswith("recipe.review.yaml")) == (code, True)


def test_an_attempt_moves_the_seed_of_its_item_and_no_other(studio):
    before = studio.run()
    studio.write(f"{SWORD_ENTRY}, attempt: 1")
    after = studio.run()
    assert at(after, "draw", **SWORD).seed != at(before, "draw", **SWORD).seed
    assert at(after, "words", idea="fire-sword").seed == at(before, "words", idea="fire-sword").seed
    assert after.counts["done"] == 2  # the picture and the sheet
    studio.write(f"{SWORD_ENTRY}, attempt: 2")
    assert at(studio.run(), "draw", **SWORD).seed != at(after, "draw", **SWORD).seed
    studio.write(f"{SWORD_ENTRY}, attempt: 0")
    assert at(studio.run(), "draw", **SWORD).seed == at(before, "draw", **SWORD).seed


def test_what_is_dropped_is_skipped_and_no_gather_waits_for_it(studio):
    whole = studio.run()
    assert at(whole, "sheet").artifact().size == (4, 1)
    studio.write(f"{SWORD_ENTRY}, dropped: true")
    run = studio.run()
    assert at(run, "draw", **SWORD).outcome == "skipped"
    assert at(run, "words", idea="fire-sword").outcome == "stored"
    assert at(run, "sheet").artifact().size == (3, 1)
    assert run.counts["skipped"] == 2
    studio.write("item: {idea: fire-sword}, dropped: true", "item: {idea: health-potion}, dropped: true")
    assert at(studio.run(), "sheet").outcome == "skipped"


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


@pytest.mark.parametrize(
    ("entry", "code", "fix"),
    [
        ("item: {ide: fire-sword}, dropped: true", "E260", "idea"),
        ("item: {idea: fire-sword, variant: 3}, dropped: true", "E260", ""),
        ("item: {idea: fire-swort}, dropped: true", "E261", "{id: fire-swort, value: fire sword}"),
        ("item: {idea: fire-sword}, set: {drw.side: 3}", "E262", "draw.side"),
        ("item: {idea: fire-sword}, set: {draw.sid: 3}", "E202", "side"),
        ("item: {idea: fire-sword}, set: {draw.side: 300}", "E203", None),
        ("item: {idea: fire-sword, look: flat}, set: {draw.side: wide}", "E203", None),
        ("item: {idea: fire-sword, look: flat}, set: {sheet.x: wide}", "E202", None),
        ("item: {idea: fire-sword}, set: {words.colour: $item.look}", "E263", None),
        ("item: {}, attempt: 1", None, None),
        ("item: {idea: fire-sword}, review: draw, decision: approved, " + "artifact: 'sha256:" + "a" * 64
         + "', made_from: 'sha256:" + "a" * 64 + "'", "E266", "final"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_code(studio, entry, code, fix):
    if code is None:
        studio.write(entry)
        studio.check()
        return
    (finding,) = studio.refused(entry)
    assert finding.code == code
    assert finding.span.file.endswith("recipe.review.yaml")
    assert fix is None or finding.fix == fix


def test_an_attempt_that_moves_no_seed_names_coordinates_that_would(studio):
    studio.change("with: {look: $item.look}", "with: {side: 9}")
    studio.change("  sheet:", "  other: {use: studio.words, with: {colour: $item.look}}\n  sheet:")
    (finding,) = studio.refused(f"{SWORD_ENTRY}, attempt: 1")
    assert (finding.code, finding.fix) == ("E265", "item: {idea: fire-sword}")


def test_a_setting_that_nothing_below_could_show_is_refused(studio):
    studio.change("with: {look: $item.look}", "with: {side: 9}")
    studio.change("  sheet:", "  other: {use: studio.words, with: {colour: $item.look}}\n  sheet:")
    (finding,) = studio.refused(f"{SWORD_ENTRY}, set: {{draw.side: 3}}")
    assert (finding.code, finding.fix) == ("E264", "item: {idea: fire-sword}")


def test_entries_about_ideas_that_the_caller_replaced_are_passed_over(studio):
    studio.write("item: {idea: fire-sword}, set: {draw.side: 16}")
    run = studio.run(items={"idea": ["bow"]})
    assert at(run, "draw", idea="bow", look="flat").params["side"] == 8


def test_findings_of_the_review_file_come_with_those_of_the_recipe(studio):
    studio.change("studio.swatch", "studio.swach")
    studio.write("item: {idea: fire-sword}, drpped: true")
    with pytest.raises(InvalidInput) as raised:
        studio.check()
    assert {finding.code for finding in raised.value.findings} == {"E201", "E111"}


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


def test_a_review_file_may_end_in_yml(studio):
    studio.review = studio.review.with_suffix(".yml")
    studio.write("item: {idea: fire-sword}, dropped: true")
    assert studio.check().graph.review.dropped({"idea": "fire-sword", "look": "flat"})
