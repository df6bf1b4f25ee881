"""What an idea says outright: style, background, view, light, colour, material, and what it excludes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestrator.builtin.expand.idea_text import without_filler

_BEFORE_PLACE = r"(?:on|in|against|over|before|under)\s+(?:an?\s+|the\s+)?"
_NEGATIVE = re.compile(
    r"(?:^|[,\s])(?:without|with no|no|not)\s+(?:an?\s+|any\s+|the\s+)?"
    r"([^,;.]+?)(?=\s+(?:on|with|in)\s|[,;.]|$)"
)
_PARTS = frozenset({"with", "and", "holding", "wearing", "carrying", "riding", "for", "from"})
_LOOSE = re.compile(r"^(?:of|with)\s+|\s+(?:as a|as|in|on|with|of)$|\s*,\s*(?=,|$)|^\s*,\s*")
"""What taking a phrase out leaves hanging."""
_BREAKS = frozenset(
    [
        "with",
        "of",
        "in",
        "on",
        "for",
        "from",
        "and",
        "holding",
        "wearing",
        "made",
        "under",
        "at",
        "riding",
        "to",
        "by",
        "near",
        "over",
        "that",
        "which",
    ]
)

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
    names the thing; `category` "" where the lexicon does not know it. `said` maps a field to its value.
    """

    subject: str
    head: str
    category: str
    said: Mapping[str, str] = field(default_factory=dict[str, str])
    clauses: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()


def read_idea(text: str, lexicon: Mapping[str, Any]) -> Reading:
    """Reads the English text of an idea by the lexicon's tables."""
    said: dict[str, str] = {}
    moved: list[str] = []
    rest, negative = _negatives(text)
    for name, table, places in _MOVED:
        rest, word, phrase = _taken(rest, lexicon.get(table, {}), places=places)
        if word:
            said[name] = word
            moved.append(phrase)
    first, *others = [clause.strip() for clause in rest.split(",") if clause.strip()] or [text]
    if not re.search(r"\w", first):
        first, others, negative, moved, said = text, [], [], [], {}
    first = without_filler(first)
    head, category = _head(first, lexicon)
    words = _words_beside(first, head)
    said |= _said_of(words, lexicon)
    return Reading(
        first, head, category, said, tuple(others), tuple(negative), _themes(words, lexicon), tuple(moved)
    )


def _negatives(text: str) -> tuple[str, list[str]]:
    found = [match[1].strip() for match in _NEGATIVE.finditer(text)]
    rest = " ".join(_NEGATIVE.sub(" ", text).split()).strip(" ,")
    return (rest, found) if rest else (text, [])


def _taken(text: str, table: Mapping[str, Iterable[str]], *, places: bool) -> tuple[str, str, str]:
    """The text without the longest phrase of the table that stands in it, the canonical word, the phrase."""
    phrases = [(phrase, word) for word, group in table.items() for phrase in group]
    for phrase, word in sorted(phrases, key=lambda pair: -len(pair[0])):
        bare = not places or phrase.endswith("background") or phrase.startswith("at ")
        before = f"(?:{_BEFORE_PLACE})" + ("?" if bare else "")
        match = re.search(rf"(?<![\w-])(?:{before}){re.escape(phrase)}(?![\w-])", text, re.IGNORECASE)
        if match is None:
            continue
        rest = " ".join((text[: match.start()] + " " + text[match.end() :]).split())
        rest = _LOOSE.sub("", rest).strip(" ,")
        return (rest, word, match[0].strip()) if _words(rest) not in ([], ["icon"]) else (text, "", "")
    return text, "", ""


def _words(text: str) -> list[str]:
    return re.findall(r"[\w'-]+", text.casefold())


def _head(text: str, lexicon: Mapping[str, Any]) -> tuple[str, str]:
    """The noun phrase that names the thing, as the lexicon knows it, and its category."""
    words = _words(text)
    measures = set(lexicon.get("measures", ()))
    stop = next((i for i, word in enumerate(words) if word in _BREAKS and i), len(words))
    if stop < len(words) and words[stop] == "of" and words[stop - 1] in measures:
        words = words[stop + 1 :]
        stop = next((i for i, word in enumerate(words) if word in _BREAKS and i), len(words))
    group = words[:stop] or words
    for length in (3, 2, 1):
        tail = " ".join(group[-length:])
        if category := category_of(tail, lexicon):
            return tail, category
    return (group[-1] if group else ""), ""


def category_of(noun: str, lexicon: Mapping[str, Any]) -> str:
    """The category of a noun, by the table or along its is-a chain; "" when neither knows it."""
    rows, chains = lexicon.get("categories", {}), lexicon.get("chains", {})
    for form in singular_forms(noun):
        for wider in (form, *chains.get(form, ())):
            if found := next((category for category, row in rows.items() if wider in row["nouns"]), ""):
                return found
    return ""


def singular_forms(noun: str) -> tuple[str, ...]:
    """The noun, and what it may be the plural of."""
    forms = [noun]
    for ending, singular in (("ies", "y"), ("ves", "f"), ("es", ""), ("s", "")):
        if noun.endswith(ending) and len(noun) > len(ending) + 1:
            forms.append(noun[: -len(ending)] + singular)
    return tuple(forms)


def _words_beside(text: str, head: str) -> list[str]:
    """The words that describe the whole: not the head, which names, nor a part of it (`with a red hilt`).

    `in red` describes wherever it stands.
    """
    words, named = _words(text), head.split()
    words = words[: next((at for at, word in enumerate(words) if at and word in _PARTS), len(words))]
    for start in range(len(words) - len(named), -1, -1):
        if words[start : start + len(named)] == named and (not start or words[start - 1] != "in"):
            return words[:start] + words[start + len(named) :]
    return words


def _said_of(words: list[str], lexicon: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, table in (("colour", "colours"), ("material", "materials")):
        meaning = {also: word for word, group in lexicon.get(table, {}).items() for also in (word, *group)}
        for word in words:
            if word in meaning:
                found.setdefault(name, meaning[word])
                found.setdefault(f"{name} word", word)
    return found


def _themes(words: list[str], lexicon: Mapping[str, Any]) -> tuple[str, ...]:
    themes = lexicon.get("themes", {}).items()
    hits = [
        (min(words.index(word) for word in row["words"] if word in words), name)
        for name, row in themes
        if set(row["words"]) & set(words)
    ]
    return tuple(name for _, name in sorted(hits))
