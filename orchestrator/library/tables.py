"""Glossaries, lexicons and styles."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from typing import Final, cast

from pydantic import ValidationError

from orchestrator.errors import Diagnostic, InvalidInput, Span, did_you_mean
from orchestrator.frozen import Frozen
from orchestrator.library.glossary_lines import plain_entries
from orchestrator.library.plain_yaml import read_plain
from orchestrator.library.source import Source
from orchestrator.stage.params import StylePreset

_MOST_TOLD: Final = 20


class Table(Frozen):
    """A resource that is a mapping: its plain data, and where its keys stand (nowhere in JSON)."""

    file: str
    entries: Mapping[str, object]
    places: Mapping[str, Span]

    def place(self, key: str) -> Span:
        """Where a key stands."""
        return self.places.get(key) or Span.point(self.file)


def read_glossary(source: Source) -> tuple[str, Mapping[str, str]]:
    """Words to English, both NFC; "" says nothing. Raises InvalidInput (E412) for what is no text."""
    plain = plain_entries(source.text)
    if plain is not None:
        if unicodedata.is_normalized("NFC", source.text):
            return source.digest, plain
        return source.digest, {_normal(word): english for word, english in plain.items()}
    table = _table(source, "word: english")
    entries = table.entries.items()
    wrong = [word for word, english in entries if not (word.strip() and isinstance(english, str))]
    if wrong:
        findings = [_no_english(source.name, word, table.place(word)) for word in wrong[:_MOST_TOLD]]
        raise InvalidInput(findings, {source.file: source.text})
    return source.digest, {_normal(word): _normal(str(text)) for word, text in entries}


def _no_english(glossary: str, word: str, span: Span) -> Diagnostic:
    return Diagnostic(
        "E412",
        f"the glossary `{glossary}` has no English text for `{word}`",
        span,
        why="A glossary maps a word of another language to what it is called in English.",
        help=f'write `{word.strip() or "猫"}: cat`, or `""` for a word that says nothing',
    )


def read_lexicon(source: Source) -> tuple[str, Mapping[str, object]]:
    """The tables as the file has them; raises InvalidInput (E412) when it is no mapping."""
    return source.digest, _table(source, "table: entries").entries


def read_style(source: Source) -> tuple[str, StylePreset]:
    """A style preset; raises InvalidInput (E412) with a finding for each wrong key."""
    table = _table(source, "words: [pixel art]")
    entries = table.entries
    if entries.get("name", source.name) != source.name:
        raise source.refuse(
            "E412",
            f"the style `{source.name}` calls itself `{entries['name']}`",
            table.place("name"),
            why="A style is found by the name of its file, and noted under its own; the two agree.",
            help=f"write `name: {source.name}`, or rename the file",
        )
    try:
        return source.digest, StylePreset.model_validate({**entries, "name": source.name})
    except ValidationError as error:
        findings = [_wrong_key(source.name, table, detail["loc"], detail["msg"]) for detail in error.errors()]
        raise InvalidInput(findings, {source.file: source.text}) from error


def _wrong_key(style: str, table: Table, place: tuple[int | str, ...], message: str) -> Diagnostic:
    key = str(place[0]) if place else ""
    known = [name for name in StylePreset.model_fields if name != "name"]
    near = did_you_mean(key, known) if key not in known else None
    reason = f"unknown key `{key}`" if key not in known else f"`{key}`: {message[:1].lower()}{message[1:]}"
    return Diagnostic(
        "E412",
        f"the style `{style}` cannot be used: {reason}",
        table.place(key),
        why=f"Keys of a style: {', '.join(known)}.",
        help=f"did you mean `{near}`?" if near else "mend or delete the line",
        fix=f"{near}:" if near else "",
    )


def _table(source: Source, form: str) -> Table:
    entries: object
    places: dict[str, Span] = {}
    if source.file.endswith(".json"):
        entries = _json(source)
    else:
        root = read_plain(source)
        entries = root.plain()
        if isinstance(root.value, Mapping):
            places = {key: entry.key_span for key, entry in root.value.items()}
    if not isinstance(entries, dict):
        raise source.refuse("E412", f"`{source.name}` is no mapping", help=f"each line is `{form}`")
    return Table(source.file, cast("dict[str, object]", entries), places)


def _json(source: Source) -> object:
    try:
        return json.loads(source.text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise source.refuse(
            "E411",
            f"`{source.name}` is no plain JSON: {getattr(error, 'msg', error)}",
            Span.point(source.file, line, getattr(error, "colno", 1)),
            why="Tables of the library are plain data: no key twice.",
            help="mend the line; what a script made is made again by the script",
        ) from error


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """The entries; raises ValueError when a key stands twice."""
    entries = dict(pairs)
    if len(entries) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key `{next(key for key in entries if keys.count(key) > 1)}` stands twice")
    return entries


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()
