"""The autoencoder: 256 × 256 pictures to 16 × 16 cells of 8 channels and back.

Trained mostly on crops (many more steps a minute), then on whole pictures. Pictures are float tensors
from -1 to 1, N × 3 × H × W.
"""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL

from training.loop import Job, train
from training.render import Easel, draw_subject
from training.settings import CHANNELS, FACTOR, SIZE

KL = 1e-7
"""Weight of the divergence from a normal; 3e-6 left nine of sixteen channels unused, hues wrong, 23.6 dB."""
SQUARED = 4.0
"""Weight of the squared error, which is what the PSNR counts."""
WIDTHS = (16, 32, 64, 96, 128)


def build(widths: tuple[int, ...] = WIDTHS, channels: int = CHANNELS) -> AutoencoderKL:
    """An untrained autoencoder that halves the side once a level but the last."""
    levels = len(widths)
    return AutoencoderKL(
        in_channels=3, out_channels=3, latent_channels=channels, block_out_channels=widths,
        down_block_types=("DownEncoderBlock2D",) * levels, up_block_types=("UpDecoderBlock2D",) * levels,
        layers_per_block=1, norm_num_groups=8, mid_block_add_attention=False, sample_size=SIZE,
        scaling_factor=1.0,
    )  # fmt: skip


def pool(easel: Easel, count: int, seed: int) -> torch.Tensor:
    """`count` pictures by chance, uint8 N × H × W × 3."""
    rng = random.Random(seed)
    return torch.from_numpy(
        np.stack([easel.draw(draw_subject(rng, _noun(easel, rng)), rng) for _ in range(count)])
    )


def _noun(easel: Easel, rng: random.Random) -> str:
    return rng.choice(list(easel.nouns))


def as_float(pictures: torch.Tensor) -> torch.Tensor:
    """uint8 N × H × W × 3 to float N × 3 × H × W from -1 to 1."""
    return pictures.permute(0, 3, 1, 2).float() / 127.5 - 1


