"""Glossaries, lexicons and styles."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping

from pydantic import ValidationError

from orchestrator.errors import Diagnostic, InvalidInput, Span, did_you_mean
from orchestrator.library.glossary_lines import plain_entries
from orchestrator.library.plain_yaml import entries_of, line_of, read_plain
from orchestrator.library.source import Source
from orchestrator.stage.params import StylePreset


def read_glossary(source: Source) -> tuple[str, Mapping[str, str]]:
    """Words to English, both NFC; "" says nothing. Raises InvalidInput (E412) for what is no text."""
    plain = plain_entries(source.text)
    if plain is not None:
        if unicodedata.is_normalized("NFC", source.text):
            return source.digest, plain
        return source.digest, {_normal(word): english for word, english in plain.items()}
    entries = _mapping(source, "word: english")
    for word, english in entries.items():
        if not word.strip() or not isinstance(english, str):
            raise source.refuse(
                "E412",
                f"the glossary `{source.name}` has no English text for `{word}`",
                line_of(source, word),
                why="A glossary maps a word of another language to what it is called in English.",
                help=f'write `{word.strip() or "猫"}: cat`, or `""` for a word that says nothing',
            )
    return source.digest, {_normal(word): _normal(str(english)) for word, english in entries.items()}


def read_lexicon(source: Source) -> tuple[str, Mapping[str, object]]:
    """The tables as the file has them; raises InvalidInput (E412) when it is no mapping."""
    return source.digest, _mapping(source, "table: entries")


def read_style(source: Source) -> tuple[str, StylePreset]:
    """A style preset; raises InvalidInput (E412) with a finding for each wrong key."""
    entries = _mapping(source, "words: [pixel art]")
    if entries.get("name", source.name) != source.name:
        raise source.refuse(
            "E412",
            f"the style `{source.name}` calls itself `{entries['name']}`",
            line_of(source, "name"),
            why="A style is found by the name of its file, and noted under its own; the two agree.",
            help=f"write `name: {source.name}`, or rename the file",
        )
    try:
        return source.digest, StylePreset.model_validate({**entries, "name": source.name})
    except ValidationError as error:
        findings = [_wrong_key(source, detail["loc"], detail["msg"]) for detail in error.errors()]
        raise InvalidInput(findings, {source.file: source.text}) from error


def _wrong_key(source: Source, place: tuple[int | str, ...], message: str) -> Diagnostic:
    key = str(place[0]) if place else ""
    known = [name for name in StylePreset.model_fields if name != "name"]
    near = did_you_mean(key, known) if key not in known else None
    reason = f"unknown key `{key}`" if key not in known else f"`{key}`: {message[:1].lower()}{message[1:]}"
    return Diagnostic(
        "E412",
        f"the style `{source.name}` cannot be used: {reason}",
        Span.point(source.file, line_of(source, key)),
        why=f"Keys of a style: {', '.join(known)}.",
        help=f"did you mean `{near}`?" if near else "mend or delete the line",
        fix=f"{near}:" if near else "",
    )


def _mapping(source: Source, form: str) -> dict[str, object]:
    entries = entries_of(_json(source) if source.file.endswith(".json") else read_plain(source))
    if entries is None:
        raise source.refuse("E412", f"`{source.name}` is no mapping", help=f"each line is `{form}`")
    return dict(entries)


def _json(source: Source) -> object:
    try:
        return json.loads(source.text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise source.refuse(
            "E411",
            f"`{source.name}` is no plain JSON: {getattr(error, 'msg', error)}",
            line,
            getattr(error, "colno", 1),
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
