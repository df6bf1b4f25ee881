"""What an idea says outright: style, background, view, light, colour, material, and what it excludes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from orchestrator.builtin.expand.idea_text import without_echo, without_filler
from orchestrator.builtin.expand.nouns import Nouns
from orchestrator.stage.idea.heads import head_words, words_of

_BEFORE_PLACE = r"(?:on|in|against|over|before|under)\s+(?:an?\s+|the\s+)?"
_BEFORE_LOOK = r"(?:(?:as|in)\s+(?:an?\s+)?|(?:seen\s+)?from\s+)"
_GOES_ON = r"(?=\s+(?:with|without|on|in|for|and|from|at|holding|wearing)\s)"
_NEGATIVE = re.compile(
    r"(?:^|[,\s])(?:without|with no|but no|no|not)\s+(?!in\s|on\s)(?:an?\s+|any\s+|the\s+)?"
    r"([^,;.]+?)(?=\s+(?:on|with|in)\s|[,;.]|$)"
)
_NOT_THERE = re.compile(r"(?:^|[,\s])(?:but\s+)?not\s+((?:in|on)\s+[^,;.]+?)(?=[,;.]|$)")
_MORE = re.compile(r"\s+(?:and|or)\s+(?:no\s+|without\s+)?(?:an?\s+|any\s+)?")
_LEFT_HANGING = re.compile(r"(?:^|\s)(?:on|in|against|over|before|under|of|an?|the)$", re.IGNORECASE)
_THINGS_TOO = frozenset(("ink", "flat"))
"""Before a noun these are part of its name: an ink bottle, a flat bread."""
_MADE_OF = re.compile(
    r"\b(?:made|forged|carved|cast|woven|built|cut|out)\s+(?:out\s+)?(?:of|from|in)\s+(?:pure\s+)?([\w-]+)"
)
_OF = re.compile(r"\bof\s+(?:pure\s+|solid\s+)?([\w-]+)\s*$")
_IN = re.compile(r"\b(?:in|but)\s+([\w-]+(?:\s+and\s+[\w-]+)?)\s*$")
_LIVING = frozenset(("animal", "monster", "character", "plant", "food", "spell", "nature"))
"""Golden and silver are colours of these, no metal."""

_MOVED = (
    ("style", "styles", False),
    ("background", "backgrounds", True),
    ("view", "views", False),
    ("lighting", "lights", False),
)
"""Field, table, and whether its phrases stand after `on`, `in` and their like."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An idea, read.

    `subject` is the idea word for word, without what was moved to a field of its own; `head` the noun that
    names the thing; `category` "" where no table knows it; `second` a further thing that the idea names
    beside it. `said` maps a field to its value.
    """

    subject: str
    head: str
    category: str
    said: Mapping[str, str] = field(default_factory=dict[str, str])
    clauses: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    second: str = ""


def read_idea(text: str, lexicon: Mapping[str, Any], nouns: Nouns) -> Reading:
    """Reads the English text of an idea by the lexicon's tables."""
    said: dict[str, str] = {}
    moved: list[str] = []
    rest, negative = _negatives(without_echo(text))
    for name, table, places in _MOVED:
        rest, word, phrase = _taken(rest, lexicon.get(table, {}), places=places)
        if word:
            said[name] = word
            moved.append(phrase)
    clauses = [clause.strip() for clause in rest.split(",") if re.search(r"\w", clause)]
    if not clauses:
        clauses, negative, moved, said = [text], [], [], {}
    at = _naming(clauses, nouns)
    first, others = without_filler(clauses[at], nouns.knows), clauses[:at] + clauses[at + 1 :]
    phrase = head_words(first, nouns.knows)
    head, category = nouns.of(phrase)
    beside = phrase[: len(phrase) - len(head.split())]
    said |= _said_of(first, beside, category, head, lexicon, nouns)
    return Reading(
        first,
        head,
        category,
        said,
        tuple(others),
        tuple(negative),
        _themes(beside, head, lexicon),
        tuple(moved),
        _second(first, phrase, nouns),
    )


def _naming(clauses: Sequence[str], nouns: Nouns) -> int:
    """Which clause names the thing: the first, unless its head is unknown and a later one's is known."""
    known = (at for at, clause in enumerate(clauses) if nouns.of(head_words(clause, nouns.knows))[1])
    return next(known, 0) if len(words_of(clauses[0])) == 1 else 0


def _negatives(text: str) -> tuple[str, list[str]]:
    found = [match[1].strip() for match in _NOT_THERE.finditer(text)]
    rest = _NOT_THERE.sub(" ", text)
    found += [part for match in _NEGATIVE.finditer(rest) for part in _MORE.split(match[1].strip()) if part]
    rest = " ".join(_NEGATIVE.sub(" ", rest).split()).strip(" ,")
    return (rest, found) if re.search(r"\w", rest) else (text, [])


