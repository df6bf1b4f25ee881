"""Names and values as a message shows them, and the name that a misspelt one was meant to be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from orchestrator.errors.suggest import near_to


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


def some(names: Sequence[str], most: int = 12) -> str:
    """`a, b, c … (40 in all)`, for a list that a person reads."""
    first = ", ".join(names[:most])
    return first if len(names) <= most else f"{first} … ({len(names)} in all)"


def near(word: str, valid: Iterable[str]) -> str | None:
    """The name that was meant, for who does more with it than to say so."""
    found = near_to(word, valid)
    return None if found is None else found.name
