"""The bank: latents of many renders with their captions, made in chunks so that a stop loses one chunk."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from transformers import CLIPTextModel, CLIPTokenizer

from training import tokens
from training.autoencoder import encode
from training.captions import caption
from training.render import Easel, Subject, draw_subject
from training.settings import CHANNELS, LATENT, TEXT_WIDTH, TOKENS

CHUNK = 500
CAPTIONS = 3


class MemoryShortageError(RuntimeError):
    """The machine has too little free memory; the message says how much is needed."""


@dataclass(frozen=True)
class Bank:
    """Latents N × 8 × 16 × 16 (half), hidden states of the captions N × 3 × TOKENS × TEXT_WIDTH (half)."""

    latents: torch.Tensor
    hidden: torch.Tensor
    empty: torch.Tensor


def chunk_subjects(chunk: int, nouns: list[str], seed: int = 31) -> list[tuple[Subject, random.Random]]:
    """The subjects of a chunk, each with the generator that moves it and words its captions."""
    rng = random.Random(seed * 100_000 + chunk)
    return [(draw_subject(rng, rng.choice(nouns)), random.Random(rng.random())) for _ in range(CHUNK)]


def chunk_texts(chunk: int, nouns: list[str]) -> list[str]:
    """CAPTIONS captions for every subject of a chunk, in order."""
    texts = []
    for subject, rng in chunk_subjects(chunk, nouns):
        words = random.Random(rng.random() + 1)
        texts += [caption(subject, words) for _ in range(CAPTIONS)]
    return texts


def make_latents(easel: Easel, model: AutoencoderKL, chunks: range, folder: Path) -> None:
    """Renders and encodes the chunks that are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for chunk in chunks:
        file = folder / f"latents-{chunk:04d}.pt"
        if file.exists():
            continue
        pictures = [easel.draw(s, rng) for s, rng in chunk_subjects(chunk, list(easel.nouns))]
        latents = encode(model, torch.from_numpy(np.stack(pictures))).half()
        torch.save(latents, file.with_suffix(".part"))
        file.with_suffix(".part").replace(file)
        print("bank", chunk, flush=True)


@torch.no_grad()
def hidden_states(tower: CLIPTextModel, tokenizer: CLIPTokenizer, texts: list[str]) -> torch.Tensor:
    """Last hidden states of texts, half, N × TOKENS × TEXT_WIDTH."""
    ids = tokens.encode(tokenizer, texts)
    parts = []
    for some in ids.split(128):
        with torch.autocast("cpu", torch.bfloat16):
            parts.append(tower(some).last_hidden_state.half())
    return torch.cat(parts)


def load(folder: Path, nouns: list[str], tower: CLIPTextModel, tokenizer: CLIPTokenizer) -> Bank:
    """All chunks in a folder, with their captions read by the (frozen) tower."""
    files = sorted(folder.glob("latents-*.pt"))
    need_memory(len(files) * CHUNK * (CAPTIONS * TOKENS * TEXT_WIDTH + CHANNELS * LATENT * LATENT) * 2)
    latents = torch.cat([torch.load(file, weights_only=True) for file in files])
    hidden = torch.empty(len(latents), CAPTIONS, TOKENS, TEXT_WIDTH, dtype=torch.half)
    for k, file in enumerate(files):
        some = hidden_states(tower, tokenizer, chunk_texts(int(file.stem[-4:]), nouns))
        hidden[k * CHUNK : (k + 1) * CHUNK] = some.view(CHUNK, CAPTIONS, TOKENS, TEXT_WIDTH)
    print("bank", len(latents), "pictures", flush=True)
    return Bank(latents, hidden, hidden_states(tower, tokenizer, [""])[0])


def need_memory(size: int) -> None:
    """Raises, with both figures, where fewer than `size` bytes and a gibibyte are free (known on Linux)."""
    file = Path("/proc/meminfo")
    if not file.exists():
        return
    lines = dict(line.split(":") for line in file.read_text(encoding="ascii").splitlines())
    free = int(lines["MemAvailable"].split()[0]) * 1024
    if free < size + 2**30:
        raise MemoryShortageError(
            f"this step needs {(size + 2**30) / 2**30:.1f} GiB of memory; {free / 2**30:.1f} are free"
        )


def make(folder: Path, chunks: range) -> None:
    """Fills `folder`/bank with the autoencoder of `folder`."""
    model = AutoencoderKL.from_pretrained(folder / "vae").eval()
    make_latents(Easel(), model, chunks, folder / "bank")


if __name__ == "__main__":
    import sys

    from training.settings import RUN

    torch.set_num_threads(1)
    make(RUN, range(int(sys.argv[1]), int(sys.argv[2])))
