"""What the tables know of nouns: category, usual materials."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from orchestrator.stage.idea.heads import COLOURS, forms

_LONGEST_COMPOUND: Final = 4
_PAIR: Final = 2
"""Two words are also looked up as one: a war hammer is a warhammer."""
_SHORTEST_END: Final = 4
_SHORTEST_START: Final = 3
_NOT_BY_END: Final = frozenset(("character", "monster", "animal", "plant", "nature", "symbol", "spell"))
"""Kinds that the end of a grown-together word does not tell: a `polterguardian` may be anything."""


class Nouns:
    """The nouns of a lexicon, and after them those of a table of things."""

    def __init__(self, lexicon: Mapping[str, Any], things: Mapping[str, Any]) -> None:
        self._lexicon = lexicon
        kinds: Mapping[str, str] = things.get("kinds", {})
        self._kinds = {word: kind for kind, words in kinds.items() for word in words.split()}
        self._materials: Mapping[str, str] = things.get("materials", {})
        self._found: dict[str, str] = {}

    @cached_property
    def own(self) -> Mapping[str, str]:
        """The lexicon's own nouns, each with its category."""
        rows: dict[str, Mapping[str, Sequence[str]]] = self._lexicon.get("categories", {})
        own = {noun: name for name, row in reversed(rows.items()) for noun in row["nouns"]}
        chains: Mapping[str, Sequence[str]] = self._lexicon.get("chains", {})
        wider = (
            (noun, next((own[word] for word in chain if word in own), "")) for noun, chain in chains.items()
        )
        return {**{noun: category for noun, category in wider if category}, **own}

    def category(self, noun: str) -> str:
        """The category of a noun or compound, singular or plural; "" where no table has it."""
        if noun not in self._found:
            found = (self._exactly(form) for form in forms(noun))
            self._found[noun] = next((category for category in found if category), "")
        return self._found[noun]

    def knows(self, word: str) -> bool:
        """Whether a word is a noun of a table."""
        return bool(self.category(word))

    def of(self, phrase: Sequence[str]) -> tuple[str, str]:
        """The longest end of a noun phrase that a table has, and its category; else its last word and ""."""
        for length in range(min(len(phrase), _LONGEST_COMPOUND), 0, -1):
            tail = " ".join(phrase[-length:])
            if category := self.category(tail) or self._joined(phrase, length):
                return tail, category
        return (phrase[-1] if phrase else ""), self._by_end(phrase[-1]) if phrase else ""

    def materials(self, noun: str) -> tuple[str, ...]:
        """The usual materials of a noun, the likeliest first."""
        found = next((self._materials[name] for name in self._names(noun) if name in self._materials), "")
        return tuple(found.split("|")) if found else ()

    def _joined(self, phrase: Sequence[str], length: int) -> str:
        """The category of two words that are also written as one; a yellow bird is no yellowbird."""
        joins = length == _PAIR and phrase[-2] not in COLOURS
        return self.category("".join(phrase[-2:])) if joins else ""

    def _exactly(self, form: str) -> str:
        if category := self.own.get(form.replace("_", " ")):
            return category
        kind = self._kinds.get(form.replace(" ", "_"), "")
        return kind if kind in self._lexicon.get("categories", {}) else ""

    def _by_end(self, word: str) -> str:
        """The category of the noun that a grown-together word ends in: a stepladder is a ladder."""
        for at in range(_SHORTEST_START, len(word) - _SHORTEST_END + 1):
            if category := self.category(word[at:]):
                return "" if category in _NOT_BY_END else category
        return ""

    @staticmethod
    def _names(noun: str) -> Iterator[str]:
        for name in (noun, noun.rsplit(" ", 1)[-1]):
            yield from forms(name)
