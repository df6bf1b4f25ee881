"""The example painter, installed as a package: behind an endpoint and in a folder; nothing changed."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

RECIPE = """\
recipe: 1
name: stamps
models:
  painter: {{diffusion: {source}}}
items:
  idea: [fire sword]
stages:
  expand: {{use: expand}}
  plan: {{use: plan, with: {{style: {style}}}}}
  render: {{use: render}}
"""
CONFIG = """\
[endpoints.studio]
kind = "diffusion"
provider = "inkpad"
model = "indigo"
identity = "the pad of 2026"
"""
DRAW = """
import hashlib, json, sys
import orchestrator
from orchestrator.backends.llm.scripted import ScriptedWriter
run = orchestrator.run(RECIPE, models={"writer": ScriptedWriter()})
asset = run.assets[0]
picture = asset.image
colours = sorted(colour for _, colour in picture.getcolors(9999))
model = asset.model
print(json.dumps({
    "pixels": hashlib.sha256(picture.tobytes()).hexdigest(), "size": picture.size, "colours": colours,
    "identity": model.identity, "source": model.source, "provider": model.provider, "key": asset.identity,
    "environment": dict(asset.result.environment), "torch": "torch" in sys.modules,
}))
"""


@pytest.fixture(scope="module")
def studio(python: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An environment with the package, and a folder with a recipe for an endpoint and one for a folder."""
    folder = tmp_path_factory.mktemp("studio")
    (folder / "config").mkdir()
    (folder / "config" / "config.toml").write_text(CONFIG, "utf-8")
    (folder / "pads" / "blue").mkdir(parents=True)
    (folder / "pads" / "blue" / "inkpad.json").write_text('{"ink": "indigo"}', "utf-8")
    for name, source, style in (
        ("endpoint", "studio", "flat"),
        ("folder", "pads/blue", "flat"),
        ("pixel", "studio", "pixel"),
    ):
        (folder / f"{name}.yaml").write_text(RECIPE.format(source=source, style=style), "utf-8")
    return python, folder


def said(studio: tuple[Path, Path], code: str) -> str:
    """What a program writes in the studio."""
    python, folder = studio
    here = {"ORCHESTRATOR_CONFIG": str(folder / "config"), "ORCHESTRATOR_STORE": str(folder / "store")}
    others = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [python, "-c", code], cwd=folder, env={**others, **here}, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout.decode("utf-8")


def test_it_draws_behind_an_endpoint_and_in_a_folder(studio: tuple[Path, Path]) -> None:
    endpoint, folder, pixel = (
        json.loads(said(studio, DRAW.replace("RECIPE", f"'{name}.yaml'")))
        for name in ("endpoint", "folder", "pixel")
    )
    assert endpoint["size"] == [64, 64]
    assert endpoint["colours"] == [[75, 0, 130], [255, 255, 255]]
    assert endpoint["pixels"] == folder["pixels"]
    assert (endpoint["source"], folder["source"]) == ("studio", "pads/blue")
    assert endpoint["provider"] == folder["provider"] == "inkpad"
    assert endpoint["identity"] != folder["identity"]
    assert endpoint["environment"]["inkpad"] == "studio-inkpad 1.0"
    assert not endpoint["torch"]
    assert pixel["pixels"] != endpoint["pixels"], "the plan's post steps are done for every provider"


def test_it_is_listed_with_its_package(studio: tuple[Path, Path]) -> None:
    command = "from orchestrator.cli import main; main(['models', {}])"
    document = json.loads(said(studio, command.format("'--json'")))
    (provider,) = document["providers"]
    assert (provider["name"], provider["package"], provider["release"]) == ("inkpad", "studio-inkpad", "1.0")
    assert document["endpoints"][0]["provided"] is True
    assert document["findings"] == []
