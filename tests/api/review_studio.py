"""A studio with a review file: its stages need no model; and ways to look into its runs."""

from __future__ import annotations

import json

import pytest

import orchestrator
from orchestrator.api.assets import assets_of
from orchestrator.errors import InvalidInput

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
