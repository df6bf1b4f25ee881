"""Polishes the decoder alone on whole pictures.

The latents, and all that was trained on them, stay as they are. Half of the latents get a little noise; the
others are noised much more and mended by the UNet in one step, so that the decoder learns to draw sharply
from latents with the UNet's own errors.
"""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from diffusers import AutoencoderKL, DDPMScheduler, UNet2DConditionModel
from transformers import CLIPTextModel, CLIPTokenizer

from training.autoencoder import as_float, decode, distance, encode, pool, psnr
from training.bank import hidden_states
from training.clip import subject_text
from training.loop import Job, train
from training.render import Easel, draw_subject
from training.unet import SCHEDULE

NOISE = 0.1
"""Greatest deviation of the plain noise on latents of deviation 1."""

LATEST = 350
"""Latest time, of 1000, from which the UNet mends in one step."""


@dataclass(frozen=True)
class Pairs:
    """Pictures uint8 N × 256 × 256 × 3, their latents, the hidden states of their captions."""

    pictures: torch.Tensor
    latents: torch.Tensor
    words: torch.Tensor


def pairs(
    easel: Easel, model: AutoencoderKL, tower: CLIPTextModel, tokenizer: CLIPTokenizer, count: int, seed: int
) -> Pairs:
    """Pairs by chance."""
    rng = random.Random(seed)
    subjects = [draw_subject(rng, rng.choice(list(easel.nouns))) for _ in range(count)]
    texts = [subject_text(s.noun, s.colour, s.background, s.style) for s in subjects]
    pictures = torch.stack([torch.from_numpy(easel.draw(s, rng)) for s in subjects])
    return Pairs(pictures, encode(model, pictures), hidden_states(tower, tokenizer, texts))


@torch.no_grad()
def mended(unet: UNet2DConditionModel, latent: torch.Tensor, words: torch.Tensor) -> torch.Tensor:
    """The latent, noised to a time by chance, as the UNet sees through the noise in one step."""
    kept = DDPMScheduler(**SCHEDULE).alphas_cumprod
    time = torch.randint(20, LATEST, (1,))
    a = kept[time].view(-1, 1, 1, 1)
    noisy = a.sqrt() * latent + (1 - a).sqrt() * torch.randn_like(latent)
    with torch.autocast("cpu", torch.bfloat16):
        velocity = unet(noisy, time, words.float()).sample.float()
    return a.sqrt() * noisy - (1 - a).sqrt() * velocity


def job(model: AutoencoderKL, unet: UNet2DConditionModel, data: Pairs, steps: int, folder: Path) -> Job:
    """One picture a step."""
    model.encoder.requires_grad_(requires_grad=False)
    model.quant_conv.requires_grad_(requires_grad=False)

    def loss(step: int) -> torch.Tensor:
        k = int(torch.randint(0, len(data.pictures), ()))
        latent = data.latents[k : k + 1]
        if step % 2:
            latent = mended(unet, latent, data.words[k : k + 1])
        else:
            latent = latent + NOISE * torch.rand(()) * torch.randn_like(latent)
        with torch.autocast("cpu", torch.bfloat16):
            made = model.decode(latent).sample
        return distance(made.float(), as_float(data.pictures[k : k + 1]))

    return Job("decoder", model, loss, steps, folder, rate=6e-4, decay=0.95, average=0.998, every_s=300)


def stored_pairs(folder: Path, model: AutoencoderKL, count: int) -> Pairs:
    """The pairs of a run, made once."""
    file = folder / "pairs.pt"
    if not file.exists():
        tower = CLIPTextModel.from_pretrained(folder / "text_encoder").eval()
        tokenizer = CLIPTokenizer.from_pretrained(folder / "tokenizer")
        torch.save(asdict(pairs(Easel(), model, tower, tokenizer, count, 14)), file)
    return Pairs(**torch.load(file, weights_only=True))


def make(folder: Path, steps: int, count: int = 1600) -> None:
    """Polishes `folder`/vae into `folder`/vae-polished; prints the PSNR before and after."""
    model = AutoencoderKL.from_pretrained(folder / "vae").eval()
    unet = UNet2DConditionModel.from_pretrained(folder / "unet").eval()
    held_out = pool(Easel(), 96, 13)
    data = stored_pairs(folder, model, count)
    codes = encode(model, held_out)
    print("decoder, PSNR on held-out renders before", psnr(decode(model, codes), held_out), flush=True)
    model = train(job(model.train(), unet, data, steps, folder))
    print("decoder, PSNR on held-out renders after", psnr(decode(model, codes), held_out), flush=True)
    model.save_pretrained(folder / "vae-polished")


if __name__ == "__main__":
    import sys

    from training.settings import RUN

    torch.set_num_threads(1)
    make(RUN, int(sys.argv[1]))
