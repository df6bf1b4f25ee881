"""The decoder alone goes on, the encoder being frozen: from latents with the UNet's own errors.

Then against a critic.
"""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL, UNet2DConditionModel
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

from training import autoencoder, text_tower, unet, weights
from training.autoencoder import distance, gradient
from training.gallery import Gallery
from training.loop import Job, Tensors, train
from training.settings import DEVICE, FORMAT, autocast, narrow, sized
from training.tower import TextTower

CRISP, CRITIC = 0.4, 0.04
"""Weights of the edges' energy, and of what the critic says."""


def crispness(made: torch.Tensor, true: torch.Tensor) -> torch.Tensor:
    """How far the strength of edges in blocks of 4 × 4 is off.

    A blurred edge is too weak wherever it lies.
    """
    mine, theirs = (F.avg_pool2d(gradient(p)[:, None], 4).add(1e-4).sqrt() for p in (made, true))
    return F.l1_loss(mine, theirs)


class _Reversed(torch.autograd.Function):
    @staticmethod
    def forward(ctx: object, x: torch.Tensor, weight: float) -> torch.Tensor:
        ctx.weight = weight  # type: ignore[attr-defined]
        return x.view_as(x)

    @staticmethod
    def backward(ctx: object, gradient_: torch.Tensor) -> tuple[torch.Tensor, None]:
        return -ctx.weight * gradient_, None  # type: ignore[attr-defined]


class Critic(nn.Module):
    """Tells patches of renders from decoded ones."""

    def __init__(self) -> None:
        super().__init__()
        sizes = ((3, 32, 2), (32, 64, 2), (64, 96, 1))
        stages = [
            layer for into, out, stride in sizes
            for layer in (spectral_norm(nn.Conv2d(into, out, 4, stride, 1)), nn.LeakyReLU(0.2))
        ]  # fmt: skip
        self.body = nn.Sequential(*stages, spectral_norm(nn.Conv2d(96, 1, 3, 1, 1)))

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """A score a patch: high for renders."""
        return self.body(pictures)

    def told(self, made: torch.Tensor, true: torch.Tensor, weight: float) -> torch.Tensor:
        """Its loss, from render and decoded picture in pairs; the decoder's gradient is turned round."""
        return F.softplus(self(_Reversed.apply(made, weight)) - self(true)).mean()


class _Both(nn.Module):
    """Decoder and critic, trained in one step."""

    def __init__(self, decoder: nn.Module, critic: Critic) -> None:
        super().__init__()
        self.decoder, self.critic = decoder, critic


class Mended:
    """Latents as the UNet leaves them: half noised and mended in one step, half with a little noise."""

    def __init__(self, model: AutoencoderKL, net: UNet2DConditionModel, tower: TextTower) -> None:
        self.model, self.net, self.tower = model, net, tower
        self.kept = unet.kept()

    @torch.no_grad()
    def __call__(self, true: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
        """Latents of pictures whose short captions have these ids."""
        half = len(true) // 2
        with autocast(cached=False):
            latent = autoencoder.code(self.model, true)
            words = self.tower(ids[:half])[0].to(narrow())
        times = torch.randint(20, 400, (half,), device=true.device)
        a = self.kept[times].view(-1, 1, 1, 1)
        noisy = a.sqrt() * latent[:half] + (1 - a).sqrt() * torch.randn_like(latent[:half])
        with autocast(cached=False):
            velocity = self.net(noisy.contiguous(memory_format=FORMAT), times, words).sample.float()
        plain = latent[half:]
        plain = plain + 0.06 * torch.rand(len(plain), 1, 1, 1, device=plain.device) * torch.randn_like(plain)
        return torch.cat([a.sqrt() * noisy - (1 - a).sqrt() * velocity, plain])


def job(
    model: AutoencoderKL,
    mended: Mended,
    gallery: Gallery,
    critic: Critic | None,
    folder: Path,
    seconds: float,
    steps: int,
) -> Job:
    """Distance and crispness of the decoded pictures; the critic's word where there is one."""
    size = sized(48, 2)

    def batch(step: int) -> Tensors:
        if step % 4 == 0:
            gallery.renew(sized(64, 2))
        picked = gallery.pick(size)
        return gallery.at(picked).contiguous(memory_format=FORMAT), gallery.ids[picked]

    def loss(true: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
        latent = mended(true, ids).contiguous(memory_format=FORMAT)
        with autocast(cached=False):
            made = model.decoder(model.post_quant_conv(latent)).float()
        total = distance(made, true) + CRISP * crispness(made, true)
        if critic is not None:
            total = total + critic.told(made, true, CRITIC)
        return total

    trained = _Both(model.decoder, critic) if critic is not None else model.decoder
    name, rate = ("decoder-critic", 3e-4) if critic is not None else ("decoder", 8e-4)
    return Job(
        name,
        trained,
        batch,
        loss,
        folder,
        steps=steps,
        seconds=seconds,
        rate=rate,
        warmup=50,
        decay=0.7,
        average=0.997,
        weight_decay=0.0,
        betas=(0.9, 0.98) if critic is None else (0.5, 0.98),
    )


def make(
    folder: Path,
    model: AutoencoderKL,
    gallery: Gallery,
    seconds: tuple[float, float],
    steps: tuple[int, int] = (10**9, 10**9),
) -> AutoencoderKL:
    """Trains without the critic, writes, then with it, and writes again under another name."""
    model.requires_grad_(requires_grad=False)
    model.decoder.requires_grad_(requires_grad=True)
    mended = Mended(model, unet.load(folder).requires_grad_(requires_grad=False), text_tower.load(folder))
    train(job(model, mended, gallery, None, folder, seconds[0], steps[0]))
    weights.written(model, folder / "vae-decoder.safetensors")
    autoencoder.measured(model, gallery.easel, "decoder:", made=0.4)
    if seconds[1] <= 0:
        return model
    critic = Critic().to(DEVICE, memory_format=FORMAT)
    train(job(model, mended, gallery, critic, folder, seconds[1], steps[1]))
    weights.written(model, folder / "vae-critic.safetensors")
    autoencoder.measured(model, gallery.easel, "decoder after the critic:", made=0.4)
    return model
