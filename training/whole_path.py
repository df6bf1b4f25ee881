"""The whole path: typed ideas through expand, plan and render of the product, read by the judge."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from orchestrator.api import Part, run
from orchestrator.config import Settings
from training import judge as judging
from training.easel import as_pictures
from training.settings import ROOT
from training.vocabulary import ATTRIBUTES, STYLES

IDEAS = ROOT / "benchmarks" / "ideas_drawable.txt"
RECIPE = ROOT / "pipelines" / "item-icons.yaml"


@dataclass(frozen=True)
class Miss:
    """An idea whose picture shows none of its nouns (`axe | battleaxe`).

    `planned` is the noun that the plan names.
    """

    idea: str
    wanted: str
    planned: str
    seen: str
    style: str

    def line(self) -> str:
        """Idea, style, and where it went wrong."""
        where = (
            f"planned as {self.planned}"
            if self.planned not in self.wanted.split(" | ")
            else f"read as {self.seen}"
        )
        return f"{self.idea} ({self.style}): {where}"


def ideas() -> list[tuple[str, str]]:
    """Each idea with its noun."""
    lines = IDEAS.read_text(encoding="utf-8").splitlines()
    pairs = (line.rpartition(": ") for line in lines if line and not line.startswith("#"))
    return [(idea, noun) for idea, _, noun in pairs]


def misses(judge: judging.Judge, threads: int, asked: list[tuple[str, str]]) -> list[Miss]:
    """What goes wrong; every fourth idea in each style, so that all four are met."""
    found: list[Miss] = []
    with tempfile.TemporaryDirectory() as store:
        settings = Settings(store=Path(store), threads=threads)
        for k, style in enumerate(STYLES):
            found += _in_style(judge, settings, asked[k :: len(STYLES)], style)
    return found


def _in_style(
    judge: judging.Judge, settings: Settings, asked: list[tuple[str, str]], style: str
) -> list[Miss]:
    records = [{"id": f"i{number}", "value": idea} for number, (idea, _) in enumerate(asked)]
    style_alone = [f"plan.style={style}"]
    made = run(
        RECIPE, items={"idea": records}, overrides=style_alone, part=Part(to="render"), settings=settings
    )
    shown: dict[str, tuple[str, str]] = {}
    for asset, plan in zip(made.items, made.settings, strict=True):
        picture = torch.from_numpy(np.asarray(asset.image.convert("RGB")).copy())[None]
        seen = ATTRIBUTES[0][int(judging.verdicts(judge, as_pictures(picture))[0, 0])]
        shown[asset.coordinates["idea"]] = (planned(plan.prompt if plan else ""), seen)
    rows = [(idea, noun, *shown.get(f"i{number}", ("", ""))) for number, (idea, noun) in enumerate(asked)]
    return [Miss(*row, style) for row in rows if row[3] not in row[1].split(" | ")]


def planned(prompt: str) -> str:
    """The noun in the planner's head `STYLE style icon of a COLOUR NOUN`, before the first comma.

    It may be of two words.
    """
    words = prompt.partition(",")[0].split()
    for start in range(len(words)):
        if " ".join(words[start:]) in ATTRIBUTES[0]:
            return " ".join(words[start:])
    return words[-1] if words else "nothing"
