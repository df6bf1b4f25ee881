"""The judges: small networks that read noun, colour, ground and style, and material, from a picture.

They measure the painter and are never seen by it. The first, `judge/judge.safetensors`, is frozen: it knows
the first nouns of the vocabulary. The second reads the material.
"""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from training import weights
from training.gallery import Gallery
from training.loop import Job, Tensors, train
from training.settings import DEVICE, FORMAT, JUDGE, autocast, say, sized
from training.vocabulary import ATTRIBUTES, COLOURS, MATERIALS, NOUNS

KNOWN = 718
"""So many of the first nouns the frozen judge knows."""

READ: tuple[str, ...] = (*MATERIALS[1:], "gold")
"""What the judge of materials tells apart; gold is a colour in a caption."""

TEN = ("wood", "stone", "iron", "glass", "cloth", "ice", "leather", "bone", "crystal", "gold")
"""The materials that are asked for when the painter is measured."""

_GOLD = 1 + tuple(COLOURS).index("gold")


def _stage(into: int, out: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(into, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True)
    )


class Pooled(nn.Module):
    """Mean and maximum of each channel: a style is a matter of all edges, or of one shadow."""

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """N × C × H × W to N × 2C."""
        return torch.cat([features.mean((2, 3)), features.amax((2, 3))], 1)


def _fine(classes: int) -> nn.Sequential:
    """What is read at full resolution, folded into channels."""
    return nn.Sequential(
        nn.PixelUnshuffle(4),
        _stage(48, 64, 2),
        _stage(64, 96, 1),
        _stage(96, 128, 2),
        Pooled(),
        nn.Dropout(0.2),
        nn.Linear(256, classes),
    )


class Judge(nn.Module):
    """Pictures N × 3 × 256 × 256 from -1 to 1 to the scores of noun, colour, ground and style."""

    def __init__(self) -> None:
        super().__init__()
        self.shape = nn.Sequential(
            _stage(3, 24, 1), _stage(24, 48, 2), _stage(48, 64, 1), _stage(64, 96, 2), _stage(96, 96, 1),
            _stage(96, 128, 2), _stage(128, 128, 1), nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Dropout(0.2),
        )  # fmt: skip
        sizes = (KNOWN, len(ATTRIBUTES[1]), len(ATTRIBUTES[2]))
        self.heads = nn.ModuleList([nn.Linear(128 * 16, size) for size in sizes])
        self.style = _fine(len(ATTRIBUTES[3]))

    def forward(self, pictures: torch.Tensor) -> list[torch.Tensor]:
        """The scores of each attribute."""
        features = self.shape(F.avg_pool2d(pictures, 4))
        return [*(head(features) for head in self.heads), self.style(pictures)]


class MaterialJudge(nn.Module):
    """Pictures N × 3 × 256 × 256 from -1 to 1 to the scores of READ."""

    def __init__(self) -> None:
        super().__init__()
        self.texture = _fine(len(READ))

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """The scores of the materials."""
        return self.texture(pictures)


def roughened(pictures: torch.Tensor) -> torch.Tensor:
    """Brightness, blur, noise by chance, the same for many at once."""
    n, device = len(pictures), pictures.device
    pictures = pictures * (1 + 0.06 * torch.randn(n, 1, 1, 1, device=device))
    pictures = pictures + 0.03 * torch.randn(n, 3, 1, 1, device=device)
    for wide in (1, 2):
        soft = F.avg_pool2d(F.pad(pictures, (wide,) * 4, mode="replicate"), 2 * wide + 1, 1)
        pictures = torch.where(torch.rand(n, 1, 1, 1, device=device) < 0.3, soft, pictures)
    return pictures + 0.06 * torch.rand(n, 1, 1, 1, device=device) * torch.randn_like(pictures)


def read_as(rows: torch.Tensor) -> torch.Tensor:
    """Index into READ of each row's material, -1 where it is none of these."""
    gold = (rows[:, 4] == 0) & (rows[:, 1] == _GOLD)
    return torch.where(gold, len(READ) - 1, rows[:, 4] - 1)


def job(model: MaterialJudge, gallery: Gallery, folder: Path, seconds: float, steps: int) -> Job:
    """Cross-entropy of the material; pictures without a read one do not count."""
    size = sized(192, 16)

    def batch(step: int) -> Tensors:
        if step % 2 == 0:
            gallery.renew(sized(128, 2))
        picked = gallery.pick(size)
        return gallery.at(picked).contiguous(memory_format=FORMAT), read_as(gallery.rows[picked])

    def loss(pictures: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
        with autocast(cached=False):
            scores = model(roughened(pictures)).float()
        heed = (truth >= 0).float()
        return (
            F.cross_entropy(scores, truth.clamp(min=0), reduction="none") * heed
        ).sum() / heed.sum().clamp(min=1)

    return Job(
        "material-judge-training",
        model,
        batch,
        loss,
        folder,
        steps=steps,
        seconds=seconds,
        rate=2e-3,
        warmup=60,
        average=0.0,
        weight_decay=0.02,
        graphed=False,
    )


def make(folder: Path, gallery: Gallery, seconds: float, steps: int = 10**9) -> None:
    """Trains the judge of materials on renders, measures it, writes it."""
    torch.manual_seed(7)
    model = MaterialJudge().to(DEVICE, memory_format=FORMAT)
    train(job(model, gallery, folder, seconds, steps))
    weights.written(model, folder / "material-judge.safetensors")
    held = Gallery(gallery.easel, sized(1024, 16), 4242, made=1.0)
    truth = read_as(held.rows).cpu()
    found = materials(model, held.pictures.float() / 127.5 - 1)
    right = (found == truth)[truth >= 0].float().mean()
    say("judge of materials on held-out renders", round(float(right), 4), "of", len(READ))


def load(file: Path = JUDGE / "judge.safetensors") -> Judge:
    """The frozen judge."""
    model = Judge()
    model.load_state_dict(weights.read(file))
    return model.to(DEVICE).eval()


def load_material(file: Path = JUDGE / "material-judge.safetensors") -> MaterialJudge:
    """The judge of materials."""
    model = MaterialJudge()
    model.load_state_dict(weights.read(file))
    return model.to(DEVICE).eval()


@torch.no_grad()
def verdicts(model: Judge, pictures: torch.Tensor) -> torch.Tensor:
    """The attributes read from pictures from -1 to 1, as indexes into ATTRIBUTES, N × 4."""
    return torch.cat([
        torch.stack([s.argmax(1) for s in model(part.to(DEVICE))], 1).cpu() for part in pictures.split(64)
    ])  # fmt: skip


@torch.no_grad()
def materials(model: MaterialJudge, pictures: torch.Tensor, among: tuple[str, ...] = READ) -> torch.Tensor:
    """The material read from pictures, as an index into READ, the likeliest `among` some."""
    lacking = torch.tensor([name not in among for name in READ], device=DEVICE)
    parts = [
        model(part.to(DEVICE)).float().masked_fill(lacking, -1e9).argmax(1).cpu()
        for part in pictures.split(64)
    ]
    return torch.cat(parts)


def knows(row: list[int]) -> bool:
    """Whether the frozen judge can read a row's noun."""
    return row[0] < min(KNOWN, len(NOUNS))
