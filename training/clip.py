"""The small CLIP: the painter's frozen text tower, and an image tower that is made to see nouns.

Contrastive training alone solves colour and background and never looks at the object. So every picture is
told apart from captions that differ from its own in one attribute only, from all nouns, and from the
captions of its batch.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from training import text_tower, tokens, weights
from training.captions import Subject, noun_text, short
from training.easel import Easel, poses, some
from training.loop import Job, Tensors, train
from training.settings import DEVICE, PROJECTION, SIDE, TEXT_WIDTH, VISION_WIDTH, autocast, say, sized
from training.tower import ImageTower, TextTower
from training.vocabulary import ATTRIBUTES, MATERIALS, NOUNS, SURFACES

NAME = "clip"
NEGATIVES = 48


class Clip(nn.Module):
    """Image tower, the two projections, the scale."""

    def __init__(self) -> None:
        super().__init__()
        self.vision_model = ImageTower()
        self.visual_projection = nn.Linear(VISION_WIDTH, PROJECTION, bias=False)
        self.text_projection = nn.Linear(TEXT_WIDTH, PROJECTION, bias=False)
        self.logit_scale = nn.Parameter(torch.tensor(2.6592))

    def images(self, pictures: torch.Tensor) -> torch.Tensor:
        """Unit vectors of pictures N × 3 × SIDE × SIDE."""
        return F.normalize(self.visual_projection(self.vision_model(pictures)).float(), dim=-1)

    def texts(self, pooled: torch.Tensor) -> torch.Tensor:
        """Unit vectors of pooled texts."""
        return F.normalize(self.text_projection(pooled).float(), dim=-1)


def small(pictures: torch.Tensor) -> torch.Tensor:
    """Shrunk as the processor shrinks them."""
    return F.interpolate(pictures, (SIDE, SIDE), mode="bicubic", antialias=True, align_corners=False).clamp(
        -1, 1
    )


def roughened(pictures: torch.Tensor) -> torch.Tensor:
    """Brightness, blur, noise by chance."""
    n = len(pictures)
    pictures = pictures * (1 + 0.05 * torch.randn(n, 1, 1, 1, device=pictures.device))
    soft = F.avg_pool2d(F.pad(pictures, (1, 1, 1, 1), mode="replicate"), 3, 1)
    pictures = torch.where(torch.rand(n, 1, 1, 1, device=pictures.device) < 0.4, soft, pictures)
    return pictures + 0.08 * torch.rand(n, 1, 1, 1, device=pictures.device) * torch.randn_like(pictures)


@dataclass
class Album:
    """Shrunk pictures and rows; pooled texts of their captions, of all subjects, of materials.

    Of nouns alone.
    """

    pictures: torch.Tensor
    rows: torch.Tensor
    captions: torch.Tensor
    subjects: torch.Tensor
    made: torch.Tensor
    nouns: torch.Tensor


@torch.no_grad()
def album(easel: Easel, tower: TextTower, count: int, ids: torch.Tensor) -> Album:
    """Pictures by chance, with all texts that the losses need; `ids` are of a caption each."""
    subjects = some(count, torch.Generator().manual_seed(61))
    moved = poses(count, torch.Generator().manual_seed(62))
    pictures = torch.empty(count, 3, SIDE, SIDE, dtype=torch.uint8, device=DEVICE)
    for part in torch.arange(count).split(256):
        drawn = small(easel.draw(subjects.part(part), moved.part(part)))
        pictures[part.to(DEVICE)] = ((drawn + 1) * 127.5).round().byte()
    nouns, colours, grounds, styles, materials = ATTRIBUTES
    plain = [short(Subject(n, s, c, g)) for n, c, g, s in itertools.product(nouns, colours, grounds, styles)]
    made = [
        short(Subject(n, s, "", g, m)) for n, m, g, s in itertools.product(nouns, materials, grounds, styles)
    ]
    return Album(
        pictures,
        subjects.rows().to(DEVICE),
        text_tower.pooled(tower, ids),
        text_tower.pooled(tower, tokens.encode(plain)).view(*(len(v) for v in ATTRIBUTES[:4]), -1),
        text_tower.pooled(tower, tokens.encode(made)).view(
            len(nouns), len(materials), len(grounds), len(styles), -1
        ),
        text_tower.pooled(tower, tokens.encode([noun_text(n) for n in NOUNS])),
    )


def _among(
    model: Clip, image: torch.Tensor, texts: torch.Tensor, truth: torch.Tensor, heed: torch.Tensor
) -> torch.Tensor:
    """Cross-entropy of each picture among its own texts, N × values × width.

    `heed` says which pictures count.
    """
    scores = model.logit_scale.exp().clamp(max=60) * (model.texts(texts) @ image[:, :, None])[..., 0]
    lost = F.cross_entropy(scores, truth, reduction="none")
    return (lost * heed).sum() / heed.sum().clamp(min=1)


def _nouns(model: Clip, image: torch.Tensor, data: Album, row: torch.Tensor) -> torch.Tensor:
    """Told apart from subjects that differ in the noun alone, by chance."""
    near = (
        data.subjects[:, row[:, 1], row[:, 2], row[:, 3]].movedim(1, 0) if len(NOUNS) <= NEGATIVES else None
    )
    every = torch.ones(len(row), device=row.device)
    if near is not None:
        return _among(model, image, near, row[:, 0], every)
    chosen = torch.randint(0, len(NOUNS), (len(row), NEGATIVES), device=row.device)
    chosen[:, 0] = row[:, 0]
    index = tuple(row[:, k, None].expand_as(chosen) for k in (1, 2, 3))
    scores = (
        model.logit_scale.exp().clamp(max=60)
        * (model.texts(data.subjects[chosen, *index]) @ image[:, :, None])[..., 0]
    )
    same = chosen == row[:, :1]
    same[:, 0] = False
    return F.cross_entropy(scores.masked_fill(same, -30.0), torch.zeros_like(row[:, 0]))


def losses(model: Clip, data: Album, picked: torch.Tensor, whole: torch.Tensor) -> torch.Tensor:
    """Nouns alone, one attribute changed at a time, and captions of the batch.

    `whole` marks nouns without a ground.
    """
    row = data.rows[picked]
    with autocast(cached=False):
        image = model.images(roughened(data.pictures[picked].float() / 127.5 - 1))
    scale = model.logit_scale.exp().clamp(max=60)
    every = torch.ones(len(row), device=row.device)
    noun, colour, ground, style, material = row.unbind(1)
    total = F.cross_entropy(scale * image @ model.texts(data.nouns).T, noun) + _nouns(model, image, data, row)
    total = total + _among(model, image, data.subjects[noun, :, ground, style], colour, every)
    total = total + _among(model, image, data.subjects[noun, colour, :, style], ground, 1 - whole[noun])
    total = total + _among(model, image, data.subjects[noun, colour, ground], style, every)
    total = total + _among(model, image, data.made[noun, :, ground, style], material, (colour == 0).float())
    scores = scale * image @ model.texts(data.captions[picked]).T
    same = (row[:, None] == row[None]).all(-1).float()
    goal = same / same.sum(-1, keepdim=True)
    return total - 0.5 * (
        (goal * scores.log_softmax(-1)).sum(-1).mean() + (goal * scores.T.log_softmax(-1)).sum(-1).mean()
    )


def job(model: Clip, data: Album, folder: Path, seconds: float, steps: int) -> Job:
    """The training of image tower and projections."""
    size, count = sized(768, 16), len(data.pictures)
    whole = torch.tensor([float(noun in SURFACES) for noun in NOUNS], device=DEVICE)

    def batch(step: int) -> Tensors:  # noqa: ARG001
        return (torch.randint(0, count, (size,), device=DEVICE),)

    return Job(
        "clip-training",
        model,
        batch,
        lambda picked: losses(model, data, picked, whole),
        folder,
        steps=steps,
        seconds=seconds,
        rate=1e-3,
        warmup=200,
        average=0.997,
        weight_decay=0.03,
        betas=(0.9, 0.98),
    )


@torch.no_grad()
def zero_shot(model: Clip, easel: Easel, nouns: torch.Tensor) -> float:
    """Share of held-out renders whose noun is nearest among the captions of the nouns alone."""
    held = some(sized(2048, 32), torch.Generator().manual_seed(72), made=0.0)
    moved, hits = poses(len(held.noun), torch.Generator().manual_seed(73)), []
    for part in torch.arange(len(held.noun)).split(256):
        seen = small(easel.draw(held.part(part), moved.part(part)))
        hits.append(((model.images(seen) @ model.texts(nouns).T).argmax(1).cpu() == held.noun[part]).float())
    return float(torch.cat(hits).mean())


def ids_of(count: int, processes: int) -> torch.Tensor:
    """A caption for each picture of the album; forks, so before a CUDA context exists."""
    return tokens.captions_of(some(count, torch.Generator().manual_seed(61)).rows(), 1, 63, processes)[:, 0]


def make(folder: Path, easel: Easel, ids: torch.Tensor, seconds: float, steps: int = 10**9) -> None:
    """Trains image tower and projections on the run's text tower, measures, writes."""
    torch.manual_seed(5)
    data = album(easel, text_tower.load(folder), len(ids), ids)
    say("clip: album of", len(ids), "pictures;", len(MATERIALS) - 1, "materials")
    model = Clip()
    weights.begun(NAME, model, folder)
    model = model.to(DEVICE)
    train(job(model, data, folder, seconds, steps))
    weights.written(model, folder / f"{NAME}.safetensors")
    say("clip, zero-shot noun on held-out renders", round(zero_shot(model, easel, data.nouns), 4))
