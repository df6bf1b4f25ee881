"""Describes a language model: files, digests, card. Imports neither torch nor transformers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from orchestrator.backends import identity
from orchestrator.backends.embedded import writer as embedded
from orchestrator.backends.llm import findings
from orchestrator.backends.llm.families import native_families
from orchestrator.backends.safetensors_file import problem_in
from orchestrator.backends.source import locate
from orchestrator.config import Settings
from orchestrator.errors import Span
from orchestrator.plain_file import read_plain_file
from orchestrator.recipe import Embedded, ModelChoice
from orchestrator.stage import Card, Description

_INDEX = "model.safetensors.index.json"
_OPENED = (
    "config.json",
    "generation_config.json",
    "*.safetensors",
    _INDEX,
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "merges.txt",
    "tokenizer.model",
    "chat_template.jinja",
    "chat_template.json",
    "additional_chat_templates/*.jinja",
)
_TOKENIZERS = ({"tokenizer.json"}, {"tokenizer.model"}, {"vocab.json", "merges.txt"})
_MOST_BYTES = 16 * 1024 * 1024
_MOST_LAYERS = 1024
_LAYERS = frozenset(
    {"num_hidden_layers", "n_layer", "n_layers", "num_layers", "num_decoder_layers", "num_encoder_layers"}
)
_ATTENTION = frozenset({"eager", "sdpa", "flash_attention_2", "flash_attention_3", "flex_attention"})
"""What transformers itself has; any other name is that of a repository of kernels, or a mapping of them."""
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl")


def describe_writer(choice: ModelChoice, settings: Settings, base: Path) -> Description:
    """What is known of the language model that a recipe names, or that Python handed in."""
    if choice.given is not None:
        return _handed_in(choice)
    if isinstance(choice.source, Embedded):
        return _embedded(choice, settings)
    folder, source = locate(choice, base, Path()), str(choice.source)
    names = files_of(folder, source, choice.span)
    card = _card(folder, source, choice.span)
    _refuse_cut(folder, names, source, choice.span)
    digests = identity.digests_of({name: folder / name for name in names}, settings.store)
    return Description(
        role=choice.role,
        kind="llm",
        source=source,
        identity=identity.of_files("llm", digests),
        card=card,
        location=str(folder.resolve()),
    )


def files_of(folder: Path, source: str, span: Span | None = None) -> tuple[str, ...]:
    """The files that the loader opens, as paths inside the folder; E341, E342, E344 where they do not do."""
    found = {path.relative_to(folder).as_posix() for pattern in _OPENED for path in folder.glob(pattern)}
    weights = any(name.endswith(".safetensors") for name in found)
    pickle = next((path.name for pattern in _PICKLES for path in sorted(folder.glob(pattern))), None)
    if pickle and not weights:
        raise findings.pickles_alone(source, pickle, span)
    if "config.json" not in found or not weights or not any(
        names <= found for names in _TOKENIZERS
    ):
        raise findings.no_model(folder, source, span)
    if missing := _parts(folder, source, span) - found:
        raise findings.no_parts(source, sorted(missing), span)
    return tuple(sorted(found))


def _refuse_cut(folder: Path, names: tuple[str, ...], source: str, span: Span | None) -> None:
    """E344 for weights that are not all there."""
    for name in names:
        if name.endswith(".safetensors") and (problem := problem_in(folder / name)):
            raise findings.broken(source, f"{name}: {problem}", span)


def _parts(folder: Path, source: str, span: Span | None) -> set[str]:
    """The files of weights that an index names; none where there is no index."""
    if not (folder / _INDEX).is_file():
        return set()
    try:
        held: object = json.loads(read_plain_file(folder / _INDEX, _MOST_BYTES))
        return {str(name) for name in cast("dict[str, dict[str, object]]", held)["weight_map"].values()}
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise findings.broken(source, f"{_INDEX}: {type(error).__name__}", span) from error


def _embedded(choice: ModelChoice, settings: Settings) -> Description:
    gguf = embedded.gguf_file()
    if gguf is None:
        raise findings.no_wheel(choice.role, choice.span)
    digests = identity.digests_of({gguf.name: gguf}, settings.store)
    return Description(
        role=choice.role,
        kind="llm",
        source=str(choice.source),
        identity=identity.of_files("llm", digests, converter=embedded.CONVERTER),
        card=embedded.CARD,
        location=str(gguf),
    )


def _card(folder: Path, source: str, span: Span | None) -> Card:
    try:
        config: object = json.loads(read_plain_file(folder / "config.json", _MOST_BYTES))
    except (OSError, ValueError, RecursionError) as error:
        raise findings.broken(source, f"config.json: {error}", span) from error
    if not isinstance(config, dict) or "model_type" not in config:
        raise findings.broken(source, "config.json names no model_type", span)
    held = cast("dict[str, object]", config)
    if "auto_map" in held and str(held["model_type"]) not in native_families():
        raise findings.own_code(source, span)
    _refuse_strange(held, source, span)
    return Card(name=folder.name, kind="llm", family=str(held["model_type"]), batch_size=8)


def _refuse_strange(config: dict[str, object], source: str, span: Span | None) -> None:
    """Kernels of attention that are fetched by name (E343), and sizes that no file bears out (E344)."""
    for name, value in _settings(config):
        named = list(cast("dict[str, object]", value).values()) if isinstance(value, dict) else [value]
        strange = [each for each in named if each is not None and str(each) not in _ATTENTION]
        if "attn_implementation" in name and strange:
            raise findings.own_kernel(source, str(strange[0]), span)
        if name in _LAYERS and type(value) is int and value > _MOST_LAYERS:
            raise findings.broken(source, f"config.json says {name}: {value:,}", span)


def _settings(config: dict[str, object]) -> Iterator[tuple[str, object]]:
    """The settings, and those of the parts of the model, as deep as they go."""
    waiting: list[object] = [config]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield from cast("dict[str, object]", value).items()
            waiting += cast("dict[str, object]", value).values()
        elif isinstance(value, list):
            waiting += cast("list[object]", value)


def _handed_in(choice: ModelChoice) -> Description:
    given = choice.given
    if not callable(getattr(given, "write", None)) and not callable(getattr(given, "invoke", None)):
        raise findings.no_writer(choice.role, given, choice.span)
    vouched: object = getattr(given, "identity", None)
    return Description(
        role=choice.role,
        kind="llm",
        source=str(choice.source),
        identity=identity.of_object("llm", vouched if isinstance(vouched, str) else ""),
        card=Card(name=type(given).__name__, kind="llm"),
        handed_in=given,
    )
