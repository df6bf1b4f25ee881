"""Describes a scorer: folder, files, digests, card. Imports neither torch nor transformers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

from orchestrator.backends import identity
from orchestrator.backends.clip import findings
from orchestrator.backends.source import locate
from orchestrator.config import Settings
from orchestrator.errors import Span
from orchestrator.recipe import ModelChoice
from orchestrator.stage import Card, Description

EMBEDDED = Path(__file__).resolve().parent.parent / "embedded" / "clip"
WEIGHTS = "model.safetensors"
_NEEDED = ("config.json", "preprocessor_config.json")
_TOKENIZERS = (("tokenizer.json",), ("vocab.json", "merges.txt"))
_OPTIONAL = (
    "tokenizer.json",
    "vocab.json",
    "merges.txt",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
)
_PICKLES = ("pytorch_model.bin", "model.ckpt", "flax_model.msgpack", "tf_model.h5")


def describe_scorer(choice: ModelChoice, settings: Settings, base: Path) -> Description:
    """What is known of the scorer that a recipe names, or that Python handed in."""
    if choice.given is not None:
        return _handed_in(choice)
    folder, source = locate(choice, base, EMBEDDED), str(choice.source)
    return Description(
        role=choice.role,
        kind="clip",
        source=source,
        identity=identity_of(folder, source, settings, choice.span),
        card=_card(folder, source, choice.span),
        location=str(folder.resolve()),
    )


def identity_of(folder: Path, source: str, settings: Settings, span: Span | None = None) -> str:
    """Digest over every file that the loader opens; raises ModelUnavailable (E370 to E373)."""
    paths = {name: folder / name for name in _files(folder, source, span)}
    digests = identity.digests_of(paths, settings.store)
    named = _json(folder, "digests.json", source, span) if (folder / "digests.json").is_file() else {}
    expected = {name: str(digest) for name, digest in named.items()}
    if (name := identity.altered(digests, expected)) is not None:
        raise findings.damaged(source, name, span)
    return identity.of_files("clip", digests)


def _files(folder: Path, source: str, span: Span | None) -> tuple[str, ...]:
    """What the loader opens: settings, weights from safetensors, the tokenizer."""
    missing = [name for name in _NEEDED if not (folder / name).is_file()]
    if not any(all((folder / name).is_file() for name in names) for names in _TOKENIZERS):
        missing.append("tokenizer.json")
    if missing:
        raise findings.no_model(source, missing, span)
    kind = str(_json(folder, "config.json", source, span).get("model_type"))
    if kind != "clip":
        raise findings.no_clip(source, kind, span)
    if not (folder / WEIGHTS).is_file():
        raise findings.no_weights(source, [name for name in _PICKLES if (folder / name).is_file()], span)
    return (*_NEEDED, WEIGHTS, *(name for name in _OPTIONAL if (folder / name).is_file()))


def _card(folder: Path, source: str, span: Span | None) -> Card:
    """`card.json`; without one a card made from the folder's settings, with an open vocabulary."""
    if (folder / "card.json").is_file():
        try:
            return Card.model_validate_json((folder / "card.json").read_bytes())
        except (OSError, ValueError, RecursionError) as error:
            raise findings.broken(source, "card.json", str(error), span) from error
    config = _json(folder, "config.json", source, span)
    vision, text = config.get("vision_config"), config.get("text_config")
    side = _number(vision, "image_size", 224)
    return Card(
        name=source, kind="clip", family="clip", width=side, height=side,
        prompt_tokens=_number(text, "max_position_embeddings", 77), takes_negative_prompt=False,
    )  # fmt: skip


def _number(settings: object, name: str, usual: int) -> int:
    held = cast("dict[str, object]", settings).get(name) if isinstance(settings, dict) else None
    return held if isinstance(held, int) else usual


def _json(folder: Path, name: str, source: str, span: Span | None) -> dict[str, object]:
    try:
        value: object = json.loads((folder / name).read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise findings.broken(source, name, str(error), span) from error
    if not isinstance(value, dict):
        raise findings.broken(source, name, "it is no JSON object", span)
    return cast("dict[str, object]", value)


def _handed_in(choice: ModelChoice) -> Description:
    """A scorer from Python; one with `identity` vouches for itself, another has a fresh identity each run."""
    given = choice.given
    if not callable(getattr(given, "score", None)) or not callable(getattr(given, "classify", None)):
        raise findings.no_scorer(choice.role, type(given).__name__, choice.span)
    card = getattr(given, "card", None)
    return Description(
        role=choice.role,
        kind="clip",
        source=str(choice.source),
        identity=identity.of_object("clip", str(getattr(given, "identity", "") or "")),
        card=card if isinstance(card, Card) else Card(name=type(given).__name__, kind="clip"),
        handed_in=given,
    )
