"""The curve of a training: samples seen against what the judge reads from pictures of fresh prompts."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from PIL import Image
from torch import nn
from transformers import CLIPTextModel, CLIPTokenizer

from training import judge as judging
from training.autoencoder import decode
from training.bank import hidden_states
from training.captions import caption
from training.pixel import grid
from training.render import Subject, draw_subject
from training.text_tower import labels
from training.unet import sample
from training.vocabulary import NOUNS


def prompts(count: int, seed: int) -> list[tuple[str, Subject]]:
    """Prompts with unseen wording and distractor words, the nouns in turn."""
    rng, nouns = random.Random(seed), list(NOUNS)
    subjects = [draw_subject(rng, nouns[k % len(nouns)]) for k in range(count)]
    return [(caption(s, rng, held_out=True), s) for s in subjects]


def finished(pictures: torch.Tensor, subjects: list[Subject]) -> torch.Tensor:
    """The pixel grid applied where the style asks for it, as the product does."""
    made = [grid(p) if s.style == "pixel" else p for p, s in zip(pictures.numpy(), subjects, strict=True)]
    return torch.from_numpy(np.stack(made))


def scores(verdict: torch.Tensor, subjects: list[Subject]) -> dict[str, float]:
    """Shares of right nouns, named colours, backgrounds and styles."""
    truth = torch.tensor([labels(s) for s in subjects])
    right = (verdict == truth).float()
    named = truth[:, 1] > 0
    noun, background, style = right[:, 0].mean(), right[:, 2].mean(), right[:, 3].mean()
    values = {"noun": noun, "colour": right[named, 1].mean(), "background": background, "style": style}
    return {name: round(float(value), 4) for name, value in values.items()}


def sheet(pictures: torch.Tensor, columns: int, side: int = 128) -> Image.Image:
    """Pictures side by side, each `side` pixels wide."""
    rows = -(-len(pictures) // columns)
    out = Image.new("RGB", (columns * side, rows * side), "white")
    for k, picture in enumerate(pictures.numpy()):
        small = Image.fromarray(picture).resize((side, side), Image.Resampling.LANCZOS)
        out.paste(small, (k % columns * side, k // columns * side))
    return out


def watcher(
    folder: Path, tower: CLIPTextModel, tokenizer: CLIPTokenizer, batch: int, curve: Path
) -> Callable[[int, nn.Module], None]:
    """A watcher of checkpoints: draws 160 prompts, adds a line to the curve, saves a sheet."""
    asked = prompts(160, 51)
    words = hidden_states(tower, tokenizer, [text for text, _ in asked])
    empty = hidden_states(tower, tokenizer, [""])[0]
    vae = AutoencoderKL.from_pretrained(folder / "vae").eval()

    def watch(step: int, unet: nn.Module) -> None:
        subjects = [s for _, s in asked]
        pictures = finished(decode(vae, sample(unet, words, empty, 12, 3.0, 52)), subjects)
        found = scores(judging.verdicts(judging.load(), pictures), subjects)
        _append(curve, {"samples": step * batch, **found})
        sheet(pictures, 16).save(folder / f"sheet-{step * batch:07d}.png")

    return watch


def _append(curve: Path, row: dict[str, float]) -> None:
    fresh = not curve.exists()
    with curve.open("a", encoding="utf-8") as file:
        if fresh:
            file.write(",".join(row) + "\n")
        file.write(",".join(str(value) for value in row.values()) + "\n")
    print("curve", row, flush=True)
