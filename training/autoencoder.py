"""The autoencoder: 256 × 256 pictures to 16 × 16 cells of CHANNELS channels and back.

In training the latents are normalised by the batch, so that every channel is of use, and get a little
noise; mean and deviation are folded into the encoder afterwards. Where it goes on from an earlier one, its
latents are held near to the earlier ones, so that the UNet need not learn them anew.
"""

from __future__ import annotations

import copy
from pathlib import Path

import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL
from torch import nn

from training import weights
from training.easel import Easel, as_bytes, poses, some
from training.gallery import Gallery
from training.loop import Job, Tensors, train
from training.settings import CHANNELS, DEVICE, FACTOR, FORMAT, SIZE, VAE_WIDTHS, autocast, say, sized

NAME = "vae"
NOISE, SQUARED, ANCHOR = 0.1, 4.0, 0.1


class Norm(nn.GroupNorm):
    """A group norm that stays in half precision under autocast."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The input's own type."""
        with torch.autocast(x.device.type, enabled=False):
            return F.group_norm(x, self.num_groups, self.weight.to(x.dtype), self.bias.to(x.dtype), self.eps)


def light(model: nn.Module) -> nn.Module:
    """All group norms in half precision."""
    for module in model.modules():
        if type(module) is nn.GroupNorm:
            module.__class__ = Norm
    return model


def build() -> AutoencoderKL:
    """An untrained autoencoder that halves the side once a level but the last."""
    levels = len(VAE_WIDTHS)
    return AutoencoderKL(
        in_channels=3,
        out_channels=3,
        latent_channels=CHANNELS,
        block_out_channels=VAE_WIDTHS,
        down_block_types=("DownEncoderBlock2D",) * levels,
        up_block_types=("UpDecoderBlock2D",) * levels,
        layers_per_block=1,
        norm_num_groups=8,
        mid_block_add_attention=False,
        sample_size=SIZE,
        scaling_factor=1.0,
    )


def prepared(model: AutoencoderKL) -> AutoencoderKL:
    """On the device, ready for half precision."""
    light(model.to(DEVICE, memory_format=FORMAT))
    return model


def load(file: Path) -> AutoencoderKL:
    """The trained one."""
    model = build()
    model.load_state_dict(weights.read(file))
    return prepared(model).eval()


def latest(folder: Path) -> Path:
    """The trained one's file, or the earlier one's where this run has none yet."""
    return (
        folder / f"{NAME}.safetensors"
        if (folder / f"{NAME}.safetensors").exists()
        else weights.start_file(NAME, folder)
    )


def distance(made: torch.Tensor, true: torch.Tensor) -> torch.Tensor:
    """Absolute error of pixels, of their differences (sharpness), of block means (hue); squared error."""
    rows = F.l1_loss(made.diff(dim=-2), true.diff(dim=-2))
    columns = F.l1_loss(made.diff(dim=-1), true.diff(dim=-1))
    means = F.l1_loss(F.avg_pool2d(made, 8), F.avg_pool2d(true, 8))
    return F.l1_loss(made, true) + 0.5 * (rows + columns) + means + SQUARED * F.mse_loss(made, true)


def code(model: AutoencoderKL, pictures: torch.Tensor) -> torch.Tensor:
    """Means of the latents."""
    return model.quant_conv(model.encoder(pictures))[:, :CHANNELS].float()


def normal(z: torch.Tensor) -> torch.Tensor:
    """Mean 0 and deviation 1 a channel over the batch."""
    return (z - z.mean((0, 2, 3), keepdim=True)) / (z.std((0, 2, 3), keepdim=True) + 1e-4)


@torch.no_grad()
def encode(model: AutoencoderKL, pictures: torch.Tensor) -> torch.Tensor:
    """Means of the latents, float, in parts."""
    parts = []
    for part in pictures.split(128):
        with autocast():
            parts.append(code(model, part.contiguous(memory_format=FORMAT)))
    return torch.cat(parts)


@torch.no_grad()
def decode(model: AutoencoderKL, latents: torch.Tensor) -> torch.Tensor:
    """Pictures from -1 to 1, in parts."""
    parts = []
    for part in latents.split(64):
        with autocast():
            some_ = part.contiguous(memory_format=FORMAT)
            parts.append(model.decoder(model.post_quant_conv(some_)).float())
    return torch.cat(parts)


def psnr(made: torch.Tensor, true: torch.Tensor) -> torch.Tensor:
    """Peak signal-to-noise ratio of each picture, in dB, byte against byte."""
    error = ((as_bytes(made).float() - as_bytes(true).float()) / 255).square().mean((1, 2, 3))
    return -10 * error.clamp(min=1e-10).log10()


def gradient(pictures: torch.Tensor) -> torch.Tensor:
    """Squared differences to the pixel below and to the right, mean of the colours, N × H-1 × W-1."""
    down, right = pictures.diff(dim=-2)[..., :, :-1], pictures.diff(dim=-1)[..., :-1, :]
    return (down.square() + right.square()).mean(1)


