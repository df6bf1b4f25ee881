"""Learns a tokenizer of byte-level BPE on captions into the run: `python -m training.learn`.

A training that goes on from shipped weights keeps their tokenizer; this is for one from nothing.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from pathlib import Path

import torch
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import CLIPTokenizer

from training.captions import caption, subject
from training.easel import some
from training.settings import RUN, TOKENS, say
from training.tokens import END, START
from training.vocabulary import NOUNS, SYNONYMS

SIZE = 3600
_WORDS = r"[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


def learn(captions: Iterable[str], folder: Path, size: int = SIZE) -> CLIPTokenizer:
    """Learns about `size` tokens, writes the tokenizer's files into `folder`, and loads them."""
    bpe = Tokenizer(models.BPE(unk_token=END, end_of_word_suffix="</w>"))
    bpe.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    split = pre_tokenizers.Split(Regex(_WORDS), "removed", invert=True)
    bpe.pre_tokenizer = pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False)])
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        min_frequency=2,
        special_tokens=[START, END],
        end_of_word_suffix="</w>",
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    bpe.train_from_iterator(captions, trainer)
    _write(json.loads(bpe.to_str())["model"], folder)
    made = CLIPTokenizer.from_pretrained(folder)
    made.save_pretrained(folder)
    return made


def _write(model: dict[str, object], folder: Path) -> None:
    vocabulary: dict[str, int] = dict(model["vocab"])  # type: ignore[call-overload]
    for letter in sorted(pre_tokenizers.ByteLevel.alphabet()):
        vocabulary.setdefault(f"{letter}</w>", len(vocabulary))
    merges = [" ".join(pair) if isinstance(pair, list) else pair for pair in model["merges"]]  # type: ignore[attr-defined]
    config = {
        "tokenizer_class": "CLIPTokenizer",
        "model_max_length": TOKENS,
        "do_lower_case": True,
        **dict.fromkeys(("eos_token", "unk_token", "pad_token"), END),
        "bos_token": START,
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (
        ("vocab.json", json.dumps(vocabulary, ensure_ascii=False) + "\n"),
        ("merges.txt", "#version: 0.2\n" + "\n".join(merges) + "\n"),
        ("tokenizer_config.json", json.dumps(config, indent=1) + "\n"),
    ):
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def corpus(count: int, seed: int = 21) -> list[str]:
    """Captions by chance without invented words, and every noun with its synonyms forty times."""
    rng = random.Random(seed)
    rows = some(count, torch.Generator().manual_seed(seed)).rows().tolist()
    named = [word for noun in NOUNS for word in (noun, *SYNONYMS.get(noun, ())) for _ in range(40)]
    return [caption(subject(row), rng, invent=False) for row in rows] + named


if __name__ == "__main__":
    made = learn(corpus(70_000), RUN / "tokenizer")
    say(len(made), "tokens in", RUN / "tokenizer")
