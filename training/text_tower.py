"""The text tower, trained with supervision: it reads noun, colour, ground.

Style and material from a caption.
"""

from __future__ import annotations

import random
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from training import tokens, weights
from training.captions import caption, subject
from training.easel import some
from training.loop import Job, Tensors, train
from training.settings import DEVICE, TEXT_WIDTH, autocast, narrow, say, sized
from training.tower import TextTower
from training.vocabulary import ATTRIBUTES

NAME = "text"


class Reader(nn.Module):
    """Tower with a linear head an attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.tower = TextTower(tokens.vocabulary(), tokens.end())
        self.heads = nn.ModuleList([nn.Linear(TEXT_WIDTH, len(values)) for values in ATTRIBUTES])

    def forward(self, ids: torch.Tensor) -> list[torch.Tensor]:
        """The scores of each attribute."""
        pooled = self.tower(ids)[1]
        return [head(pooled) for head in self.heads]


def load(folder: Path) -> TextTower:
    """The trained tower, frozen."""
    made = TextTower(tokens.vocabulary(), tokens.end())
    made.load_state_dict(weights.read(folder / f"{NAME}.safetensors"))
    return made.to(DEVICE).eval().requires_grad_(requires_grad=False)


@torch.no_grad()
def hidden(model: TextTower, texts: list[str]) -> torch.Tensor:
    """Hidden states of texts, N × TOKENS × TEXT_WIDTH."""
    parts = []
    for part in tokens.encode(texts).split(4096):
        with autocast():
            parts.append(model(part.to(DEVICE))[0].to(narrow()))
    return torch.cat(parts)


@torch.no_grad()
def pooled(model: TextTower, ids: torch.Tensor) -> torch.Tensor:
    """Pooled vectors of ids, N × TEXT_WIDTH."""
    parts = []
    for part in ids.split(8192):
        with autocast():
            parts.append(model(part.to(DEVICE).long())[1].float())
    return torch.cat(parts)


def held_out(count: int, seed: int, *, made: float = 0.0) -> tuple[list[str], torch.Tensor]:
    """Captions with wording that no training caption has, and their rows; the nouns in turn."""
    generator, rng = torch.Generator().manual_seed(seed), random.Random(seed)
    rows = some(count, generator, made=made).rows()
    return [caption(subject(row), rng, held_out=True) for row in rows.tolist()], rows


def corpus(processes: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and rows of the captions by chance."""
    rows = some(sized(300_000, 600), torch.Generator().manual_seed(23)).rows()
    return tokens.captions_of(rows, 1, 24, processes)[:, 0], rows


def job(
    reader: Reader, ids: torch.Tensor, rows: torch.Tensor, folder: Path, seconds: float, steps: int
) -> Job:
    """Cross-entropy of each attribute."""
    size = sized(1024, 32)

    def batch(step: int) -> Tensors:  # noqa: ARG001
        picked = torch.randint(0, len(ids), (size,), device=ids.device)
        return ids[picked].long(), rows[picked]

    def loss(given: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
        with autocast(cached=False):
            scores = reader(given)
        return sum(
            (F.cross_entropy(s.float(), truth[:, k]) for k, s in enumerate(scores)),
            torch.zeros((), device=DEVICE),
        )

    return Job(
        NAME + "-training",
        reader,
        batch,
        loss,
        folder,
        steps=steps,
        seconds=seconds,
        rate=1.2e-3,
        warmup=100,
        average=0.995,
        betas=(0.9, 0.98),
        graphed=False,
    )


def make(folder: Path, seconds: float, processes: int, steps: int = 10**9) -> None:
    """Learns the tower, measures it on unseen wording, writes it."""
    ids, rows = corpus(processes)
    torch.manual_seed(0)
    reader = Reader()
    weights.begun(NAME, reader.tower)
    reader = reader.to(DEVICE)
    train(job(reader, ids.to(DEVICE), rows.to(DEVICE), folder, seconds, steps))
    weights.written(reader.tower, folder / f"{NAME}.safetensors")
    texts, truth = held_out(sized(4000, 64), 22, made=0.4)
    with torch.no_grad():
        given = tokens.encode(texts).to(DEVICE)
        hits = torch.cat([torch.stack([s.argmax(1) for s in reader(p)], 1).cpu() for p in given.split(1024)])
    right = (hits == truth).float().mean(0).tolist()
    say("text, held-out wording: noun, colour, background, style, material", [round(r, 4) for r in right])
