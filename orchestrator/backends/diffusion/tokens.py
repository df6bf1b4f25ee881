"""How many tokens a prompt has, and which of its words no text encoder will read."""

from __future__ import annotations

import inspect
from bisect import bisect_right
from typing import Any

_UNBOUNDED = 100_000


def token_notes(pipe: Any, prompt: str, negative: str = "") -> dict[str, object]:
    """`tokens` (count, limit), and `cut_off` with the words beyond the furthest limit; what to warn of."""
    tokenizer, limit = _most_patient(pipe)
    if tokenizer is None:
        return {}
    notes: dict[str, object] = {"tokens": {"count": _count(tokenizer, prompt), "limit": limit}}
    cut, cut_of_negative = _beyond(tokenizer, limit, prompt), _beyond(tokenizer, limit, negative)
    if cut:
        notes["cut_off"] = cut
    warnings = [
        f"the {name} is longer than the {limit} tokens that the painter reads; cut off: '{words}'"
        for name, words in (("prompt", cut), ("negative prompt", cut_of_negative))
        if words
    ]
    return {**notes, "warnings": warnings} if warnings else notes


def _beyond(tokenizer: Any, limit: int, text: str) -> str:
    """The words that no text encoder will read."""
    if _count(tokenizer, text) <= limit:
        return ""
    words = text.split()
    lengths = range(len(words) + 1)
    kept = bisect_right(lengths, limit, key=lambda n: _count(tokenizer, " ".join(words[:n]))) - 1
    return " ".join(words[max(kept, 0) :])


def _most_patient(pipe: Any) -> tuple[Any, int]:
    """The tokenizer that reads furthest, and how far."""
    found = [
        (tokenizer, _limit(pipe, tokenizer))
        for name, tokenizer in sorted(pipe.components.items())
        if name.startswith("tokenizer") and tokenizer is not None
    ]
    return max(found, key=lambda pair: pair[1], default=(None, 0))


def _limit(pipe: Any, tokenizer: Any) -> int:
    """The tokenizer's own limit; for text encoders without one, what the pipeline pads to."""
    own = int(tokenizer.model_max_length)
    padded = inspect.signature(type(pipe).__call__).parameters.get("max_sequence_length")
    if padded is not None and isinstance(padded.default, int) and "CLIP" not in type(tokenizer).__name__:
        return min(own, padded.default)
    return min(own, _UNBOUNDED)


def _count(tokenizer: Any, text: str) -> int:
    return len(tokenizer(text, truncation=False, verbose=False)["input_ids"])
