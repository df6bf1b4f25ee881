"""The form that a prompt template renders to: sections, each under a line `[[name]]`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from orchestrator.stage import Message, StageFailure, TemplateText

_MARK = re.compile(r"^\[\[([a-z_ ]+)\]\][ \t]*$", re.MULTILINE)
_ROLES = ("system", "user", "assistant")
SLOTS = ("category", "material", "details")
FIELDS = ("style", "colour", "material", "lighting", "view", "background", "negative")


@dataclass(frozen=True, slots=True)
class PromptForm:
    """What a template says of one idea: the conversation, how answers begin, and what holds by default."""

    messages: tuple[Message, ...]
    cues: Mapping[str, str]
    defaults: Mapping[str, str]
    detail_count: int


def render_form(template: TemplateText, variables: Mapping[str, object]) -> PromptForm:
    """Renders the template; no value can begin a section, because none holds a line break or `[[`."""
    return _read(template.render({name: _harmless(value) for name, value in variables.items()}))


def _harmless(value: object) -> object:
    if isinstance(value, str):
        return " ".join(value.split()).replace("[[", "[ [")
    if isinstance(value, Mapping):
        return {key: _harmless(member) for key, member in cast("Mapping[str, object]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_harmless(member) for member in cast("Sequence[object]", value)]
    return value


def _read(text: str) -> PromptForm:
    marks = list(_MARK.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    sections = [(mark[1], text[mark.end() : end].strip()) for mark, end in zip(marks, ends, strict=False)]
    known = {*_ROLES, *FIELDS, "detail_count", *(f"ask {slot}" for slot in SLOTS)}
    if stranger := next((name for name, _ in sections if name not in known), None):
        raise _broken(f"it has a section [[{stranger}]], which means nothing here")
    messages = tuple(Message(name, body) for name, body in sections if name in _ROLES)
    if not messages or messages[-1].role != "user":
        raise _broken("its last message is not a [[user]] one")
    bodies = dict(sections)
    count = bodies.get("detail_count", "2")
    if not re.fullmatch(r"\d", count, re.ASCII):
        raise _broken(f"[[detail_count]] must be a digit, not {count[:20]!r}")
    return PromptForm(
        messages=messages,
        cues={slot: bodies[f"ask {slot}"] for slot in SLOTS if bodies.get(f"ask {slot}")},
        defaults={name: " ".join(bodies.get(name, "").split()) for name in FIELDS},
        detail_count=int(count),
    )


def _broken(problem: str) -> StageFailure:
    return StageFailure(
        f"the prompt template has not the form of one: {problem}",
        code="E512",
        help="let it extend base.jinja, whose head says what each block means",
    )
