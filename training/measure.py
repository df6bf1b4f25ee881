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

from training import clip as clipping
from training import judge as judging
from training.autoencoder import decode, pool, psnr
from training.curve import finished, prompts, scores
from training.painter import Painter
from training.pixel import is_grid
from training.render import Easel, Subject, draw_subject
from training.settings import CLIP
from training.text_tower import ATTRIBUTES, labels


@dataclass(frozen=True)
class Drawn:
    """Pictures of prompts, uint8 N × 256 × 256 × 3 after the post step, and what the judge reads, N × 4."""

    subjects: list[Subject]
    pictures: torch.Tensor
    verdicts: torch.Tensor

    def by_style(self) -> dict[str, float]:
        """Share of right nouns in each style."""
        right = self.right()
        styles = [s.style for s in self.subjects]
        return {s: float(right[[k for k, v in enumerate(styles) if v == s]].mean()) for s in ATTRIBUTES[3]}

    def right(self) -> torch.Tensor:
        """1 where the noun is right, N."""
        truth = torch.tensor([labels(s)[0] for s in self.subjects])
        return (self.verdicts[:, 0] == truth).float()

    def flawless(self) -> torch.Tensor:
        """1 where noun, named colour, background and style are all right, N."""
        truth = torch.tensor([labels(s) for s in self.subjects])
        right = self.verdicts == truth
        right[:, 1] |= truth[:, 1] == 0
        return right.all(1).float()

    def worst(self, count: int) -> list[tuple[str, float]]:
        """The nouns that are read worst, with their share."""
        right, nouns = self.right(), [s.noun for s in self.subjects]
        shares = {n: float(right[[k for k, v in enumerate(nouns) if v == n]].mean()) for n in set(nouns)}
        return sorted(shares.items(), key=lambda item: (item[1], item[0]))[:count]


def draw(painter: Painter, judge: judging.Judge, asked: list[tuple[str, Subject]], seed: int) -> Drawn:
    """Draws a picture a prompt, and lets the judge read them."""
    subjects = [subject for _, subject in asked]
    raw = painter.draw_all([text for text, _ in asked], [seed + k for k in range(len(asked))])
    pictures = finished(raw, subjects)
    return Drawn(subjects, pictures, judging.verdicts(judge, pictures))


def attributes(drawn: Drawn) -> dict[str, float]:
    """Shares of right nouns, named colours, backgrounds, styles."""
    return scores(drawn.verdicts, drawn.subjects)


def pixel_grids(drawn: Drawn) -> float:
    """Share of pixel pictures with one colour a cell and no more colours than the palette."""
    chosen = [p for p, s in zip(drawn.pictures.numpy(), drawn.subjects, strict=True) if s.style == "pixel"]
    return sum(is_grid(picture) for picture in chosen) / len(chosen)


@torch.no_grad()
def autoencoder_psnr(painter: Painter, easel: Easel, count: int = 96) -> float:
    """PSNR in dB on held-out renders at 256 pixels, in single precision."""
    pictures = pool(easel, count, 71)
    vae = painter.pipeline.vae
    latents = [
        vae.encode(p.permute(0, 3, 1, 2).float() / 127.5 - 1).latent_dist.mean for p in pictures.split(8)
    ]
    return psnr(decode(vae, torch.cat(latents)), pictures)


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
        for some in pictures.split(64):
            pixels = self.processor(
                [Image.fromarray(p) for p in some.numpy()], return_tensors="pt"
            ).pixel_values
            parts.append(clipping.embed_images(self.model, pixels))
        return torch.cat(parts)

    @torch.no_grad()
    def texts(self, texts: list[str]) -> torch.Tensor:
        """Unit vectors of texts."""
        return clipping.embed_texts(self.model, clipping.pooled(self.model.text_model, self.tokenizer, texts))

    def noun_scores(self, pictures: torch.Tensor) -> torch.Tensor:
        """Cosine of each picture with each noun alone."""
        return self.images(pictures) @ self.texts([clipping.noun_text(n) for n in ATTRIBUTES[0]]).T

    def subject_scores(self, pictures: torch.Tensor, subjects: list[Subject]) -> torch.Tensor:
        """Cosine of each picture with the short caption of its subject."""
        texts = [clipping.subject_text(s.noun, s.colour, s.background, s.style) for s in subjects]
        return (self.images(pictures) * self.texts(texts)).sum(1)


def clip_zero_shot(eyes: Eyes, easel: Easel, count: int = 400) -> float:
    """Share of held-out renders whose noun the CLIP reads rightly."""
    pictures, rows = judging.renders(easel, count, 72)
    return float((eyes.noun_scores(pictures).argmax(1) == rows[:, 0]).float().mean())


def best_of_four(painter: Painter, judge: judging.Judge, eyes: Eyes, count: int) -> dict[str, float]:
    """Share of flawed pictures (noun, named colour, background or style) on new prompts.

    `single`: of all pictures; `cosine`: of the best of four by the CLIP's cosine with the subject's caption;
    `noun`: of the best of four by the share of its noun; `luck`: were the best of four always chosen.
    """
    asked = prompts(count, 73)
    rounds = [draw(painter, judge, asked, 10_000 * (k + 1)) for k in range(4)]
    subjects = rounds[0].subjects
    cosine = torch.stack([eyes.subject_scores(r.pictures, subjects) for r in rounds])
    truth = torch.tensor([labels(s)[0] for s in subjects])
    noun = torch.stack(
        [F.softmax(100 * eyes.noun_scores(r.pictures), 1)[range(count), truth] for r in rounds]
    )
    right = torch.stack([r.flawless() for r in rounds])
    found = {"single": 1 - float(right.mean()), "luck": 1 - float(right.amax(0).mean())}
    for name, score in (("cosine", cosine), ("noun", noun)):
        found[name] = 1 - float(right.gather(0, score.argmax(0)[None]).mean())
    return found


def nearest(drawn: Drawn, easel: Easel, count: int = 24, poses: int = 48) -> dict[str, float]:
    """Median RMS distance (0 to 255, at 64 pixels) to the nearest of many training renders of a subject.

    `made`: from a drawn picture; `trained`: from one such render to the nearest other one; `apart`: between
    renders of two different nouns.
    """
    rng = random.Random(74)
    rows = [k for k, right in enumerate(drawn.right().tolist()) if right][
        :: max(1, len(drawn.subjects) // count)
    ]
    made, trained, apart = [], [], []
    for k in rows[:count]:
        subject = drawn.subjects[k]
        renders = _shrunk(torch.from_numpy(np.stack([easel.draw(subject, rng) for _ in range(poses)])))
        other = easel.draw(
            draw_subject(rng)._replace(style=subject.style, background=subject.background), rng
        )
        made.append(_rms(_shrunk(drawn.pictures[k : k + 1]), renders))
        trained.append(_rms(renders[:1], renders[1:]))
        apart.append(_rms(_shrunk(torch.from_numpy(other)[None]), renders))
    return {
        "made": float(np.median(made)),
        "trained": float(np.median(trained)),
        "apart": float(np.median(apart)),
    }


def _shrunk(pictures: torch.Tensor) -> torch.Tensor:
    return F.avg_pool2d(pictures.permute(0, 3, 1, 2).float(), 4)


def _rms(one: torch.Tensor, many: torch.Tensor) -> float:
    return float((many - one).square().mean((1, 2, 3)).sqrt().min())
