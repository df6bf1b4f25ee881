"""Pictures drawn by the trained nets, and contact sheets of them for people."""

from __future__ import annotations

import numpy as np
import torch
from diffusers import AutoencoderKL, DPMSolverMultistepScheduler, UNet2DConditionModel
from PIL import Image, ImageDraw

from training import autoencoder, text_tower
from training.captions import Subject, short
from training.easel import PIXELS, as_bytes
from training.settings import CELLS, CHANNELS, DEVICE, FORMAT, LATENT, PALETTE, autocast
from training.tower import TextTower
from training.unet import SCHEDULE


@torch.no_grad()
def latents(
    net: UNet2DConditionModel,
    words: torch.Tensor,
    empty: torch.Tensor,
    steps: int,
    guidance: float,
    seed: int,
) -> torch.Tensor:
    """Latents drawn for hidden states by DPM-Solver++, as the product does."""
    noise = torch.randn(
        len(words), CHANNELS, LATENT, LATENT, generator=torch.Generator().manual_seed(seed)
    ).to(DEVICE)
    parts = []
    for start, told_of in zip(noise.split(256), words.split(256), strict=True):
        scheduler = DPMSolverMultistepScheduler(**SCHEDULE, steps_offset=1)
        scheduler.set_timesteps(steps, device=DEVICE)
        both = torch.cat([empty.expand_as(told_of), told_of])
        z = start
        for moment in scheduler.timesteps:
            with autocast():
                twice = torch.cat([z, z]).contiguous(memory_format=FORMAT)
                free, told = net(twice, moment, both).sample.float().chunk(2)
            z = scheduler.step(free + guidance * (told - free), moment, z).prev_sample
        parts.append(z)
    return torch.cat(parts)


def grid(pictures: torch.Tensor) -> torch.Tensor:
    """The product's pixel grid: the median of each cell, at most PALETTE colours. -1 to 1, N × 3 × H × W."""
    n, _, h, _ = pictures.shape
    block = h // CELLS
    cells = (
        pictures.view(n, 3, CELLS, block, CELLS, block).permute(0, 1, 2, 4, 3, 5).flatten(4).median(-1).values
    )
    few = [
        np.asarray(
            Image.fromarray(cell)
            .quantize(PALETTE, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
            .convert("RGB")
        )
        for cell in as_bytes(cells).cpu().numpy()
    ]
    small = torch.from_numpy(np.stack(few)).permute(0, 3, 1, 2).float().to(pictures.device) / 127.5 - 1
    return small.repeat_interleave(block, 2).repeat_interleave(block, 3)


def finished(pictures: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
    """The pixel grid where the style asks for it."""
    blocks = (rows[:, 3] == PIXELS).nonzero()[:, 0]
    if len(blocks):
        pictures = pictures.clone()
        pictures[blocks] = grid(pictures[blocks])
    return pictures


def drawn(
    tower: TextTower,
    net: UNet2DConditionModel,
    model: AutoencoderKL,
    texts: list[str],
    steps: int,
    guidance: float,
    seed: int,
) -> torch.Tensor:
    """Pictures from -1 to 1 for texts."""
    words, empty = text_tower.hidden(tower, texts), text_tower.hidden(tower, [""])
    return autoencoder.decode(model, latents(net, words, empty, steps, guidance, seed))


def sheet(pictures: torch.Tensor, labels: list[str], columns: int, side: int) -> Image.Image:
    """uint8 pictures N × H × W × 3 in rows, each above its label."""
    rows = -(-len(pictures) // columns)
    out = Image.new("RGB", (columns * side, rows * (side + 13)), "white")
    pen = ImageDraw.Draw(out)
    for k, (picture, label) in enumerate(zip(pictures.numpy(), labels, strict=True)):
        x, y = k % columns * side, k // columns * (side + 13)
        out.paste(
            Image.fromarray(picture).resize((side - 2, side - 2), Image.Resampling.LANCZOS), (x + 1, y + 1)
        )
        pen.text((x + 2, y + side), label[: side // 6], fill="black")
    return out


def label(subject: Subject) -> str:
    """A short name below a picture."""
    return f"{subject.style[:2]} {subject.colour[:4]} {subject.material[:5]} {subject.noun}".replace(
        "  ", " "
    )


def captions(subjects: list[Subject]) -> list[str]:
    """The short captions."""
    return [short(subject) for subject in subjects]
