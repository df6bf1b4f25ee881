"""Contact sheets of what a run draws: every noun once, some at full size, the materials, the surfaces."""

from __future__ import annotations

from pathlib import Path

import torch
from diffusers import AutoencoderKL

from training import sampling, text_tower, unet
from training.captions import Subject
from training.easel import as_bytes
from training.settings import say
from training.vocabulary import BACKGROUNDS, COLOURS, MATERIALS, NOUNS, STYLES, SURFACES

_GROUNDS, _TINTS = tuple(BACKGROUNDS), tuple(COLOURS)


def overview() -> list[Subject]:
    """Every noun once, in changing styles, colours and grounds."""
    return [
        Subject(
            noun,
            STYLES[(k + k // 16) % 4],
            "" if k % 2 else _TINTS[k // 2 % 10],
            _GROUNDS[(k * 3 + k // 5) % 5],
        )
        for k, noun in enumerate(NOUNS)
    ]


def materials() -> list[Subject]:
    """Some nouns in every material, the styles in turn."""
    asked = ("sword", "swan", "shield", "key", "house", "dragon", "chest", "crown")
    return [
        Subject(noun, STYLES[k % 4], "", _GROUNDS[k % 5], material)
        for k, noun in enumerate(noun for noun in asked if noun in NOUNS) for material in MATERIALS
    ]  # fmt: skip


def surfaces() -> list[Subject]:
    """Every surface in flat and in relief."""
    return [Subject(noun, style, "", "white") for style in STYLES for noun in NOUNS if noun in SURFACES]


def make(folder: Path, model: AutoencoderKL, steps: int = 8, guidance: float = 2.0) -> None:
    """Draws the sheets into the run's `sheets/`."""
    torch.backends.cudnn.benchmark = False  # each sheet has a size of its own
    tower, net = text_tower.load(folder), unet.load(folder)
    (folder / "sheets").mkdir(exist_ok=True)
    every = overview()
    for name, subjects, columns, side in (
        ("overview", every, 26, 96), ("large", every[:: max(1, len(every) // 30)], 6, 256),
        ("materials", materials(), len(MATERIALS), 128), ("surfaces", surfaces(), 24, 96),
    ):  # fmt: skip
        if not subjects:
            continue
        drawn = sampling.drawn(tower, net, model, sampling.captions(subjects), steps, guidance, 5)
        rows = torch.tensor([[0, 0, 0, STYLES.index(s.style)] for s in subjects])
        made = as_bytes(sampling.finished(drawn, rows)).cpu()
        labels = [sampling.label(subject) for subject in subjects]
        sampling.sheet(made, labels, columns, side).save(folder / "sheets" / f"{name}.jpg", quality=90)
    say("sheets in", folder / "sheets")
