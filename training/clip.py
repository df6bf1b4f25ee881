"""The small CLIP: the painter's frozen text tower, and an image tower that is made to see nouns.

Contrastive training alone solves colour and background and never looks at the object. So every picture is
also told apart from captions that differ from its own in one attribute only, and from all nouns alone.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn
from transformers import (
    CLIPConfig,
    CLIPImageProcessor,
    CLIPModel,
    CLIPTextModel,
    CLIPTokenizer,
    CLIPVisionConfig,
)

from training import tokens
from training.captions import caption
from training.loop import Job, train
from training.render import Easel, draw_subject
from training.text_tower import ATTRIBUTES, labels

SIDE = 56
"""Side of the pictures that the image tower sees, in pixels."""

Sizes = tuple[int, ...]
SIZES: Sizes = tuple(len(values) for values in ATTRIBUTES)


@dataclass(frozen=True)
class Album:
    """Pictures uint8 N × 56 × 56 × 3, labels N × 4; pooled texts of captions, of all subjects, of nouns."""

    pictures: torch.Tensor
    rows: torch.Tensor
    captions: torch.Tensor
    subjects: torch.Tensor
    nouns: torch.Tensor


def build(tower: CLIPTextModel) -> CLIPModel:
    """A CLIP with the given text tower, frozen, and an untrained image tower."""
    vision = CLIPVisionConfig(
        hidden_size=192, intermediate_size=512, num_hidden_layers=3, num_attention_heads=6, image_size=SIDE,
        patch_size=8, projection_dim=128,
    )  # fmt: skip
    text = tower.config.to_dict() | {"projection_dim": 128}
    model = CLIPModel(CLIPConfig(text_config=text, vision_config=vision.to_dict(), projection_dim=128))
    wanted = set(model.text_model.state_dict())
    state = {k if k in wanted else k.removeprefix("text_model."): v for k, v in tower.state_dict().items()}
    model.text_model.load_state_dict(state)
    model.text_model.requires_grad_(requires_grad=False)
    return model


def noun_text(noun: str) -> str:
    """The caption of a noun alone, also the one for zero-shot reading."""
    return f"a {noun} icon"


def subject_text(noun: str, colour: str, background: str, style: str) -> str:
    """The short caption of a subject, in the planner's form."""
    thing = f"{colour} {noun}".strip()
    return f"{style} style icon of {'an' if thing[0] in 'aeiou' else 'a'} {thing}, {background} background"


@torch.no_grad()
def pooled(tower: nn.Module, tokenizer: CLIPTokenizer, texts: list[str]) -> torch.Tensor:
    """Pooled output of the text tower, N × TEXT_WIDTH."""
    parts = []
    for some in tokens.encode(tokenizer, texts).split(256):
        longest = int((some != tokenizer.eos_token_id).sum(1).max()) + 1
        with torch.autocast("cpu", torch.bfloat16):
            parts.append(tower(some[:, :longest]).pooler_output.float())
    return torch.cat(parts)


def small(picture: np.ndarray) -> np.ndarray:
    """A 256-pixel picture as the processor shrinks it."""
    return np.asarray(Image.fromarray(picture).resize((SIDE, SIDE), Image.Resampling.BICUBIC))


def album(
    easel: Easel, tower: nn.Module, tokenizer: CLIPTokenizer, count: int, seed: int, held_out: bool
) -> Album:
    """Pictures by chance, with all texts that the losses need."""
    rng = random.Random(seed)
    subjects = [draw_subject(rng, rng.choice(list(easel.nouns))) for _ in range(count)]
    pictures = torch.from_numpy(np.stack([small(easel.draw(s, rng)) for s in subjects]))
    texts = [caption(s, rng, held_out) for s in subjects]
    everything = [subject_text(*values) for values in itertools.product(*ATTRIBUTES)]
    return Album(
        pictures,
        torch.tensor([labels(s) for s in subjects]),
        pooled(tower, tokenizer, texts),
        pooled(tower, tokenizer, everything).view(*SIZES, -1),
        pooled(tower, tokenizer, [noun_text(n) for n in ATTRIBUTES[0]]),
    )


def embed_images(model: CLIPModel, pictures: torch.Tensor) -> torch.Tensor:
    """Unit vectors of normalised float pictures."""
    return F.normalize(model.visual_projection(model.vision_model(pictures).pooler_output).float(), dim=-1)


def embed_texts(model: CLIPModel, hidden: torch.Tensor) -> torch.Tensor:
    """Unit vectors of pooled texts."""
    return F.normalize(model.text_projection(hidden).float(), dim=-1)


def normalised(pictures: torch.Tensor) -> torch.Tensor:
    """uint8 N × H × W × 3 to what the processor gives: mean 0.5, deviation 0.5."""
    return pictures.permute(0, 3, 1, 2).float() / 127.5 - 1


