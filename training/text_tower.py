"""The text tower, trained first and with supervision: from a caption to noun, colour, background and style.

Contrastive training alone left no noun in the tower; a linear head an attribute on the pooled output does.
"""

from __future__ import annotations

import random
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from training import tokens
from training.captions import caption
from training.loop import Job, train
from training.render import Subject, draw_subject
from training.settings import TEXT_WIDTH, TOKENS
from training.vocabulary import BACKGROUNDS, COLOURS, NOUNS, STYLES

ATTRIBUTES: tuple[tuple[str, ...], ...] = (tuple(NOUNS), ("", *COLOURS), tuple(BACKGROUNDS), STYLES)
"""The values of noun, colour ("" natural), background, style, in this order."""


def labels(subject: Subject) -> list[int]:
    """Indexes of the subject's attributes, in the order of ATTRIBUTES."""
    noun, style, colour, background = subject
    return [a.index(v) for a, v in zip(ATTRIBUTES, (noun, colour, background, style), strict=True)]


def build(vocabulary: int, start: int, end: int, layers: int = 3) -> CLIPTextModel:
    """An untrained tower."""
    config = CLIPTextConfig(
        vocab_size=vocabulary, hidden_size=TEXT_WIDTH, intermediate_size=512, num_hidden_layers=layers,
        num_attention_heads=6, max_position_embeddings=TOKENS, projection_dim=128,
        bos_token_id=start, eos_token_id=end, pad_token_id=end,
    )  # fmt: skip
    return CLIPTextModel(config)


class Reader(nn.Module):
    """Tower with a linear head an attribute."""

    def __init__(self, tower: CLIPTextModel) -> None:
        super().__init__()
        self.tower = tower
        self.heads = nn.ModuleList([nn.Linear(TEXT_WIDTH, len(values)) for values in ATTRIBUTES])

    def forward(self, ids: torch.Tensor) -> list[torch.Tensor]:
        """Token ids to the scores of each attribute."""
        pooled = self.tower(ids).pooler_output
        return [head(pooled) for head in self.heads]


def corpus(
    count: int, seed: int, held_out: bool = False, invent: bool = True
) -> tuple[list[str], torch.Tensor]:
    """Captions by chance with the labels of their subjects, N × 4."""
    rng = random.Random(seed)
    texts, rows = [], []
    for _ in range(count):
        subject = draw_subject(rng)
        texts.append(caption(subject, rng, held_out, invent))
        rows.append(labels(subject))
    return texts, torch.tensor(rows)


def job(reader: Reader, ids: torch.Tensor, rows: torch.Tensor, steps: int, folder: Path) -> Job:
    """Cross-entropy of all heads on batches of 128 captions of like length."""
    lengths = (ids != ids[0, -1]).sum(1)
    buckets = lengths.argsort().chunk(6)
    end = [int(lengths[bucket].max()) + 1 for bucket in buckets]

    def loss(step: int) -> torch.Tensor:  # noqa: ARG001
        k = int(torch.randint(0, len(buckets), ()))
        picked = buckets[k][torch.randint(0, len(buckets[k]), (128,))]
        with torch.autocast("cpu", torch.bfloat16):
            scores = reader(ids[picked, : end[k]])
        return sum(
            (F.cross_entropy(s.float(), rows[picked, k]) for k, s in enumerate(scores)), torch.zeros(())
        )

    return Job("text", reader, loss, steps, folder, rate=1e-3, decay=0.4, average=0.995, weight_decay=0.01)


@torch.no_grad()
def accuracy(reader: Reader, ids: torch.Tensor, rows: torch.Tensor) -> list[float]:
    """Share of captions whose noun, colour, background and style are read rightly."""
    hits = [
        torch.stack([s.argmax(1) for s in reader(some)], 1) == row
        for some, row in zip(ids.split(256), rows.split(256), strict=True)
    ]
    return torch.cat(hits).float().mean(0).tolist()


def make(folder: Path, steps: int, count: int = 200_000) -> None:
    """Learns tokenizer and tower, saves them to `folder`/tokenizer and `folder`/text_encoder."""
    known, _ = corpus(60_000, 21, invent=False)
    tokenizer: CLIPTokenizer = tokens.learn(known, folder / "tokenizer")
    texts, rows = corpus(count, 23)
    torch.manual_seed(0)
    tower = build(len(tokenizer), int(tokenizer.bos_token_id), int(tokenizer.eos_token_id))
    ids = tokens.encode(tokenizer, texts)
    print(
        "tokens", len(tokenizer), "captions cut", float((ids[:, -1] != tokenizer.eos_token_id).float().mean())
    )
    reader = train(job(Reader(tower), ids, rows, steps, folder))
    held, truth = corpus(4000, 22, held_out=True)
    print(
        "text, held-out wording: noun, colour, background, style",
        accuracy(reader, tokens.encode(tokenizer, held), truth),
    )
    reader.tower.save_pretrained(folder / "text_encoder")


if __name__ == "__main__":
    import sys

    from training.settings import RUN

    torch.set_num_threads(1)
    make(RUN, int(sys.argv[1]))