def _taken(text: str, table: Mapping[str, Iterable[str]], *, places: bool) -> tuple[str, str, str]:
    """The text without the longest phrase of the table that stands in it, the canonical word, the phrase.

    Nothing is cut from the middle of a noun phrase: `crown on black velvet` stays whole.
    """
    folded = text.casefold()
    phrases = [
        (phrase, word) for word, group in table.items() for phrase in group if phrase.casefold() in folded
    ]
    for phrase, word in sorted(phrases, key=lambda pair: -len(pair[0])):
        for pattern in _patterns(phrase, places=places):
            match = pattern.search(text)
            if match is None:
                continue
            rest = " ".join(f"{text[: match.start()]} {text[match.end() :]}".split())
            rest = re.sub(r"\s*,\s*(?=,|$)|^\s*,\s*", "", rest).strip(" ,")
            if _LEFT_HANGING.search(rest) or words_of(rest) in ([], ["icon"]):
                return text, "", ""
            return rest, word, match[0].strip(" ,")
    return text, "", ""


def _patterns(phrase: str, *, places: bool) -> Iterator[re.Pattern[str]]:
    """Where a phrase may be taken out: as a clause, behind the thing, or in front of it."""
    own = re.escape(phrase)
    told = " " in phrase or "-" in phrase
    bare = told and (not places or phrase.endswith(("background", "bg")) or phrase.startswith("at "))
    before = _BEFORE_PLACE if places else _BEFORE_LOOK
    yield _compiled(rf"(?:^|,)\s*{own}\s*(?=,|$)")
    yield _compiled(rf"(?<=\w)\s+{before}{own}(?=\s*[,;.]|\s*$)")
    yield _compiled(rf"(?<=\w)\s+{before}{own}{_GOES_ON}")
    if bare:
        yield _compiled(rf"(?<=\w)\s+{own}(?=\s*[,;.]|\s*$)")
        yield _compiled(rf"(?<=\w)\s+{own}{_GOES_ON}")
    if not places:
        yield _compiled(rf"^(?:an?\s+|the\s+)?{own}\s+of\s+(?=\w)")
        if phrase in _THINGS_TOO:
            return
        yield _compiled(rf"(?:^|(?<=^a\s)|(?<=^an\s)){own}\s+(?!(?:of|on|in|with|and)\s)(?=\w)")
    else:
        yield _compiled(rf"^(?:on|in)\s+(?:an?\s+|the\s+)?{own}\s*,?\s+(?=\w)")
        if phrase.endswith("background"):
            yield _compiled(rf"^{own}\s+(?=\w)")


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _said_of(
    text: str, beside: Sequence[str], category: str, head: str, lexicon: Mapping[str, Any], nouns: Nouns
) -> dict[str, str]:
    """Colour and material, from the words before the head, and from `in red`, `made of oak`, `of gold`."""
    found: dict[str, str] = {}
    colours, materials = _meanings(lexicon, "colours"), _meanings(lexicon, "materials")
    folded = text.casefold()
    behind = [word for match in _IN.findall(folded) for word in match.split(" and ")]
    named = [word for word in (*beside, *behind) if word in colours]
    if named:
        found["colour"] = " and ".join(dict.fromkeys(colours[word] for word in named[:2]))
        found["colour word"] = named[0]
    usual = nouns.materials(head)
    made = [*_MADE_OF.findall(folded), *beside]
    made += [word for word in _OF.findall(folded) if materials.get(word, word) in usual]
    for word in made:
        if word in materials and not (category in _LIVING and word in colours):
            return found | {"material": materials[word], "material word": word}
    return found


def _meanings(lexicon: Mapping[str, Any], table: str) -> dict[str, str]:
    rows: Mapping[str, Iterable[str]] = lexicon.get(table, {})
    return {also: word for word, group in rows.items() for also in (word, *group)}


def _second(text: str, phrase: Sequence[str], nouns: Nouns) -> str:
    """The other thing of `sword and shield`."""
    words = words_of(text)
    after = words[len(phrase) :]
    if words[: len(phrase)] != list(phrase) or after[:1] != ["and"] or len(after) == 1:
        return ""
    other, category = nouns.of(head_words(" ".join(after[1:]), nouns.knows))
    return other if category else ""


def _themes(beside: Sequence[str], head: str, lexicon: Mapping[str, Any]) -> tuple[str, ...]:
    """Themes of the words beside the head; none that the head itself names, a dragon has no dragon motif."""
    rows: Mapping[str, Any] = lexicon.get("themes", {})
    hits = [
        (min(beside.index(word) for word in row["words"] if word in beside), name)
        for name, row in rows.items()
        if set(row["words"]) & set(beside) and not set(row["words"]) & set(head.split())
    ]
    return tuple(name for _, name in sorted(hits))
