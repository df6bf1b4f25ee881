"""What can be wrong with a scorer: the errors E370 to E375."""

from __future__ import annotations

from collections.abc import Sequence

from orchestrator.backends.unavailable import unavailable
from orchestrator.errors import ModelUnavailable, Span


def no_model(source: str, missing: Sequence[str], span: Span | None) -> ModelUnavailable:
    """E370: the folder lacks files."""
    return unavailable(
        "E370",
        f"{source!r} is no CLIP folder: it has no {', no '.join(missing)}",
        span,
        why="A scorer is a folder as transformers saves a CLIPModel with its processor.",
        help="save both into the folder: `model.save_pretrained(F); processor.save_pretrained(F)`",
    )


def no_clip(source: str, kind: str, span: Span | None) -> ModelUnavailable:
    """E371: another kind of model."""
    return unavailable(
        "E371",
        f"{source!r} holds a model of type {kind!r}, not a CLIP",
        span,
        why="A scorer compares pictures with texts in one space; `clip` is the type that does so here.",
        help="name a CLIP, such as openai/clip-vit-base-patch32, or leave the role out",
        fix="embedded",
    )


def no_weights(source: str, pickles: Sequence[str], span: Span | None) -> ModelUnavailable:
    """E372: no safetensors."""
    only = f"; it has {', '.join(pickles)} alone" if pickles else ""
    return unavailable(
        "E372",
        f"{source!r} has no model.safetensors{only}",
        span,
        why="Weights are read from safetensors alone: loading a pickle can run code.",
        help="save them again by `model.save_pretrained(FOLDER)`, on a machine that may run that code",
    )


def damaged(source: str, name: str, span: Span | None) -> ModelUnavailable:
    """E373: a file is not what the folder's digests.json says."""
    return unavailable(
        "E373",
        f"{name} of {source!r} is damaged: its bytes are not those that digests.json names",
        span,
        why="A file that was cut short or altered would give scores that nobody can explain.",
        help="install the package again, or copy the model again",
    )


def broken(source: str, name: str, reason: str, span: Span | None) -> ModelUnavailable:
    """E374: a file cannot be read, or the library refuses the folder."""
    return unavailable(
        "E374",
        f"{name} of {source!r} cannot be used: {(reason.splitlines() or [''])[0]}",
        span,
        why="The scorer's settings and weights are read from its folder.",
        help="mend the file, or get the model again",
    )


def no_scorer(role: str, kind: str, span: Span | None) -> ModelUnavailable:
    """E375: an object from Python that scores nothing."""
    return unavailable(
        "E375",
        f"the object handed in as {role!r}, a {kind}, is no scorer",
        span,
        why="A scorer has `score(images, texts, cancelled)` and `classify(images, vocabulary, cancelled)`.",
        help="see `orchestrator.stage.Scorer`",
    )