def roughened(pictures: torch.Tensor) -> torch.Tensor:
    """Brightness, blur, noise, a small shift by chance."""
    pictures = pictures * (1 + 0.05 * torch.randn(len(pictures), 1, 1, 1))
    if torch.rand(()) < 0.4:
        pictures = F.avg_pool2d(F.pad(pictures, (1, 1, 1, 1), mode="replicate"), 3, 1)
    pictures = pictures + 0.08 * torch.rand(()) * torch.randn_like(pictures)
    return torch.roll(pictures, torch.randint(-2, 3, (2,)).tolist(), (2, 3))


def variants(subjects: torch.Tensor, rows: torch.Tensor, axis: int) -> torch.Tensor:
    """For each row the texts of the subjects that differ from it in one attribute, N × values × width."""
    index: list[torch.Tensor | slice] = [rows[:, k] for k in range(4)]
    picked = subjects.movedim(axis, 3)
    rest = [index[k] for k in range(4) if k != axis]
    return picked[rest[0], rest[1], rest[2]]


def losses(model: CLIPModel, data: Album, picked: torch.Tensor) -> torch.Tensor:
    """Nouns alone, one attribute changed at a time, and captions of the batch."""
    rows = data.rows[picked]
    with torch.autocast("cpu", torch.bfloat16):
        image = embed_images(model, roughened(normalised(data.pictures[picked])))
    scale = model.logit_scale.exp().clamp(max=60)
    total = F.cross_entropy(scale * image @ embed_texts(model, data.nouns).T, rows[:, 0])
    for axis in range(4):
        texts = embed_texts(model, variants(data.subjects, rows, axis))
        total = total + F.cross_entropy(scale * (texts @ image[:, :, None])[..., 0], rows[:, axis])
    return total + _contrast(scale * image @ embed_texts(model, data.captions[picked]).T, rows)


def _contrast(scores: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
    same = (rows[:, None] == rows[None]).all(-1).float()
    goal = same / same.sum(-1, keepdim=True)
    return -0.5 * (
        (goal * scores.log_softmax(-1)).sum(-1).mean() + (goal * scores.T.log_softmax(-1)).sum(-1).mean()
    )


def begun(folder: Path, tower: CLIPTextModel) -> tuple[CLIPModel, float]:
    """The CLIP of `folder`/clip-start (an earlier training, same tower), else a new one; its rate."""
    if not (folder / "clip-start").exists():
        torch.manual_seed(0)
        return build(tower), 1e-3
    model = CLIPModel.from_pretrained(folder / "clip-start", torch_dtype=torch.float32).train()
    model.text_model.requires_grad_(requires_grad=False)
    return model, 6e-4


def job(
    model: CLIPModel, data: Album, steps: int, folder: Path, batch: int = 64, rate: float = 1e-3
) -> Job:
    """The training of image tower and projections."""

    def loss(step: int) -> torch.Tensor:  # noqa: ARG001
        return losses(model, data, torch.randint(0, len(data.pictures), (batch,)))

    return Job("clip", model, loss, steps, folder, rate=rate, warmup=200, decay=0.5, average=0.998,
               weight_decay=0.03, betas=(0.9, 0.98))  # fmt: skip


@torch.no_grad()
def zero_shot(model: CLIPModel, data: Album) -> float:
    """Share of pictures whose noun is nearest among the captions of the nouns alone."""
    nouns = embed_texts(model, data.nouns)
    image = torch.cat([embed_images(model, normalised(p)) for p in data.pictures.split(128)])
    return float(((image @ nouns.T).argmax(1) == data.rows[:, 0]).float().mean())


def make(folder: Path, steps: int, count: int) -> None:
    """Trains on `folder`'s text tower, measures, saves `folder`/clip with its processor."""
    tower = CLIPTextModel.from_pretrained(folder / "text_encoder").eval()
    albums(folder, tower, count)
    data, held_out = (
        torch.load(folder / f"album-{part}.pt", weights_only=True) for part in ("train", "held-out")
    )
    model, rate = begun(folder, tower)
    model = train(job(model, Album(**data), steps, folder, rate=rate))
    print("clip, zero-shot noun on held-out renders", zero_shot(model, Album(**held_out)))
    model.save_pretrained(folder / "clip")
    processor(folder / "clip")


def albums(folder: Path, tower: CLIPTextModel, count: int) -> None:
    """Writes the training album and the held-out one, if they are not there yet."""
    tokenizer, easel = CLIPTokenizer.from_pretrained(folder / "tokenizer"), Easel()
    for part, number, seed in (("train", count, 61), ("held-out", 600, 62)):
        file = folder / f"album-{part}.pt"
        if not file.exists():
            made = album(easel, tower, tokenizer, number, seed, held_out=part == "held-out")
            torch.save(asdict(made), file)


def processor(folder: Path) -> None:
    """Writes the processor's settings: shrink to 56 pixels, bicubic, mean and deviation 0.5."""
    half = [0.5, 0.5, 0.5]
    size = {"height": SIDE, "width": SIDE}
    CLIPImageProcessor(
        do_resize=True, size=size, do_center_crop=False, resample=3, image_mean=half, image_std=half
    ).save_pretrained(folder)


if __name__ == "__main__":
    import sys

    from training.settings import RUN

    torch.set_num_threads(1)
    make(RUN, int(sys.argv[1]), int(sys.argv[2]))
