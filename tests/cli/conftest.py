"""A studio whose stages need no model, and the command line inside its folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

STAGES = '''\
"""Words and swatches for ideas; an idea that says so fails or takes its time."""

import time

from orchestrator.stage import Context, Field, Idea, Image, Params, Prompt, StageFailure, stage


@stage("studio.words", version=1)
def words(idea: Idea, ctx: Context) -> Prompt:
    ctx.note("reasons", {"colour": "it is the only one we have"})
    return Prompt(subject=idea.text, colour="red")


class Swatch(Params):
    """Draw a swatch."""

    side: int = Field(default=8, ge=1, le=64, description="side, px")
    seconds: float = Field(default=0.0, ge=0, description="how long it takes")


@stage("studio.swatch", version=1, seeded=True)
def swatch(prompt: Prompt, params: Swatch, ctx: Context) -> Image:
    from PIL import Image as PillowImage

    if "broken" in prompt.subject:
        raise StageFailure("the brush broke", code="E501", help="use another idea")
    time.sleep(params.seconds)
    colour = tuple(ctx.seed >> shift & 255 for shift in (0, 8, 16))
    return Image.of(PillowImage.new("RGB", (params.side, params.side), colour))
'''

RECIPE = """\
recipe: 1
name: swatches
seed: 7
items:
  idea: [fire sword, 一只可爱的猫咪, health potion]
stages:
  words: {use: studio.words}
  draw: {use: studio.swatch}
"""

RUN = ["run", "recipe.yaml", "--stages", "stages.py"]


@pytest.fixture
def studio(tmp_path: Path, own_store: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with `stages.py` and `recipe.yaml`, and a store of its own."""
    (tmp_path / "stages.py").write_text(STAGES, encoding="utf-8")
    (tmp_path / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ORCHESTRATOR_STORE", str(own_store))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    return tmp_path


@pytest.fixture
def command() -> list[str]:
    """How another process starts the command."""
    return [sys.executable, "-m", "orchestrator.cli"]


@pytest.fixture
def narrow_encoding() -> dict[str, str]:
    """An environment in which Python's streams are those of a Windows pipe."""
    return {**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
