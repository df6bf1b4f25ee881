"""Did-you-mean over the names that are valid at a place."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

from orchestrator.frozen import Frozen

_LOOKED_AT: Final = 3
_LIKE: Final = 0.6
_LONGEST_NAME: Final = 64
_COMPARED: Final = 2_000
_SHORTEST: Final = 3
_LONG: Final = 8


class Near(Frozen):
    """The valid name nearest to a word.

    `clear` where nothing else can be meant: one slip of the fingers, or two in a long word, and no other name
    as near.
    """

    name: str
    clear: bool


def did_you_mean(word: str, valid: Iterable[str]) -> str | None:
    """The valid name nearest to `word`, or None when none is near."""
    found = nearest(word, valid)
    return None if found is None else found.name


def nearest(word: str, valid: Iterable[str]) -> Near | None:
    """As `did_you_mean`, with how sure that is."""
    from difflib import get_close_matches  # only for who errs

    by_fold = {name.casefold(): name for name in valid}
    folded = word.casefold()
    matches = get_close_matches(folded, list(by_fold), n=_LOOKED_AT, cutoff=_LIKE)
    if not matches:
        return None
    slips = {match: _slips(folded, match) for match in matches}
    best = min(matches, key=lambda match: slips[match])
    alone = sum(count == slips[best] for count in slips.values()) == 1
    few = slips[best] <= (2 if len(folded) >= _LONG else 1)
    return Near(by_fold[best], alone and few and len(folded) >= _SHORTEST)


def near_to(word: str, valid: Iterable[str]) -> Near | None:
    """The nearest name; a word longer than any name is not compared, nor very many, as that takes long."""
    return nearest(word, islice(valid, _COMPARED)) if len(word) <= _LONGEST_NAME else None


def _slips(one: str, other: str) -> int:
    """How many letters are wrong, missing, too much, or exchanged with their neighbour."""
    before, last = list[int](), list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        row = [at]
        for column, against in enumerate(other, start=1):
            count = min(last[column] + 1, row[-1] + 1, last[column - 1] + (letter != against))
            if at > 1 and column > 1 and letter == other[column - 2] and one[at - 2] == against:
                count = min(count, before[column - 2] + 1)
            row.append(count)
        before, last = last, row
    return last[-1]
