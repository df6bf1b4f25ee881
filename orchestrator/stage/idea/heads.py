"""The noun that names the thing: one reading for every stage that looks a word up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

# Patterns are compiled on first use, which a check of known nouns never comes to.
_WORD: Final = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
_ASIDE: Final = r"[,;(\[]|\s[-–—]\s|:\s"
_REQUEST: Final = r"(?i)^\W*(?:game\s+)?(?:icon|sprite|item|asset|image|picture|prompt|subject)s?\s*:\s*"
_QUOTED: Final = r"\"[^\"]*\"?|(?<!\w)'[^']*'(?!\w)"
_BREAKS: Final = frozenset(
    (
    "of", "with", "without", "in", "on", "at", "from", "for", "under", "over", "near", "by", "to",
    "into", "onto", "inside", "behind", "beside", "between", "among", "through", "across", "around",
    "against", "above", "below", "beneath", "along", "atop", "upon", "like", "as", "but", "that",
    "which", "who", "whose", "where", "while", "when", "is", "are", "was", "were", "be", "being", "has",
    "have", "had", "holding", "wearing", "carrying", "riding", "made", "full", "filled", "covered",
    "surrounded", "and", "or", "than", "per", "coming", "down", "off", "the",
)
)  # fmt: skip
MEASURES: Final = frozenset(
    (
    "pair", "set", "pile", "stack", "bunch", "piece", "heap", "handful", "group", "couple", "slice",
    "bundle", "collection", "bit", "type", "kind", "lot", "chunk", "lump", "scrap", "sheet", "stick",
    "block", "bar", "sliver", "row", "sort", "loaf", "pallet", "dozen", "picture", "image", "drawing",
    "icon", "view", "closeup", "close-up", "sprite",
)
)  # fmt: skip
"""`a pile of coins` is coins; `a bag of coins` a bag."""
_SERVED: Final = frozenset(("bowl", "plate", "cup", "mug", "glass", "dish"))
"""What these hold is the thing, where it is known: `a bowl of ramen`."""
COLOURS: Final = frozenset(
    ("red", "orange", "yellow", "gold", "golden", "green", "teal", "blue", "purple", "violet", "pink",
     "brown", "grey", "gray", "silver", "black", "white")
)  # fmt: skip
QUALITIES: Final = COLOURS | frozenset(
    (
    "steel", "iron", "bronze", "brass", "copper",
    "wood", "wooden", "stone", "glass", "crystal", "leather", "cloth", "bone", "diamond", "ruby",
    "sapphire", "emerald", "pearl", "obsidian", "mithril", "jade", "ivory", "platinum", "fire", "ice",
    "water", "earth", "wind", "lightning", "light", "dark", "shadow", "poison", "holy", "blood", "sun",
    "moon", "chocolate", "vanilla", "cherry", "apple", "strawberry", "lemon",
)
)  # fmt: skip
"""Nouns that describe as well: in `red and blue potion` the thing comes after `and`."""
_IRREGULAR: Final = {
    "mice": "mouse", "geese": "goose", "teeth": "tooth", "feet": "foot", "oxen": "ox", "men": "man",
    "women": "woman", "children": "child", "dice": "die", "lice": "louse", "fungi": "fungus",
    "cacti": "cactus", "dwarves": "dwarf", "people": "person", "knives": "knife", "wives": "wife",
    "lives": "life",
}  # fmt: skip
_PLURALS: Final = (("ies", "y"), ("ves", "f"), ("ves", "fe"), ("es", ""), ("s", ""))
_FEWEST_LETTERS: Final = 2
_SHORTEST_VERB: Final = 6


def singulars(word: str) -> Iterator[str]:
    """What the singular of a word may be, `wolves` → `wolf`; a compound has blanks or `_`."""
    at = max(word.rfind("_"), word.rfind(" ")) + 1
    before, last = word[:at], word[at:]
    if last in _IRREGULAR:
        yield before + _IRREGULAR[last]
    for plural, singular in _PLURALS:
        stem = last.removesuffix(plural)
        if last.endswith(plural) and len(stem) >= _FEWEST_LETTERS and not last.endswith(("ss", "us", "is")):
            yield before + stem + singular


def forms(word: str) -> tuple[str, ...]:
    """A word, what it may be the plural of, and both as people write them with or without a hyphen."""
    plain = (word, *singulars(word))
    joined = [form.replace("-", "") for form in plain if "-" in form]
    parted = [form.replace("-", "_") for form in plain if "-" in form]
    return tuple(dict.fromkeys((*plain, *joined, *parted)))


def words_of(text: str) -> list[str]:
    """The words, folded; without `'s`."""
    return [
        word.removesuffix("'s").removesuffix("’s").removesuffix("s'")
        for word in re.findall(_WORD, text.casefold())
    ]


def head_words(text: str, knows: Callable[[str], bool]) -> list[str]:
    """The words of the noun phrase that names the thing, its head last; [] where a text has no word.

    Args:
        text: an idea or a subject, in English.
        knows: whether a word is a noun of a table: what follows it may be a verb, `cat sitting on a wire`.
    """
    text = re.sub(_REQUEST, "", text)
    unquoted = re.sub(_QUOTED, " ", text)
    text = unquoted if re.search(_WORD, unquoted) else text.replace('"', " ")
    first = next((part for part in re.split(_ASIDE, text) if re.search(_WORD, part)), "")
    return _phrase(words_of(first), knows)


def _phrase(words: list[str], knows: Callable[[str], bool]) -> list[str]:
    for at, word in enumerate(words):
        if at == 0 or not _ends(words, at, knows):
            continue
        if word == "of" and (inner := _measured(words, at, knows)):
            return inner
        return words[:at]
    return words


def _measured(words: list[str], at: int, knows: Callable[[str], bool]) -> list[str]:
    before = forms(words[at - 1])
    inner = _phrase(words[at + 1 :], knows)
    served = not _SERVED.isdisjoint(before) and bool(inner) and any(map(knows, forms(inner[-1])))
    return inner if served or not MEASURES.isdisjoint(before) else []


def _ends(words: list[str], at: int, knows: Callable[[str], bool]) -> bool:
    """Whether the noun phrase ends before a word."""
    word = words[at]
    if word == "and":
        return not _describes_both(words, at, knows)
    return word in _BREAKS or _is_verb(words, at, knows)


def _describes_both(words: list[str], at: int, knows: Callable[[str], bool]) -> bool:
    """`red and blue potion`, `big and shiny gem`; not `sword and shield`."""
    if at + 2 >= len(words) or words[at + 2] in _BREAKS:
        return False
    before, after = words[at - 1], words[at + 1]
    if at > 1 and before not in QUALITIES:
        return False
    return all(word in QUALITIES or not any(map(knows, forms(word))) for word in (before, after))


def _is_verb(words: list[str], at: int, knows: Callable[[str], bool]) -> bool:
    """`sitting` after a known noun and before a preposition or the end; `propped against`."""
    word, before = words[at], words[at - 1]
    after = words[at + 1] if at + 1 < len(words) else ""
    if not word.endswith(("ing", "ed")) or len(word) < _SHORTEST_VERB - word.endswith("ed") or knows(word):
        return False
    free = not after or after in _BREAKS or after in {"a", "an", "his", "her", "its"}
    return free and any(map(knows, forms(before)))
