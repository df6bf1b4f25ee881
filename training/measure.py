"""Measurements of the packed models, each a function from models to figures."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from transformers import CLIPImageProcessor, CLIPModel, CLIPTokenizer

from training import autoencoder, judge, sampling
from training.captions import Subject, caption, noun_text, short, subject
from training.easel import Easel, as_bytes, as_pictures, poses, some
from training.painter import Painter
from training.settings import CLIP, SIZE
from training.vocabulary import ATTRIBUTES, NOUNS, STYLES

FLAT = STYLES.index("flat")


@dataclass(frozen=True)
class Drawn:
    """Pictures of prompts, uint8 N × 256 × 256 × 3 after the post step; the prompts' rows.

    And what the judge reads.
    """

    rows: torch.Tensor
    pictures: torch.Tensor
    verdicts: torch.Tensor

    def right(self) -> torch.Tensor:
        """1 where noun, colour, ground, style is right, N × 4; a colour that was not named is right."""
        right = self.verdicts == self.rows[:, :4]
        right[:, 1] |= self.rows[:, 1] == 0
        return right.float()

    def shares(self) -> dict[str, float]:
        """Shares of right nouns, named colours, grounds, styles, and of pictures with no flaw."""
        right, named = self.right(), self.rows[:, 1] > 0
        return {
            "noun": float(right[:, 0].mean()), "colour": float(right[named, 1].mean()),
            "ground": float(right[:, 2].mean()), "style": float(right[:, 3].mean()),
            "flat": float(right[self.rows[:, 3] == FLAT, 3].mean()), "flawless": float(right.amin(1).mean()),
        }  # fmt: skip

    def by_style(self) -> dict[str, float]:
        """Share of right nouns in each style."""
        right = self.right()[:, 0]
        return {style: float(right[self.rows[:, 3] == k].mean()) for k, style in enumerate(STYLES)}

    def misread(self) -> list[str]:
        """Subjects whose noun is read as another."""
        wrong = (self.right()[:, 0] == 0).nonzero()[:, 0].tolist()
        asked = [(subject(self.rows[k].tolist()), ATTRIBUTES[0][int(self.verdicts[k, 0])]) for k in wrong]
        return [f"{s.style} {s.thing} as {seen}" for s, seen in asked]

    def mottled(self) -> float:
        """Mean deviation, of 255, of the ground's pixels in the corners of flat pictures."""
        flat = self.pictures[self.rows[:, 3] == FLAT].float()
        return _corner_deviation(flat)


def _corner_deviation(pictures: torch.Tensor) -> float:
    side = 20
    corners = torch.stack(
        [pictures[:, :side, :side], pictures[:, :side, -side:], pictures[:, -side:, :side]], 1
    )
    return float(corners.flatten(2, 3).std(2).mean())


def prompts(count: int, seed: int, nouns: int, *, made: float = 0.0) -> tuple[list[str], torch.Tensor]:
    """Captions with wording that no training caption has, over the first `nouns` nouns in turn.

    And their rows.
    """
    generator, rng = torch.Generator().manual_seed(seed), random.Random(seed)
    rows = some(2 * count + len(NOUNS), generator, made=made).rows()
    rows = rows[rows[:, 0] < nouns][:count]
    return [caption(subject(row), rng, held_out=True) for row in rows.tolist()], rows


def draw(
    painter: Painter, reader: judge.Judge, asked: tuple[list[str], torch.Tensor], seed: int, steps: int = 0
) -> Drawn:
    """Draws a picture a prompt, and lets the judge read them."""
    texts, rows = asked
    raw = painter.draw_all(texts, [seed + k for k in range(len(texts))], steps=steps)
    pictures = as_bytes(sampling.finished(as_pictures(raw), rows))
    return Drawn(rows, pictures, judge.verdicts(reader, as_pictures(pictures)))


def is_grid(picture: np.ndarray) -> bool:
    """Whether each cell of a pixel picture has one colour, and there are no more than the palette has."""
    from training.settings import CELLS, PALETTE

    block = SIZE // CELLS
    small = picture[::block, ::block]
    whole = bool((small.repeat(block, 0).repeat(block, 1) == picture).all())
    return whole and len(np.unique(small.reshape(-1, 3), axis=0)) <= PALETTE


def material_share(painter: Painter, reader: judge.MaterialJudge, count: int, seed: int) -> float:
    """Share of drawn pictures whose material, named in the prompt, is read among ten."""
    generator = torch.Generator().manual_seed(seed)
    subjects = some(count, generator, made=0.0)
    asked = [judge.TEN[k % len(judge.TEN)] for k in range(count)]
    gold = [name == "gold" for name in asked]
    known = len(painter.card["nouns"])
    rows = [
        Subject(
            NOUNS[int(noun) % known],
            STYLES[int(style)],
            "gold" if is_gold else "",
            "white",
            "" if is_gold else name,
        )
        for noun, style, name, is_gold in zip(subjects.noun, subjects.style, asked, gold, strict=True)
    ]
    raw = painter.draw_all([short(row) for row in rows], [seed + k for k in range(count)])
    styles = torch.tensor([[0, 0, 0, STYLES.index(row.style)] for row in rows])
    found = judge.materials(reader, sampling.finished(as_pictures(raw), styles), judge.TEN)
    truth = torch.tensor([judge.READ.index(name) for name in asked])
    return float((found == truth).float().mean())


