"""The embedded language model, loaded once for the session; and a tiny one with random weights."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.backends.llm.describe import describe_writer
from orchestrator.backends.llm.load import load_writer
from orchestrator.backends.llm.writer import LikelihoodWriter
from orchestrator.errors import Span
from orchestrator.recipe import ModelChoice
from tests.backends import sources
from tests.machine import settings_at


def choice(source: str = "embedded", given: object | None = None) -> ModelChoice:
    """What a recipe would say."""
    return sources.choice("writer", "llm", source, Span("recipe.yaml", 3, 17, 3, 25), given)


@pytest.fixture(scope="session")
def smollm(shared_store: Path) -> LikelihoodWriter:
    settings = settings_at(shared_store)
    loaded = load_writer(describe_writer(choice(), settings, Path()), settings)
    assert isinstance(loaded, LikelihoodWriter)
    return loaded


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Llama of 20,000 parameters with a tokenizer of bytes, as save_pretrained writes them."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("models") / "tiny"
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokens = {letter: index for index, letter in enumerate(["<s>", "</s>", *letters])}
    tokenizer = Tokenizer(models.BPE(vocab=tokens, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    end = {"eos_token": "</s>"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **end).save_pretrained(folder)
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
    config = LlamaConfig(vocab_size=len(tokens), num_key_value_heads=2, eos_token_id=1, **sizes)
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder
