"""Captions to token ids, and the tokenizer that is learnt once from captions."""

from __future__ import annotations

import multiprocessing
import os
import random
from functools import cache
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from training.captions import caption, subject
from training.settings import PAINTER, RUN, TOKENS

START, END = "<|startoftext|>", "<|endoftext|>"


def folder() -> Path:
    """The run's own tokenizer; without one that of the shipped painter goes on."""
    return RUN / "tokenizer" if (RUN / "tokenizer").exists() else PAINTER / "tokenizer"


@cache
def tokenizer() -> Tokenizer:
    """Without padding and truncation."""
    made = Tokenizer.from_file(str(folder() / "tokenizer.json"))
    made.no_truncation()
    made.no_padding()
    return made


def vocabulary() -> int:
    """How many tokens there are."""
    return tokenizer().get_vocab_size()


def end() -> int:
    """The id of the end mark, which also pads."""
    return int(tokenizer().token_to_id(END))


def encode(texts: list[str]) -> torch.Tensor:
    """Token ids, N × TOKENS int64, with start and end marks, cut and padded with the end mark."""
    out = np.full((len(texts), TOKENS), end(), np.int64)
    first = tokenizer().token_to_id(START)
    for row, found in zip(out, tokenizer().encode_batch(texts, add_special_tokens=False), strict=True):
        ids = found.ids[: TOKENS - 2]
        row[0] = first
        row[1 : 1 + len(ids)] = ids
    return torch.from_numpy(out)


def _part(job: tuple[np.ndarray, int, int]) -> np.ndarray:
    rows, each, seed = job
    rng = random.Random(seed)
    texts = [caption(subject(row), rng) for row in rows.tolist() for _ in range(each)]
    return encode(texts).numpy().astype(np.int16).reshape(len(rows), each, TOKENS)


def captions_of(rows: torch.Tensor, each: int, seed: int, processes: int) -> torch.Tensor:
    """`each` captions by chance of every row of ATTRIBUTES' indexes: int16 ids, N × each × TOKENS.

    With several processes they are forked, so it must run before a CUDA context exists.
    """
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    parts = np.array_split(rows.numpy(), max(1, min(len(rows), 64)))
    jobs = [(part, each, seed * 1000 + k) for k, part in enumerate(parts)]
    if processes <= 1:
        return torch.from_numpy(np.concatenate([_part(job) for job in jobs]))
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        return torch.from_numpy(np.concatenate(pool.map(_part, jobs, chunksize=1)))
