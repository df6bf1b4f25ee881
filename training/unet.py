"""The UNet on latents, conditioned on the frozen text tower.

v-prediction on Stable Diffusion's schedule, loss weight sqrt(min(1, 5/SNR)), stratified times, a tenth of
the captions empty for classifier-free guidance. The bank is refreshed while it trains.
"""

from __future__ import annotations

from pathlib import Path

import torch
from diffusers import DDPMScheduler, UNet2DConditionModel
from torch import nn

from training import text_tower, tokens, weights
from training.autoencoder import light
from training.bank import Bank
from training.loop import Job, Tensors, train
from training.settings import (
    CHANNELS,
    DEVICE,
    FORMAT,
    LATENT,
    TEXT_HEADS,
    TEXT_WIDTH,
    UNET_WIDTHS,
    autocast,
    narrow,
    sized,
)

NAME = "unet"
SCHEDULE = {
    "num_train_timesteps": 1000, "beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012,
    "prediction_type": "v_prediction",
}  # fmt: skip


def kept() -> torch.Tensor:
    """The share of the picture's variance that is left at each of the 1000 times."""
    return DDPMScheduler(**SCHEDULE).alphas_cumprod.to(DEVICE)


def build() -> UNet2DConditionModel:
    """An untrained UNet: attention to the words at the lowest level, their pool in the time embedding."""
    plain = len(UNET_WIDTHS) - 1
    return UNet2DConditionModel(
        sample_size=LATENT,
        in_channels=CHANNELS,
        out_channels=CHANNELS,
        block_out_channels=UNET_WIDTHS,
        layers_per_block=1,
        norm_num_groups=16,
        down_block_types=("DownBlock2D",) * plain + ("CrossAttnDownBlock2D",),
        up_block_types=("CrossAttnUpBlock2D",) + ("UpBlock2D",) * plain,
        cross_attention_dim=TEXT_WIDTH,
        attention_head_dim=tuple(max(1, w // 64) for w in UNET_WIDTHS),
        addition_embed_type="text",
        addition_embed_type_num_heads=TEXT_HEADS,
        resnet_time_scale_shift="scale_shift",
    )


def prepared(model: UNet2DConditionModel) -> UNet2DConditionModel:
    """On the device, ready for half precision."""
    light(model.to(DEVICE, memory_format=FORMAT))
    return model


def load(folder: Path) -> UNet2DConditionModel:
    """The last averaged weights of the run, or those from which it goes on."""
    model = build()
    if (folder / f"{NAME}.safetensors").exists():
        model.load_state_dict(weights.read(folder / f"{NAME}.safetensors"))
    else:
        weights.begun(NAME, model, folder)
    return prepared(model).eval()


def job(model: UNet2DConditionModel, bank: Bank, folder: Path, seconds: float, steps: int, size: int) -> Job:
    """The training; every checkpoint writes the averaged weights."""
    tower = text_tower.load(folder)
    empty = tokens.encode([""]).to(DEVICE)
    a_of = kept()
    weight = (5 * (1 - a_of) / a_of).clamp(max=1).sqrt()
    strata = torch.arange(size, device=DEVICE)

    def batch(step: int) -> Tensors:
        bank.tend(step)
        return bank.pick(size)

    def loss(clean: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
        blank = torch.rand(size, 1, device=DEVICE) < 0.1
        with torch.no_grad(), autocast(cached=False):
            words = tower(torch.where(blank, empty, ids))[0].to(narrow())
        times = ((strata + torch.rand(size, device=DEVICE)) * (1000 / size)).long().clamp(max=999)
        noise, a = torch.randn_like(clean), a_of[times].view(-1, 1, 1, 1)
        noisy = (a.sqrt() * clean + (1 - a).sqrt() * noise).contiguous(memory_format=FORMAT)
        target = a.sqrt() * noise - (1 - a).sqrt() * clean
        with autocast(cached=False):
            made = model(noisy, times, words).sample
        return ((made.float() - target).square().mean((1, 2, 3)) * weight[times]).mean()

    def watch(step: int, trained: nn.Module) -> None:  # noqa: ARG001
        weights.written(trained, folder / f"{NAME}.safetensors")

    return Job(
        "unet-training",
        model,
        batch,
        loss,
        folder,
        steps=steps,
        seconds=seconds,
        rate=8e-4,
        warmup=300,
        decay=0.6,
        average=0.9985,
        weight_decay=0.01,
        every_s=100.0,
        watch=watch,
    )


def make(
    folder: Path, bank: Bank, seconds: float, steps: int = 10**9, size: int = 512
) -> UNet2DConditionModel:
    """Trains on the bank and writes the averaged weights."""
    torch.manual_seed(3)
    model = build()
    weights.begun(NAME, model, folder)
    model = prepared(model)
    train(job(model, bank, folder, seconds, steps, sized(size, 8)))
    weights.written(model, folder / f"{NAME}.safetensors")
    return model
