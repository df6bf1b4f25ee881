"""The UNet on cached latents, conditioned on the frozen text tower.

v-prediction on Stable Diffusion's schedule, loss weight sqrt(min(1, 5/SNR)), stratified times, a tenth of
the captions empty for classifier-free guidance (Ho & Salimans 2022).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from diffusers import DDPMScheduler, DPMSolverMultistepScheduler, UNet2DConditionModel
from torch import nn
from transformers import CLIPTextModel, CLIPTokenizer

from training import bank
from training.bank import Bank
from training.loop import Job, train
from training.settings import CHANNELS, LATENT, TEXT_WIDTH
from training.vocabulary import NOUNS

WIDTHS = (96, 144, 192)
BATCH = 64
SCHEDULE = {
    "num_train_timesteps": 1000, "beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012,
    "prediction_type": "v_prediction",
}  # fmt: skip


def build(widths: tuple[int, ...] = WIDTHS, text: int = TEXT_WIDTH) -> UNet2DConditionModel:
    """An untrained UNet: attention to the words at the lowest level, their pool in the time embedding."""
    plain = len(widths) - 1
    return UNet2DConditionModel(
        sample_size=LATENT, in_channels=CHANNELS, out_channels=CHANNELS,
        block_out_channels=widths, layers_per_block=1, norm_num_groups=16,
        down_block_types=("DownBlock2D",) * plain + ("CrossAttnDownBlock2D",),
        up_block_types=("CrossAttnUpBlock2D",) + ("UpBlock2D",) * plain,
        cross_attention_dim=text, attention_head_dim=tuple(max(1, w // 64) for w in widths),
        addition_embed_type="text", addition_embed_type_num_heads=6, resnet_time_scale_shift="scale_shift",
    )  # fmt: skip


def job(
    model: UNet2DConditionModel, data: Bank, steps: int, folder: Path,
    watch: Callable[[int, nn.Module], None] | None = None, batch: int = BATCH, warm: bool = False,
) -> Job:  # fmt: skip
    """The training on a bank; a `warm` one goes on from trained weights at a lower rate."""
    kept = DDPMScheduler(**SCHEDULE).alphas_cumprod
    weight = (5 * (1 - kept) / kept).clamp(max=1).sqrt()

    def loss(step: int) -> torch.Tensor:  # noqa: ARG001
        clean, words = pick(data, batch)
        times = ((torch.randperm(batch) + torch.rand(batch)) * (1000 / batch)).long().clamp(max=999)
        noise, a = torch.randn_like(clean), kept[times].view(-1, 1, 1, 1)
        noisy = a.sqrt() * clean + (1 - a).sqrt() * noise
        target = a.sqrt() * noise - (1 - a).sqrt() * clean
        with torch.autocast("cpu", torch.bfloat16):
            made = model(noisy, times, words).sample
        return ((made.float() - target).square().mean((1, 2, 3)) * weight[times]).mean()

    rate, decay = (6e-4, 0.7) if warm else (1e-3, 0.35)
    return Job("unet", model, loss, steps, folder, rate=rate, warmup=200, decay=decay, weight_decay=0.01,
               watch=watch)  # fmt: skip


def begun(folder: Path) -> tuple[UNet2DConditionModel, bool]:
    """The UNet of `folder`/unet-start (an earlier training) and True; else an untrained one and False."""
    if (folder / "unet-start").exists():
        return UNet2DConditionModel.from_pretrained(folder / "unet-start").train(), True
    torch.manual_seed(0)
    return build(), False


def pick(data: Bank, batch: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Latents and hidden states of a batch by chance; a tenth of the captions empty."""
    rows = torch.randint(0, len(data.latents), (batch,))
    which = torch.randint(0, data.hidden.shape[1], (batch,))
    words = data.hidden[rows, which].float()
    words[torch.rand(batch) < 0.1] = data.empty.float()
    return data.latents[rows].float(), words


@torch.no_grad()
def sample(
    model: nn.Module,
    words: torch.Tensor,
    empty: torch.Tensor,
    steps: int,
    guidance: float,
    seed: int,
    batch: int = 64,
) -> torch.Tensor:
    """Latents drawn for hidden states (N × TOKENS × TEXT_WIDTH) by DPM-Solver++ (Lu et al. 2022)."""
    noise = torch.randn(len(words), CHANNELS, LATENT, LATENT, generator=torch.Generator().manual_seed(seed))
    parts = zip(noise.split(batch), words.float().split(batch), strict=True)
    return torch.cat([_sampled(model, z, w, empty.float(), steps, guidance) for z, w in parts])


def _sampled(
    model: nn.Module, z: torch.Tensor, words: torch.Tensor, empty: torch.Tensor, steps: int, guidance: float
) -> torch.Tensor:
    scheduler = DPMSolverMultistepScheduler(**SCHEDULE)
    scheduler.set_timesteps(steps)
    both = torch.cat([empty.expand_as(words), words])
    for time in scheduler.timesteps:
        with torch.autocast("cpu", torch.bfloat16):
            free, told = model(torch.cat([z, z]), time, both).sample.float().chunk(2)
        z = scheduler.step(free + guidance * (told - free), time, z).prev_sample
    return z


def make(folder: Path, steps: int, curve: Path) -> None:
    """Trains on `folder`/bank, writes the curve at every checkpoint, saves `folder`/unet."""
    from training.curve import watcher

    tower = CLIPTextModel.from_pretrained(folder / "text_encoder").eval()
    tokenizer = CLIPTokenizer.from_pretrained(folder / "tokenizer")
    data = bank.load(folder / "bank", list(NOUNS), tower, tokenizer)
    watch = watcher(folder, tower, tokenizer, BATCH, curve)
    model, warm = begun(folder)
    model = train(job(model, data, steps, folder, watch, warm=warm))
    watch(steps, model)
    model.save_pretrained(folder / "unet")


if __name__ == "__main__":
    import sys

    from training.settings import ROOT, RUN

    torch.set_num_threads(1)
    make(RUN, int(sys.argv[1]), ROOT / "training" / "curve.csv")
