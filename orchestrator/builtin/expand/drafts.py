"""The steps from ideas to prompts: drafts are made, questions settled, prompts written with their reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from orchestrator.builtin.expand.idea_text import without_filler
from orchestrator.builtin.expand.idea_words import read_idea
from orchestrator.builtin.expand.judgement import Draft, Tables
from orchestrator.stage import (
    Context,
    Failure,
    Prompt,
    Role,
    StageFailure,
    Writer,
    WriteReply,
    WriteRequest,
)
from orchestrator.stage.idea.marks import normalised, read_marks
from orchestrator.stage.idea.translation import Translation, Words, script_of

_LONGEST = 1000
_TEXT_FIELDS = ("style", "colour", "material", "lighting", "view", "background")
_BY_CATEGORY = frozenset({"lighting", "view", "background"})


def drafted(text: str, words: Words, tables: Tables) -> Draft | Failure:
    """What the tables know of an idea; a Failure where it names nothing to draw."""
    marked = read_marks(text)
    plain = normalised(text)
    if len(plain) > _LONGEST:
        return Failure(
            f"the idea has {len(plain)} characters, more than {_LONGEST}",
            code="E511",
            help="an idea names one thing in a few words; further words go into a template, or into `amend`",
        )
    translation = words.translated(marked.text)
    english = without_filler(translation.text, tables.nouns.knows)
    if not any(character.isalnum() for character in english):
        return Failure(
            f"the idea {plain[:40]!r} names nothing to draw", code="E510", help="name a thing: fire sword"
        )
    reading = read_idea(english, tables.lexicon, tables.nouns)
    reading = replace(reading, negative=(*reading.negative, *marked.negative))
    try:
        form = tables.form(plain, reading.subject)
    except StageFailure as failure:
        return Failure(str(failure), code=failure.code, help=failure.help)
    draft = Draft(plain, translation, reading, form, warnings=[*marked.told, *_untranslated(translation)])
    tables.settle_nature(draft)
    return draft


def _untranslated(translation: Translation) -> list[str]:
    if not translation.unknown:
        return []
    script = script_of(translation.unknown[0])
    return [
        f"the glossary lacks '{' '.join(translation.unknown)}' ({script}): the painter gets it as it stands"
    ]


def settled_by(
    question: Callable[[Draft], WriteRequest | None],
    settle: Callable[[Draft, WriteReply], None],
    drafts: Sequence[Draft | Failure],
    writer: Role[Writer],
    ctx: Context,
) -> list[Draft | Failure]:
    """Asks the model about all drafts that leave a question, in one call, and settles each."""
    ctx.stop_if_cancelled()
    open_drafts = [draft for draft in drafts if isinstance(draft, Draft)]
    requests = {at: asked for at, draft in enumerate(open_drafts) if (asked := question(draft))}
    replies: Sequence[WriteReply | Failure] = ()
    if requests:
        replies = ctx.model(writer).write(list(requests.values()), ctx.cancelled)
    answers = dict(zip(requests, replies, strict=True))
    settled = iter([_settled(draft, answers.get(at), settle) for at, draft in enumerate(open_drafts)])
    return [draft if isinstance(draft, Failure) else next(settled) for draft in drafts]


def _settled(
    draft: Draft, reply: WriteReply | Failure | None, settle: Callable[[Draft, WriteReply], None]
) -> Draft | Failure:
    if isinstance(reply, Failure):
        return reply
    settle(draft, reply or WriteReply())
    return draft


def finished(draft: Draft | Failure, tables: Tables, at: int, ctx: Context) -> Prompt | Failure:
    """The prompt, with its reasons in the notes."""
    if isinstance(draft, Failure):
        return draft
    prompt = _prompt(draft, tables.row(draft.category))
    for name, value in _notes(draft).items():
        ctx.note(name, value, at=at)
    return prompt


def _prompt(draft: Draft, row: Mapping[str, Any]) -> Prompt:
    """Words of the idea, then the tables, then the template's default; a line of reason for each field."""
    draft.reasons["subject"] = "the idea, word for word"
    negative = (*draft.reading.negative, *_listed(draft.form.defaults["negative"]))
    if negative:
        draft.reasons["negative"] = "the idea and the template" if draft.reading.negative else "the template"
    return Prompt(
        subject=draft.reading.subject,
        details=draft.details,
        negative=tuple(dict.fromkeys(negative)),
        **{name: _field(draft, name, row) for name in _TEXT_FIELDS},
    )


def _field(draft: Draft, name: str, row: Mapping[str, Any]) -> str:
    if name == "material" and draft.material:
        return draft.material
    if said := draft.reading.said.get(name):
        draft.reasons[name] = f"the idea says {draft.reading.said.get(f'{name} word', said)!r}"
        return said
    if name in _BY_CATEGORY and row.get(name):
        draft.reasons[name] = f"usual for the category {draft.category} in the lexicon"
        return str(row[name])
    if default := draft.form.defaults[name]:
        draft.reasons[name] = "the template's default"
    return default


def _notes(draft: Draft) -> dict[str, object]:
    notes: dict[str, object] = {
        "warnings": draft.warnings,
        "original": draft.idea,
        "category": draft.category,
        "reasons": draft.reasons,
        "scores": draft.scores,
        "translated": dict(draft.translation.words),
        "untranslated": list(draft.translation.unknown),
        "moved": list(draft.reading.moved),
    }
    return {name: value for name, value in notes.items() if value}


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
