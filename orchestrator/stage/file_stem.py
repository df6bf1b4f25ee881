"""How the file of an item is called."""

from __future__ import annotations

from collections.abc import Iterable


def stem_of(ids: Iterable[str], otherwise: str = "") -> str:
    """The ids of an item joined by `_`, which no id contains; `otherwise` for what has none."""
    return "_".join(ids) or otherwise