def held_out_materials(reader: judge.MaterialJudge, easel: Easel, count: int, seed: int) -> float:
    """Share of held-out renders whose material is read among ten."""
    generator = torch.Generator().manual_seed(seed)
    subjects = some(count, generator, made=1.0)
    truth = judge.read_as(subjects.rows())
    ten = torch.tensor([judge.READ.index(name) for name in judge.TEN])
    wanted = torch.isin(truth, ten)
    subjects, truth = subjects.part(wanted), truth[wanted]
    moved = poses(len(truth), generator)
    found = [
        judge.materials(reader, easel.draw(subjects.part(part), moved.part(part)), judge.TEN)
        for part in torch.arange(len(truth)).split(16)
    ]
    return float((torch.cat(found) == truth).float().mean())


@torch.no_grad()
def coded(painter: Painter, easel: Easel, count: int = 96) -> tuple[float, float]:
    """PSNR in dB and sharpness of held-out renders through the packed autoencoder, in single precision."""
    generator = torch.Generator().manual_seed(71)
    subjects = some(2 * count, generator, made=0.0)
    subjects = subjects.part((subjects.noun < len(painter.card["nouns"])).nonzero()[:, 0][:count])
    moved, found = poses(len(subjects.noun), generator), []
    for part in torch.arange(len(subjects.noun)).split(8):
        true = easel.draw(subjects.part(part), moved.part(part))
        back = painter.pipeline.vae(true).sample
        found.append(torch.stack([autoencoder.psnr(back, true), autoencoder.sharpness(back, true)], 1))
    psnr, sharp = torch.cat(found).mean(0).tolist()
    return psnr, sharp


class Eyes:
    """The packed CLIP with its own tokenizer and processor."""

    def __init__(self, folder: Path = CLIP) -> None:
        self.model = CLIPModel.from_pretrained(folder, torch_dtype=torch.float32).eval()
        self.tokenizer = CLIPTokenizer.from_pretrained(folder)
        self.processor = CLIPImageProcessor.from_pretrained(folder)

    @torch.no_grad()
    def images(self, pictures: torch.Tensor) -> torch.Tensor:
        """Unit vectors of uint8 pictures."""
        parts = []
        for part in pictures.split(64):
            pixels = self.processor(
                [Image.fromarray(p) for p in part.numpy()], return_tensors="pt"
            ).pixel_values
            pooled = self.model.vision_model(pixels).pooler_output
            parts.append(F.normalize(self.model.visual_projection(pooled), dim=-1))
        return torch.cat(parts)

    @torch.no_grad()
    def texts(self, texts: list[str]) -> torch.Tensor:
        """Unit vectors of texts."""
        parts = []
        for k in range(0, len(texts), 256):
            given = self.tokenizer(texts[k : k + 256], padding="max_length", truncation=True, max_length=48,
                                   return_tensors="pt")  # fmt: skip
            pooled = self.model.text_model(given.input_ids).pooler_output
            parts.append(F.normalize(self.model.text_projection(pooled), dim=-1))
        return torch.cat(parts)


def clip_zero_shot(eyes: Eyes, easel: Easel, nouns: tuple[str, ...], count: int = 400) -> float:
    """Share of held-out renders whose noun the CLIP reads rightly among all that it knows."""
    generator = torch.Generator().manual_seed(72)
    subjects = some(2 * count, generator, made=0.0)
    subjects = subjects.part((subjects.noun < len(nouns)).nonzero()[:, 0][:count])
    moved = poses(count, generator)
    named = eyes.texts([noun_text(noun) for noun in nouns])
    hits = []
    for part in torch.arange(len(subjects.noun)).split(32):
        seen = as_bytes(easel.draw(subjects.part(part), moved.part(part)))
        hits.append((eyes.images(seen) @ named.T).argmax(1) == subjects.noun[part])
    return float(torch.cat(hits).float().mean())


def nearest(drawn: Drawn, easel: Easel, count: int = 24, each: int = 32) -> dict[str, float]:
    """Median RMS distance (0 to 255, at 64 pixels) to the nearest of many training renders of a subject.

    `made`: from a drawn picture; `trained`: from one such render to the nearest other one; `apart`: to
    renders of another noun.
    """
    generator = torch.Generator().manual_seed(74)
    right = (drawn.right()[:, 0] > 0).nonzero()[:, 0]
    found: dict[str, list[float]] = {"made": [], "trained": [], "apart": []}
    for k in right[:: max(1, len(right) // count)][:count].tolist():
        row = drawn.rows[k : k + 1].expand(each, -1)
        other = row.clone()
        other[:, 0] = (row[:, 0] + 37) % 700
        renders, others = (_shrunk(as_bytes(_drawn_rows(easel, rows, generator))) for rows in (row, other))
        found["made"].append(_rms(_shrunk(drawn.pictures[k : k + 1]), renders))
        found["trained"].append(_rms(renders[:1], renders[1:]))
        found["apart"].append(_rms(_shrunk(drawn.pictures[k : k + 1]), others))
    return {name: float(np.median(values)) for name, values in found.items()}


def _drawn_rows(easel: Easel, rows: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    from training.easel import Subjects

    return easel.draw(Subjects(*rows.unbind(1)), poses(len(rows), generator))


def _shrunk(pictures: torch.Tensor) -> torch.Tensor:
    return F.avg_pool2d(pictures.permute(0, 3, 1, 2).float(), 4)


def _rms(one: torch.Tensor, many: torch.Tensor) -> float:
    return float((many - one).square().mean((1, 2, 3)).sqrt().min())
