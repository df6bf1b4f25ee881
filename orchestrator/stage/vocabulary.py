"""Which noun of a painter's vocabulary comes nearest to a subject: a pure look-up in tables.

The table (`prompts/lexicons/drawable.json`) has for each word the nouns that may be drawn for it, best first,
each with the reason before it: `=` a synonym chosen by hand, `>` a kind of, `~` near by a sentence embedding.
A word without any is one that nobody could recognise in a picture (`justice`), and is refused. The table of
things (`prompts/lexicons/things.json`) comes before it: its `drawn_as` lists what is drawn for words whose
usual sense in a game is another one, its `kinds` keep a flute, which is a tool, from being drawn as a goblet.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal, cast

from orchestrator.frozen import Frozen
from orchestrator.stage.idea.heads import QUALITIES, forms, head_words

How = Literal["known", "synonym", "is-a", "near", "part", "unknown"]

_REASONS: Mapping[str, How] = {"=": "synonym", ">": "is-a", "~": "near"}
_LONGEST_COMPOUND = 4
_FEWEST_LETTERS = 2
_SHORTEST_END = 5
"""So that a monkey is no key and a string no ring."""
_MOST_NEAREST = 5
_ALIKE = 0.78


class Drawn(Frozen):
    """What will be drawn: `noun` None where nothing comes near; `word` is what the answer rests on.

    `how`: the painter knows the word itself, a synonym by hand, a kind of, near by embedding; `part`: a
    grown-together word ends in one that it knows (`frosthammer`), or a hand chose a word before the head
    (`orc_priest`). Else no modifier is drawn for a head that the painter lacks: a bear trap is no bear.
    """

    noun: str | None
    how: How
    word: str


def nearest_drawable(subject: str, nouns: Collection[str], *tables: Mapping[str, Any]) -> Drawn:
    """The noun nearest to the subject's head, which is the last word before `of`, `with` and their like.

    A compound goes before its last word: `sea lion` is no lion, `hot dog` no dog.

    Args:
        subject: the subject of a prompt, in English.
        nouns: the painter's vocabulary.
        tables: the lexicons `things` and `drawable`, or others in their forms; without one, the painter's own
            words are found.
    """
    book = _Book(nouns, tables)
    head = head_words(subject, book.knows)
    if not head:
        return Drawn(None, "unknown", subject)
    ends = range(max(0, len(head) - _LONGEST_COMPOUND), len(head))
    decided = (book.decision(head[start:]) for start in ends)
    return next((drawn for drawn in decided if drawn is not None), None) or book.grown_together(head[-1])


def nearest_nouns(subject: str, nouns: Collection[str], *tables: Mapping[str, Any]) -> tuple[str, ...]:
    """A few nouns of the vocabulary to name in place of a subject that it lacks, the nearest first."""
    from difflib import get_close_matches  # only for who errs

    book = _Book(nouns, tables)
    head = head_words(subject, book.knows)
    if not head:
        return ()
    close = [book.known[form] for form in get_close_matches(head[-1], book.known, n=3, cutoff=_ALIKE)]
    beside = [book.known[form] for word in reversed(head[:-1]) for form in forms(word) if form in book.known]
    kind = book.kind(head) or book.kind(head[-1:])
    alike = [noun for noun in nouns if kind and book.kind([noun]) == kind]
    return tuple(dict.fromkeys((*close, *beside, *alike)))[:_MOST_NEAREST]


class _Book:
    """A vocabulary and the tables beside it."""

    def __init__(self, nouns: Collection[str], tables: Sequence[Mapping[str, Any]]) -> None:
        self.known = {form: noun for noun in nouns for form in forms(noun.replace(" ", "_"))}
        self.known |= {noun.replace(" ", "_"): noun for noun in nouns}
        self._tables = tables
        self._kinds = [
            (kind, f" {words} ") for table in tables for kind, words in table.get("kinds", {}).items()
        ]

    def knows(self, word: str) -> bool:
        """Whether a word is a noun of the vocabulary or a table."""
        return any(form in self.known or self._reasons(form) is not None for form in forms(word)) or bool(
            self.kind([word])
        )

    def kind(self, words: Sequence[str]) -> str:
        """The kind of a noun or compound; "" where no table has it."""
        for form in forms("_".join(words).replace(" ", "_")):
            if found := next((kind for kind, of in self._kinds if f" {form} " in of), ""):
                return found
        return ""

    def decision(self, words: Sequence[str]) -> Drawn | None:
        """What vocabulary and tables say of a word or compound; None where they say nothing."""
        word = "_".join(words)
        for form in forms(word):
            if form in self.known:
                return Drawn(self.known[form], "known", word)
            reasons = self._reasons(form)
            if reasons is not None and not self._ends_in_known(words):
                found = next((reason for reason in reasons if self._holds(words, reason)), None)
                if found is not None:
                    noun = self.known[found[1:]]
                    return Drawn(noun, "part" if noun in words[:-1] else _REASONS[found[0]], word)
                return Drawn(None, "unknown", word)
        return None

    def grown_together(self, word: str) -> Drawn:
        """A word of a game's own that ends in one that the painter knows: `frosthammer`."""
        ends = range(_FEWEST_LETTERS + 1, len(word) - _SHORTEST_END + 1)
        end = next((word[start:] for start in ends if word[start:] in self.known), None)
        return Drawn(self.known[end], "part", word) if end else Drawn(None, "unknown", word)

    def _holds(self, words: Sequence[str], reason: str) -> bool:
        """Whether the vocabulary has a reason's noun, and it is of the word's kind unless a hand chose it."""
        if reason[1:] not in self.known:
            return False
        if reason[0] == "=":
            return True
        own, other = self.kind(words) or self.kind(words[-1:]), self.kind([self.known[reason[1:]]])
        return not own or not other or own == other

    def _ends_in_known(self, words: Sequence[str]) -> bool:
        """A quality before the painter's own noun makes no other thing of it: a white horse is a horse."""
        return len(words) > 1 and words[-1] in self.known and words[0] in QUALITIES

    def _reasons(self, word: str) -> Sequence[str] | None:
        for table in self._tables:
            drawn_as = cast("Mapping[str, str]", table.get("drawn_as", {}))
            if word in drawn_as:
                return [f"={noun}" for noun in drawn_as[word].split()]
            place = cast("Mapping[str, int]", table.get("words", {})).get(word)
            if place is not None:
                return cast("Sequence[str]", table["chains"])[place].split()
        return None
