"""Which noun of a painter's vocabulary a subject names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_BEHIND_THE_HEAD = frozenset(
    {
        "of",
        "with",
        "in",
        "on",
        "at",
        "from",
        "for",
        "under",
        "over",
        "near",
        "by",
        "holding",
        "wearing",
        "carrying",
        "made",
        "that",
        "which",
        "and",
    }
)
_MEASURES = frozenset(
    {
        "pair",
        "set",
        "pile",
        "stack",
        "bunch",
        "piece",
        "heap",
        "handful",
        "group",
        "couple",
        "slice",
        "bundle",
        "collection",
        "bit",
        "type",
        "kind",
    }
)
SYNONYMS: Mapping[str, str] = {
    "armour": "armor", "breastplate": "armor", "cuirass": "armor", "battleaxe": "axe", "hatchet": "axe",
    "rucksack": "backpack", "spellbook": "book", "tome": "book", "grimoire": "book", "shoe": "boots",
    "longbow": "bow", "loaf": "bread", "car": "car", "automobile": "car", "fortress": "castle",
    "kitten": "cat", "kitty": "cat", "coffer": "chest", "money": "coin", "die": "dice", "puppy": "dog",
    "hound": "dog", "wyvern": "dragon", "drake": "dragon", "plume": "feather", "quill": "feather",
    "banner": "flag", "fire": "flame", "blossom": "flower", "rose": "flower", "toad": "frog", "cog": "gear",
    "cogwheel": "gear", "diamond": "gem", "jewel": "gem", "gemstone": "gem", "ruby": "gem", "sapphire": "gem",
    "emerald": "gem", "crystal": "gem", "spirit": "ghost", "phantom": "ghost", "chalice": "goblet",
    "grail": "goblet", "mallet": "hammer", "warhammer": "hammer", "helm": "helmet", "pony": "horse",
    "steed": "horse", "home": "house", "cottage": "house", "thunderbolt": "lightning", "padlock": "lock",
    "ham": "meat", "crescent": "moon", "toadstool": "mushroom", "elixir": "potion", "flask": "potion",
    "blade": "sword", "longsword": "sword", "shortsword": "sword", "greatsword": "sword", "boat": "ship",
    "sailboat": "ship", "serpent": "snake", "spaceship": "rocket", "android": "robot", "oak": "tree",
    "chestplate": "armor",
}  # fmt: skip
"""Words that mean a noun of the embedded painters; a name of the vocabulary itself always goes first."""


def drawn_noun(subject: str, nouns: Iterable[str], synonyms: Mapping[str, str] = SYNONYMS) -> str | None:
    """The noun of the vocabulary that the subject is about: the last one before `of`, `with` and their like.

    `the sword of the dragon` is a sword, `a pair of boots` boots; what names no noun gives None.
    """
    by_form = {form: noun for noun in nouns for form in _forms(noun)}
    aliases = {
        form: by_form[noun] for word, noun in synonyms.items() if noun in by_form for form in _forms(word)
    }
    known = aliases | by_form
    found = [known[word] for word in _head(words_of(subject)) if word in known]
    return found[-1] if found else None


def words_of(text: str) -> list[str]:
    """The words of a text, folded; a hyphen parts words."""
    return [part for word in _WORD.findall(text.casefold()) for part in word.split("-")]


def _head(words: list[str]) -> list[str]:
    for at, word in enumerate(words):
        if word in _BEHIND_THE_HEAD and at > 0:
            head, rest = words[:at], words[at + 1 :]
            measure = bool(_forms(head[-1]) & _MEASURES)
            return (_head(rest) if measure and word == "of" else []) or head
    return words


def _forms(word: str) -> set[str]:
    """The word, and what its singular or plural may look like."""
    forms = {word, f"{word}s", f"{word}es"}
    for plural, singular in (("ies", "y"), ("ves", "f"), ("ves", "fe"), ("es", ""), ("s", "")):
        if word.endswith(plural) and len(word) - len(plural) > 1 and not word.endswith("ss"):
            forms.add(word.removesuffix(plural) + singular)
        if singular and word.endswith(singular):
            forms.add(word.removesuffix(singular) + plural)
    return forms
