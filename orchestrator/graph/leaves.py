"""The leaves of a plain value: what its lists and mappings hold in the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast


def leaves(value: object) -> Iterator[object]:
    """Every leaf, depth first; a value that is no list and no mapping is its own."""
    if isinstance(value, list):
        for member in cast("list[object]", value):
            yield from leaves(member)
    elif isinstance(value, dict):
        for member in cast("dict[str, object]", value).values():
            yield from leaves(member)
    else:
        yield value
