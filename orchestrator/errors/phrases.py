"""Names and values as a message shows them, and the name that a misspelt one was meant to be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from orchestrator.errors.suggest import did_you_mean

_LONGEST_NAME: Final = 64
_COMPARED: Final = 200


def shown(value: object, limit: int = 40) -> str:
    """A value for a message: one line, not long."""
    text = " ".join(str(value).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def listed(names: Sequence[str], limit: int = 12) -> str:
    """`a`, `b` and `c`, for a message."""
    quoted = [f"`{name}`" for name in names[:limit]]
    if len(names) > limit:
        return ", ".join(quoted) + f" and {len(names) - limit} more"
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def near(word: str, valid: Iterable[str], most: int = _COMPARED) -> str | None:
    """Did-you-mean; a word longer than any name is not compared, nor very many, as that takes long."""
    return did_you_mean(word, islice(valid, most)) if len(word) <= _LONGEST_NAME else None
