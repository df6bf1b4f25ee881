"""Packs a finished run into the folders that ship: half precision, cards, digests."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import torch
from diffusers import (
    AutoencoderKL,
    DPMSolverMultistepScheduler,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)
from transformers import CLIPModel, CLIPTextModel, CLIPTokenizer

from training.clip import processor
from training.settings import CLIP, PAINTER
from training.unet import SCHEDULE


def pack_painter(run: Path, folder: Path) -> None:
    """`run`'s autoencoder (polished, if it was), UNet, text tower, tokenizer: a StableDiffusionPipeline."""
    polished = run / "vae-polished"
    pipeline = StableDiffusionPipeline(
        vae=AutoencoderKL.from_pretrained(polished if polished.exists() else run / "vae"),
        text_encoder=CLIPTextModel.from_pretrained(run / "text_encoder"),
        tokenizer=CLIPTokenizer.from_pretrained(run / "tokenizer"),
        unet=UNet2DConditionModel.from_pretrained(run / "unet"),
        scheduler=DPMSolverMultistepScheduler(**SCHEDULE, steps_offset=1),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.to(dtype=torch.float16).save_pretrained(folder, safe_serialization=True)
    for config in folder.glob("*/config.json"):
        said = json.loads(config.read_text(encoding="utf-8"))
        said.pop("_name_or_path", None)  # a path of this machine
        config.write_text(json.dumps(said, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def pack_clip(run: Path, folder: Path) -> None:
    """`run`'s CLIP with tokenizer and processor."""
    CLIPModel.from_pretrained(run / "clip").half().save_pretrained(folder)
    CLIPTokenizer.from_pretrained(run / "tokenizer").save_pretrained(folder)
    processor(folder)


def digests(folder: Path) -> dict[str, str]:
    """sha256 of every file that a loader opens, by its path in the folder."""
    files = [
        f
        for f in sorted(folder.rglob("*"))
        if f.is_file() and f.name not in ("digests.json", "model-card.md")
    ]
    return {f.relative_to(folder).as_posix(): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def write_digests(folder: Path) -> None:
    """Writes `digests.json` beside the weights."""
    text = json.dumps(digests(folder), indent=1)
    (folder / "digests.json").write_text(text + "\n", encoding="utf-8")


def weights_bytes(*folders: Path) -> int:
    """Bytes of all safetensors in the folders."""
    return sum(f.stat().st_size for folder in folders for f in folder.rglob("*.safetensors"))


def make(run: Path, painter: Path = PAINTER, clip: Path = CLIP) -> None:
    """Packs the models that the run has, with cards and digests."""
    if (run / "unet").exists():
        _packed(pack_painter, run, painter)
    if (run / "clip").exists():
        _packed(pack_clip, run, clip)
    label(painter, clip)
    print("weights, bytes", weights_bytes(painter, clip))


def label(painter: Path = PAINTER, clip: Path = CLIP) -> None:
    """Writes cards and digests of the folders that hold weights."""
    from training.cards import write_cards

    write_cards(painter, clip)
    for folder in (painter, clip):
        write_digests(folder)


def _packed(pack: Callable[[Path, Path], None], run: Path, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    pack(run, folder)


if __name__ == "__main__":
    from training.settings import RUN

    make(RUN)
