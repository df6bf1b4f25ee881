"""Packs a finished run into the folders that ship: half precision, cards, digests.

`python -m training.pack [--label]`.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from diffusers import (
    AutoencoderKL,
    DPMSolverMultistepScheduler,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)
from torch import nn
from transformers import (
    CLIPConfig,
    CLIPImageProcessor,
    CLIPModel,
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTokenizer,
    CLIPVisionConfig,
)

from training import autoencoder, tokens, unet, weights
from training import settings as s
from training.cards import write_cards
from training.settings import CLIP, PAINTER, RUN
from training.vocabulary import NOUNS

Weights = dict[str, torch.Tensor]


def _fill(model: nn.Module, state: Weights) -> None:
    """Loads weights whose names may lack or bring a prefix `text_model.`.

    Whatever this transformers calls them.
    """
    wanted, found = model.state_dict(), {}
    for key in wanted:
        for name in (
            key,
            key.removeprefix("text_model."),
            key.replace("text_model.text_model.", "text_model."),
        ):
            if name in state:
                found[key] = state[name]
    lacking = [key for key in wanted if key not in found and not key.endswith("position_ids")]
    if lacking:
        raise KeyError(f"weights are lacking: {', '.join(lacking[:5])}")
    model.load_state_dict(found, strict=False)


def _text_config(tokenizer: CLIPTokenizer) -> CLIPTextConfig:
    return CLIPTextConfig(
        vocab_size=len(tokenizer), hidden_size=s.TEXT_WIDTH, intermediate_size=s.TEXT_INNER,
        num_hidden_layers=s.TEXT_LAYERS, num_attention_heads=s.TEXT_HEADS, max_position_embeddings=s.TOKENS,
        projection_dim=s.PROJECTION, hidden_act="quick_gelu", bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.eos_token_id,
    )  # fmt: skip


def _decoded_best(run: Path) -> Path:
    """The autoencoder with the furthest decoder that the run has."""
    named = [run / f"vae-{name}.safetensors" for name in ("critic", "decoder")]
    return next((file for file in named if file.exists()), run / "vae.safetensors")


def pack_painter(run: Path, folder: Path) -> None:
    """The run's autoencoder, UNet, text tower and tokenizer: a StableDiffusionPipeline."""
    tokenizer = CLIPTokenizer.from_pretrained(tokens.folder())
    tower = CLIPTextModel(_text_config(tokenizer))
    _fill(tower, weights.read(run / "text.safetensors"))
    vae: AutoencoderKL = autoencoder.build()
    vae.load_state_dict(weights.read(_decoded_best(run)))
    net: UNet2DConditionModel = unet.build()
    net.load_state_dict(weights.read(run / "unet.safetensors"))
    pipeline = StableDiffusionPipeline(
        vae=vae, text_encoder=tower, tokenizer=tokenizer, unet=net,
        scheduler=DPMSolverMultistepScheduler(**unet.SCHEDULE, steps_offset=1),
        safety_checker=None, feature_extractor=None, requires_safety_checker=False,
    )  # fmt: skip
    pipeline.to(dtype=torch.float16).save_pretrained(folder, safe_serialization=True)
    for config in folder.glob("*/config.json"):
        said = json.loads(config.read_text(encoding="utf-8"))
        said.pop("_name_or_path", None)  # a path of this machine
        config.write_text(json.dumps(said, indent=2, sort_keys=True) + "\n", encoding="utf-8", newline="\n")


def pack_clip(run: Path, folder: Path) -> None:
    """The run's CLIP with tokenizer and processor."""
    tokenizer = CLIPTokenizer.from_pretrained(tokens.folder())
    vision = CLIPVisionConfig(
        hidden_size=s.VISION_WIDTH,
        intermediate_size=s.VISION_INNER,
        num_hidden_layers=s.VISION_LAYERS,
        num_attention_heads=s.VISION_HEADS,
        image_size=s.SIDE,
        patch_size=s.PATCH,
        projection_dim=s.PROJECTION,
        hidden_act="quick_gelu",
    )
    config = CLIPConfig(
        text_config=_text_config(tokenizer).to_dict(),
        vision_config=vision.to_dict(),
        projection_dim=s.PROJECTION,
    )
    model = CLIPModel(config)
    state = weights.read(run / "clip.safetensors")
    state |= {f"text_model.{key}": value for key, value in weights.read(run / "text.safetensors").items()}
    _fill(model, state)
    model.half().save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    processor(folder)


def processor(folder: Path) -> None:
    """Writes the processor's settings: shrink to SIDE pixels, bicubic, mean and deviation 0.5."""
    half = [0.5, 0.5, 0.5]
    CLIPImageProcessor(
        do_resize=True, size={"height": s.SIDE, "width": s.SIDE}, do_center_crop=False, resample=3,
        image_mean=half, image_std=half,
    ).save_pretrained(folder)  # fmt: skip


def digests(folder: Path) -> dict[str, str]:
    """sha256 of every file that a loader opens, by its path in the folder."""
    unread = ("digests.json", "model-card.md")
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and file.name not in unread]
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files
    }


def write_digests(folder: Path) -> None:
    """Writes `digests.json` beside the weights."""
    text = json.dumps(digests(folder), indent=1)
    (folder / "digests.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def weights_bytes(*folders: Path) -> int:
    """Bytes of all safetensors in the folders."""
    return sum(file.stat().st_size for folder in folders for file in folder.rglob("*.safetensors"))


def shipped_nouns(painter: Path = PAINTER) -> tuple[str, ...]:
    """The nouns of the shipped painter's card; the vocabulary may have grown since it was trained."""
    return tuple(json.loads((painter / "card.json").read_text(encoding="utf-8"))["nouns"])


def label(painter: Path, clip: Path, nouns: Sequence[str]) -> None:
    """Writes cards and digests of the folders that hold weights."""
    write_cards(painter, clip, nouns)
    for folder in (painter, clip):
        write_digests(folder)


def make(run: Path, painter: Path = PAINTER, clip: Path = CLIP) -> None:
    """Packs the models of a run, with cards and digests."""
    for pack, folder in ((pack_painter, painter), (pack_clip, clip)):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        pack(run, folder)
    label(painter, clip, NOUNS)
    print("weights, bytes", weights_bytes(painter, clip))


if __name__ == "__main__":
    if "--label" in sys.argv:
        label(PAINTER, CLIP, shipped_nouns())
    else:
        make(RUN)