def crops(pictures: torch.Tensor, side: int, count: int) -> torch.Tensor:
    """`count` random crops of `side` pixels on the grid of latent cells, float."""
    rows = torch.randint(0, len(pictures), (count,))
    spots = torch.randint(0, (pictures.shape[1] - side) // FACTOR + 1, (count, 2)) * FACTOR
    parts = [
        pictures[i, y : y + side, x : x + side]
        for i, (y, x) in zip(rows.tolist(), spots.tolist(), strict=True)
    ]
    return as_float(torch.stack(parts))


def distance(made: torch.Tensor, true: torch.Tensor) -> torch.Tensor:
    """Absolute error of pixels, of their differences (sharpness), of block means (hue); squared error."""
    rows = F.l1_loss(made.diff(dim=-2), true.diff(dim=-2))
    columns = F.l1_loss(made.diff(dim=-1), true.diff(dim=-1))
    means = F.l1_loss(F.avg_pool2d(made, 8), F.avg_pool2d(true, 8))
    return F.l1_loss(made, true) + 0.5 * (rows + columns) + means + SQUARED * F.mse_loss(made, true)


def begun(folder: Path, widths: tuple[int, ...] = WIDTHS) -> tuple[AutoencoderKL, bool]:
    """The autoencoder of `folder`/vae-start (an earlier training), True; else an untrained one, False."""
    if (folder / "vae-start").exists():
        return AutoencoderKL.from_pretrained(folder / "vae-start").train(), True
    torch.manual_seed(0)
    model = build(widths)
    quieten(model)
    return model, False


def job(
    pictures: torch.Tensor, steps: int, folder: Path, side: int = SIZE, widths: tuple[int, ...] = WIDTHS
) -> Job:
    """The training: quarter crops (none in a training that goes on), then half ones, then whole pictures."""
    model, warm = begun(folder, widths)
    quarter, half = (0.0, 0.75) if warm else (0.5, 0.8)

    def loss(step: int) -> torch.Tensor:
        part = step / steps
        scale, count = (4, 16) if part < quarter else (2, 4) if part < half else (1, 1)
        true = crops(pictures, side // scale, count)
        with torch.autocast("cpu", torch.bfloat16):
            posterior = model.encode(true).latent_dist
            made = model.decode(posterior.sample()).sample
        cells = posterior.mean.shape[-1] ** 2 / 256
        return distance(made.float(), true) + KL * posterior.kl().float().mean() / cells

    rate = 1e-3 if warm else 2e-3
    return Job("autoencoder", model, loss, steps, folder, rate=rate, decay=0.6, average=0.998, every_s=300)


@torch.no_grad()
def quieten(model: AutoencoderKL) -> None:
    """Starts with little noise in the latents (deviation 0.05), so that every channel is worth using."""
    n = model.config["latent_channels"]
    model.quant_conv.weight[n:].zero_()
    model.quant_conv.bias[n:].fill_(-6.0)


@torch.no_grad()
def fold_statistics(model: AutoencoderKL, pictures: torch.Tensor) -> None:
    """Folds mean 0 and deviation 1 per latent channel into the 1 × 1 convolutions beside the latents."""
    latents = encode(model, pictures)
    mean, deviation = latents.mean((0, 2, 3)), latents.std((0, 2, 3))
    into, out, n = model.quant_conv, model.post_quant_conv, len(mean)
    out.bias.add_(out.weight[:, :, 0, 0] @ mean)
    out.weight.mul_(deviation.view(1, n, 1, 1))
    into.weight[:n].div_(deviation.view(n, 1, 1, 1))
    into.bias[:n].sub_(mean).div_(deviation)
    into.bias[n:].sub_(2 * deviation.log())


@torch.no_grad()
def narrowed(model: AutoencoderKL, used: list[int]) -> AutoencoderKL:
    """The same autoencoder with the channels `used` alone; exact but for the decoder's bias at borders."""
    n, k = model.config["latent_channels"], len(used)
    small = AutoencoderKL.from_config({**model.config, "latent_channels": k})
    state = {name: v for name, v in model.state_dict().items() if "quant_conv" not in name}
    rows = used + [n + c for c in used]
    into, out = model.quant_conv, model.post_quant_conv
    mix, unmix = into.weight[rows, :, 0, 0], out.weight[:, used, 0, 0]
    first, last = model.decoder.conv_in, model.encoder.conv_out
    state["encoder.conv_out.weight"] = torch.einsum("oi,ichw->ochw", mix, last.weight)
    state["encoder.conv_out.bias"] = mix @ last.bias + into.bias[rows]
    state["decoder.conv_in.weight"] = torch.einsum("oihw,ij->ojhw", first.weight, unmix)
    state["decoder.conv_in.bias"] = first.bias + first.weight.sum((2, 3)) @ out.bias
    small.load_state_dict(state, strict=False)
    for conv in (small.quant_conv, small.post_quant_conv):
        conv.weight.copy_(torch.eye(len(conv.weight))[:, :, None, None])
        conv.bias.zero_()
    return small.eval()


@torch.no_grad()
def encode(model: AutoencoderKL, pictures: torch.Tensor, batch: int = 16) -> torch.Tensor:
    """uint8 pictures to the means of their latents, float32 N × 8 × 16 × 16."""
    parts = []
    for some in pictures.split(batch):
        with torch.autocast("cpu", torch.bfloat16):
            parts.append(model.encode(as_float(some)).latent_dist.mean.float())
    return torch.cat(parts)


@torch.no_grad()
def decode(model: AutoencoderKL, latents: torch.Tensor, batch: int = 8) -> torch.Tensor:
    """Latents to uint8 pictures, N × H × W × 3."""
    parts = [model.decode(some).sample for some in latents.split(batch)]
    return ((torch.cat(parts).clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1)


def psnr(made: torch.Tensor, true: torch.Tensor) -> float:
    """Mean over pictures of the peak signal-to-noise ratio in dB, uint8 against uint8."""
    error = ((made.float() - true.float()) / 255).square().mean((1, 2, 3))
    return float((-10 * error.clamp(min=1e-10).log10()).mean())


def make(folder: Path, steps: int) -> None:
    """Trains, folds the statistics, saves to `folder`/vae; prints the PSNR on held-out renders."""
    easel = Easel()
    model = train(job(pool(easel, 4000, 11), steps, folder))
    fold_statistics(model, pool(easel, 384, 12))
    model.save_pretrained(folder / "vae")
    held_out = pool(easel, 128, 13)
    print("autoencoder, PSNR on held-out renders", psnr(decode(model, encode(model, held_out)), held_out))


if __name__ == "__main__":
    import sys

    from training.settings import RUN

    torch.set_num_threads(1)
    make(RUN, int(sys.argv[1]))