def sharpness(made: torch.Tensor, true: torch.Tensor) -> torch.Tensor:
    """Gradient energy where the true picture has its edges, against the true picture's: 1 is as sharp."""
    edges = F.max_pool2d((gradient(true) > 0.02).float()[:, None], 5, 1, 2)[:, 0]
    return (gradient(made) * edges).sum((1, 2)) / (gradient(true) * edges).sum((1, 2)).clamp(min=1e-6)


@torch.no_grad()
def measured(
    model: AutoencoderKL, easel: Easel, what: str, count: int = 512, *, made: float = 0.0
) -> tuple[float, float]:
    """PSNR and sharpness on held-out renders; says them by style."""
    generator = torch.Generator().manual_seed(13)
    subjects = some(sized(count, 8), generator, made=made)
    moved = poses(len(subjects.noun), generator)
    found = []
    for rows in torch.arange(len(subjects.noun)).split(64):
        true = easel.draw(subjects.part(rows), moved.part(rows))
        back = decode(model, encode(model, true))
        found.append(torch.stack([psnr(back, true), sharpness(back, true)], 1).cpu())
    value = torch.cat(found)
    by_style = [[round(v, 2) for v in value[subjects.style == k].mean(0).tolist()] for k in range(4)]
    mean = value.mean(0).tolist()
    say(
        what,
        "PSNR, sharpness on held-out renders",
        [round(v, 3) for v in mean],
        "flat, 3d, ink, pixel",
        by_style,
    )
    return mean[0], mean[1]


@torch.no_grad()
def fold(model: AutoencoderKL, pictures: torch.Tensor) -> None:
    """Folds mean 0 and deviation 1 per channel into the encoder's last convolution.

    The posterior's deviation is 0.05.
    """
    z = encode(model, pictures)
    mean, deviation = z.mean((0, 2, 3)), z.std((0, 2, 3))
    into = model.quant_conv
    into.weight[:CHANNELS].div_(deviation.view(-1, 1, 1, 1))
    into.bias[:CHANNELS].sub_(mean).div_(deviation)
    into.weight[CHANNELS:].zero_()
    into.bias[CHANNELS:].fill_(-6.0)
    say("latents: deviations before folding", [round(v, 2) for v in deviation.tolist()])


def job(
    model: AutoencoderKL,
    before: AutoencoderKL | None,
    gallery: Gallery,
    folder: Path,
    seconds: float,
    steps: int,
) -> Job:
    """Both halves with the normalised, noisy latents between; half crops for the first steps of a new one."""
    size = sized(48, 2)

    def batch(step: int) -> Tensors:
        if step % 4 == 0:
            gallery.renew(sized(64, 2))
        true = gallery.at(gallery.pick(size))
        if before is None and step < 2000:
            y, x = (torch.randint(0, SIZE // 2 // FACTOR + 1, (2,)) * FACTOR).tolist()
            true = F.interpolate(true[:, :, y : y + SIZE // 2, x : x + SIZE // 2], scale_factor=2.0)
        return (true.contiguous(memory_format=FORMAT),)

    def loss(true: torch.Tensor) -> torch.Tensor:
        with autocast(cached=False):
            z = normal(code(model, true))
            noisy = z + NOISE * torch.rand(len(z), 1, 1, 1, device=z.device) * torch.randn_like(z)
            made = model.decoder(model.post_quant_conv(noisy)).float()
        total = distance(made, true)
        if before is not None:
            with torch.no_grad(), autocast(cached=False):
                held = normal(code(before, true))
            total = total + ANCHOR * F.mse_loss(z, held)
        return total

    rate = 1.2e-3 if before is None else 8e-4
    return Job(
        "autoencoder",
        model,
        batch,
        loss,
        folder,
        steps=steps,
        seconds=seconds,
        rate=rate,
        warmup=150,
        decay=0.5,
        average=0.998,
        weight_decay=0.0,
        betas=(0.9, 0.98),
    )


def make(folder: Path, easel: Easel, gallery: Gallery, seconds: float, steps: int = 10**9) -> AutoencoderKL:
    """Trains, folds, measures, writes."""
    torch.manual_seed(1)
    model = build()
    earlier = weights.begun(NAME, model, folder)
    model = prepared(model)
    before = prepared(copy.deepcopy(model)).eval().requires_grad_(requires_grad=False) if earlier else None
    if before is not None:
        measured(before, easel, "autoencoder before:", made=0.4)
    train(job(model, before, gallery, folder, seconds, steps))
    fold(model, gallery.at(gallery.pick(sized(2048, 8))))
    weights.written(model, folder / f"{NAME}.safetensors")
    measured(model, easel, "autoencoder:", made=0.4)
    return model
