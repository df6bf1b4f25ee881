"""Did-you-mean over the names that are valid at a place."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(word: str, valid: Iterable[str]) -> str | None:
    """The valid name nearest to `word`, or None when none is near."""
    from difflib import get_close_matches  # only for who errs

    by_fold = {name.casefold(): name for name in valid}
    matches = get_close_matches(word.casefold(), list(by_fold), n=1, cutoff=0.6)
    return by_fold[matches[0]] if matches else None
