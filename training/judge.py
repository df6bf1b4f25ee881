"""The judge: a small convolutional network that reads noun, colour, background and style from a picture.

It measures the painter and is never seen by it. Noun, colour and background are read at 64 × 64 pixels,
style at full resolution, folded into channels. Trained on renders that are blurred, noised and shifted in
brightness.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn

from training.autoencoder import as_float
from training.loop import Job, train
from training.render import Easel, draw_subject
from training.settings import JUDGE, RUN
from training.text_tower import ATTRIBUTES, labels


def _stage(into: int, out: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(into, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True)
    )


class Pooled(nn.Module):
    """Mean and maximum of each channel: a style is a matter of all edges, or of one shadow."""

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """N × C × H × W to N × 2C."""
        return torch.cat([features.mean((2, 3)), features.amax((2, 3))], 1)


class Judge(nn.Module):
    """Pictures N × 3 × 256 × 256 from -1 to 1 to the scores of the four attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.shape = nn.Sequential(
            _stage(3, 24, 1), _stage(24, 48, 2), _stage(48, 64, 1), _stage(64, 96, 2), _stage(96, 96, 1),
            _stage(96, 128, 2), _stage(128, 128, 1), nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Dropout(0.2),
        )  # fmt: skip
        self.heads = nn.ModuleList([nn.Linear(128 * 16, len(values)) for values in ATTRIBUTES[:3]])
        self.style = nn.Sequential(
            nn.PixelUnshuffle(4), _stage(48, 64, 2), _stage(64, 96, 1), _stage(96, 128, 2), Pooled(),
            nn.Dropout(0.2), nn.Linear(256, len(ATTRIBUTES[3])),
        )  # fmt: skip

    def things(self, small: torch.Tensor) -> list[torch.Tensor]:
        """Scores of noun, colour, background from pictures of 64 × 64 pixels."""
        features = self.shape(small)
        return [head(features) for head in self.heads]

    def forward(self, pictures: torch.Tensor) -> list[torch.Tensor]:
        """Scores of noun, colour, background, style."""
        return [*self.things(F.avg_pool2d(pictures, 4)), self.style(pictures)]


def renders(easel: Easel, count: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Pictures uint8 N × 256 × 256 × 3 and labels N × 4."""
    rng = random.Random(seed)
    subjects = [draw_subject(rng, rng.choice(list(easel.nouns))) for _ in range(count)]
    pictures = np.stack([easel.draw(s, rng) for s in subjects])
    return torch.from_numpy(pictures), torch.tensor([labels(s) for s in subjects])


def roughened(pictures: torch.Tensor, reach: int = 6, blurs: int = 2) -> torch.Tensor:
    """Brightness, blur of up to `blurs` pixels, noise and a shift of up to `reach` pixels by chance."""
    pictures = pictures * (1 + 0.06 * torch.randn(len(pictures), 1, 1, 1)) + 0.03 * torch.randn(
        len(pictures), 3, 1, 1
    )
    blur = int(torch.randint(0, blurs + 1, ()))
    if blur:
        pictures = F.avg_pool2d(F.pad(pictures, (blur,) * 4, mode="replicate"), 2 * blur + 1, 1)
    pictures = pictures + 0.06 * torch.rand(()) * torch.randn_like(pictures)
    shift = torch.randint(-reach, reach + 1, (2,)).tolist()
    return torch.roll(pictures, shift, (2, 3))


def job(
    model: Judge, pictures: torch.Tensor, rows: torch.Tensor, steps: int, folder: Path, batch: int = 32
) -> Job:
    """Cross-entropy of noun, colour and background; the pictures are shrunk once."""
    small = torch.cat([F.avg_pool2d(as_float(some), 4) for some in pictures.split(256)])

    def loss(step: int) -> torch.Tensor:  # noqa: ARG001
        picked = torch.randint(0, len(pictures), (batch,))
        with torch.autocast("cpu", torch.bfloat16):
            scores = model.things(roughened(small[picked], reach=2, blurs=1))
        return sum(
            (F.cross_entropy(s.float(), rows[picked, k]) for k, s in enumerate(scores)), torch.zeros(())
        )

    return _job("judge", model, loss, steps, folder)


def style_job(
    model: Judge, pictures: torch.Tensor, rows: torch.Tensor, steps: int, folder: Path, batch: int = 32
) -> Job:
    """Cross-entropy of the style."""

    def loss(step: int) -> torch.Tensor:  # noqa: ARG001
        picked = torch.randint(0, len(pictures), (batch,))
        with torch.autocast("cpu", torch.bfloat16):
            scores = model.style(roughened(as_float(pictures[picked])))
        return F.cross_entropy(scores.float(), rows[picked, 3])

    return _job("judge-style", model.style, loss, steps, folder)


def _job(name: str, model: nn.Module, loss: Callable[[int], torch.Tensor], steps: int, folder: Path) -> Job:
    return Job(name, model, loss, steps, folder, rate=2e-3, decay=0.6, average=0.99, weight_decay=0.02)


@torch.no_grad()
def verdicts(model: Judge, pictures: torch.Tensor, batch: int = 32) -> torch.Tensor:
    """The attributes read from uint8 pictures, as indexes into ATTRIBUTES, N × 4."""
    parts = [torch.stack([s.argmax(1) for s in model(as_float(some))], 1) for some in pictures.split(batch)]
    return torch.cat(parts)


def load(folder: Path = JUDGE) -> Judge:
    """The committed judge."""
    model = Judge()
    model.load_state_dict(
        {
            k: v.float() if v.is_floating_point() else v
            for k, v in load_file(folder / "judge.safetensors").items()
        }
    )
    return model.eval()


def recalibrate(model: Judge, pictures: torch.Tensor) -> None:
    """Batch statistics for the averaged weights, from roughened pictures."""
    torch.manual_seed(5)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            module.momentum = None
    model.train()
    with torch.no_grad():
        for some in pictures.split(64):
            model(roughened(as_float(some)))
    model.eval()


def make(folder: Path, steps: int, count: int) -> None:
    """Trains, measures on held-out renders, saves to `folder` in half precision."""
    easel = Easel()
    pictures, rows = renders(easel, count, 41)
    torch.manual_seed(7)
    model = Judge()
    train(style_job(model, pictures, rows, steps // 4, RUN))
    train(job(model, pictures, rows, steps, RUN, batch=48))
    finish(model, easel, pictures[:1024], folder)


def finish(model: Judge, easel: Easel, pictures: torch.Tensor, folder: Path) -> None:
    """Recalibrates, measures on held-out renders, saves."""
    recalibrate(model, pictures)
    held, truth = renders(easel, 1024, 42)
    right = (verdicts(model, held) == truth).float().mean(0).tolist()
    print("judge on held-out renders: noun, colour, background, style", right)
    folder.mkdir(parents=True, exist_ok=True)
    half = {k: v.half() if v.is_floating_point() else v for k, v in model.state_dict().items()}
    save_file({k: v.contiguous() for k, v in half.items()}, folder / "judge.safetensors")


if __name__ == "__main__":
    import sys

    torch.set_num_threads(1)
    make(JUDGE, int(sys.argv[1]), int(sys.argv[2]))
