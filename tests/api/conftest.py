"""A studio whose pictures need no model: a stage file, a recipe and a store of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.config import Settings

STAGES = '''\
"""Draws a plain swatch for an idea; an idea that says so fails."""

from orchestrator.stage import Context, Field, Idea, Image, Params, StageFailure, stage


class Swatch(Params):
    """Draw a swatch."""

    side: int = Field(default=8, ge=1, le=64, description="side, px")


@stage("studio.swatch", version=1, variants=True, seeded=True)
def swatch(idea: Idea, params: Swatch, ctx: Context) -> Image:
    from PIL import Image as PillowImage

    if "fail" in idea.text:
        raise StageFailure("the brush broke", code="E501", help="use another idea")
    colour = tuple(ctx.seed >> shift & 255 for shift in (0, 8, 16))
    ctx.note("reasons", {"colour": "from the seed"})
    return Image.of(PillowImage.new("RGB", (params.side, params.side), colour))


@stage("studio.frame", version=1)
def frame(image: Image) -> Image:
    from PIL import ImageOps

    return Image.of(ImageOps.expand(image.pil, 1))
'''

RECIPE = """\
recipe: 1
name: swatches
seed: 7
items:
  idea: [fire sword, 一只可爱的猫咪, health potion]
stages:
  draw: {use: studio.swatch}
  frame: {use: studio.frame}
  sheet: {use: contact-sheet}
"""


@pytest.fixture
def studio(tmp_path: Path) -> Path:
    """A folder with `stages.py` and `recipe.yaml`."""
    (tmp_path / "stages.py").write_text(STAGES, encoding="utf-8")
    (tmp_path / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a store of this test alone."""
    return Settings(store=tmp_path / "store")
