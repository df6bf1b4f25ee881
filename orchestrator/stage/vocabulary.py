"""Which noun of a painter's vocabulary comes nearest to a subject: a pure look-up in a lexicon's tables.

The table (`prompts/lexicons/drawable.json`) has for each word the nouns that may be drawn for it, best first,
each with the reason before it: `=` a synonym chosen by hand, `>` a kind of, `~` near by a sentence embedding.
A word without any is one that nobody could recognise in a picture (`justice`), and is refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Literal, cast

from orchestrator.frozen import Frozen

How = Literal["known", "synonym", "is-a", "near", "part", "unknown"]

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ASIDE = re.compile(r"[,;:(]")
_BEHIND_THE_HEAD = frozenset(
    ("of", "with", "in", "on", "at", "from", "for", "under", "over", "near", "by", "holding", "wearing",
     "carrying", "made", "that", "which", "and", "without")
)  # fmt: skip
_MEASURES = frozenset(
    ("pair", "set", "pile", "stack", "bunch", "piece", "heap", "handful", "group", "couple",
     "slice", "bundle", "collection", "bit", "type", "kind", "lot", "chunk", "lump", "scrap",
     "sheet", "stick", "block", "bar", "sliver")
)  # fmt: skip
_IRREGULAR = {
    "mice": "mouse",
    "geese": "goose",
    "teeth": "tooth",
    "feet": "foot",
    "oxen": "ox",
    "wolves": "wolf",
}
_PLURALS = (("ies", "y"), ("ves", "f"), ("ves", "fe"), ("es", ""), ("s", ""))
_REASONS: Mapping[str, How] = {"=": "synonym", ">": "is-a", "~": "near"}
_LONGEST_COMPOUND = 4
_FEWEST_LETTERS = 2
_SHORTEST_END = 5
"""So that a monkey is no key and a string no ring."""


class Drawn(Frozen):
    """What will be drawn: `noun` None where nothing comes near; `word` is what the answer rests on.

    `how`: the painter knows the word itself, a synonym by hand, a kind of, near by embedding; `part`: the
    subject's head is unknown, an earlier word or its end is not (`cat food`, `frosthammer`).
    """

    noun: str | None
    how: How
    word: str


def nearest_drawable(subject: str, nouns: Collection[str], table: Mapping[str, Any]) -> Drawn:
    """The noun nearest to the subject's head, which is the last word before `of`, `with` and their like.

    A compound goes before its last word: `sea lion` is no lion, `hot dog` no dog.

    Args:
        subject: the subject of a prompt, in English.
        nouns: the painter's vocabulary.
        table: the lexicon `drawable`; an empty one finds the painter's own words.
    """
    head = _head(_words_of(_ASIDE.split(subject.strip(" ,;:("), maxsplit=1)[0]))
    if not head:
        return Drawn(None, "unknown", subject)
    known = {form: noun for noun in nouns for form in _forms(noun.replace(" ", "_"))}
    ends = range(max(0, len(head) - _LONGEST_COMPOUND), len(head))
    decided = (_decision("_".join(head[start:]), known, table) for start in ends)
    found = next((drawn for drawn in decided if drawn is not None), None) or _grown_together(head[-1], known)
    return found if found.noun is not None else (_part(head[:-1], known, table) or found)


def _grown_together(word: str, known: Mapping[str, str]) -> Drawn:
    """A word of a game's own that ends in one that the painter knows: `frosthammer`."""
    ends = range(_FEWEST_LETTERS + 1, len(word) - _SHORTEST_END + 1)
    end = next((word[start:] for start in ends if word[start:] in known), None)
    return Drawn(known[end], "part", word) if end else Drawn(None, "unknown", word)


def _decision(word: str, known: Mapping[str, str], table: Mapping[str, Any]) -> Drawn | None:
    """What the table says of a word; None where it says nothing."""
    for form in _forms(word):
        if form in known:
            return Drawn(known[form], "known", word)
        reasons = _reasons(form, table)
        if reasons is not None:
            found = next((reason for reason in reasons if reason[1:] in known), None)
            if found is None:
                return Drawn(None, "unknown", word)
            return Drawn(known[found[1:]], _REASONS[found[0]], word)
    return None


def _part(words: Sequence[str], known: Mapping[str, str], table: Mapping[str, Any]) -> Drawn | None:
    """The last of the earlier words that is known, or a synonym by hand of one that is."""
    for word in reversed(words):
        drawn = _decision(word, known, table)
        if drawn is not None and drawn.how in {"known", "synonym"}:
            return Drawn(drawn.noun, "part", word)
    return None


def _reasons(word: str, table: Mapping[str, Any]) -> Sequence[str] | None:
    place = cast("Mapping[str, int]", table.get("words", {})).get(word)
    return None if place is None else cast("Sequence[str]", table["chains"])[place].split()


def _words_of(text: str) -> list[str]:
    return [word.removesuffix("'s").removesuffix("’s") for word in _WORD.findall(text.casefold())]


def _head(words: list[str]) -> list[str]:
    for at, word in enumerate(words):
        if word in _BEHIND_THE_HEAD and at > 0:
            measured = word == "of" and not _MEASURES.isdisjoint((words[at - 1], *_singulars(words[at - 1])))
            return (_head(words[at + 1 :]) if measured else []) or words[:at]
    return words


def _forms(word: str) -> tuple[str, ...]:
    return (word, *_singulars(word))


def _singulars(word: str) -> Iterator[str]:
    """What the singular of a word may be, `wolves` → `wolf`."""
    first, _, last = word.rpartition("_")
    before = f"{first}_" if first else ""
    if last in _IRREGULAR:
        yield before + _IRREGULAR[last]
    for plural, singular in _PLURALS:
        stem = last.removesuffix(plural)
        if last.endswith(plural) and len(stem) >= _FEWEST_LETTERS and not last.endswith("ss"):
            yield before + stem + singular
