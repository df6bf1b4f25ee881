"""Polishes the decoder alone on whole pictures.

The latents, and all that was trained on them, stay as they are. They get a little
noise, as those that the UNet draws have.
"""

from __future__ import annotations

from pathlib import Path

import torch
from diffusers import AutoencoderKL

from training.autoencoder import as_float, decode, distance, encode, pool, psnr
from training.loop import Job, train
from training.render import Easel

NOISE = 0.1
"""Greatest deviation of the noise on latents of deviation 1."""


def job(model: AutoencoderKL, pictures: torch.Tensor, latents: torch.Tensor, steps: int, folder: Path) -> Job:
    """One picture a step."""
    model.encoder.requires_grad_(requires_grad=False)
    model.quant_conv.requires_grad_(requires_grad=False)

    def loss(step: int) -> torch.Tensor:  # noqa: ARG001
        k = int(torch.randint(0, len(pictures), ()))
        noisy = latents[k : k + 1] + NOISE * torch.rand(()) * torch.randn_like(latents[:1])
        with torch.autocast("cpu", torch.bfloat16):
            made = model.decode(noisy).sample
        return distance(made.float(), as_float(pictures[k : k + 1]))

    return Job("decoder", model, loss, steps, folder, rate=1.5e-3, decay=0.6, average=0.998, every_s=300)


def make(folder: Path, steps: int, count: int = 1600) -> None:
    """Polishes `folder`/vae into `folder`/vae-polished; prints the PSNR before and after."""
    model = AutoencoderKL.from_pretrained(folder / "vae")
    easel = Easel()
    pictures, held_out = pool(easel, count, 14), pool(easel, 96, 13)
    latents = encode(model.eval(), pictures)
    codes = encode(model, held_out)
    print("decoder, PSNR on held-out renders before", psnr(decode(model, codes), held_out), flush=True)
    model = train(job(model.train(), pictures, latents, steps, folder))
    print("decoder, PSNR on held-out renders after", psnr(decode(model, codes), held_out), flush=True)
    model.save_pretrained(folder / "vae-polished")


if __name__ == "__main__":
    import sys

    from training.settings import CACHE

    torch.set_num_threads(1)
    make(CACHE / "run", int(sys.argv[1]))
