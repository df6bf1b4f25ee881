"""A writer made from any LangChain chat model: it asks for JSON, shows examples, and checks what comes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, cast

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from orchestrator.backends.llm.json_schema import fault_of
from orchestrator.errors import Cancelled
from orchestrator.stage import Failure, Message, WriteReply, WriteRequest

_ATTEMPTS, _SHOWN, _AT_ONCE = 3, 4, 8
_ORDER = (
    "Answer with one JSON object and nothing else. {slots} "
    "Give each as a list of some of its allowed values, the best first; use no other value."
)
_FREE = "Answer with one JSON object and nothing else, valid by this JSON Schema: {schema}"


@dataclass(slots=True)
class JsonWriter:
    """Ranks and writes through a chat model that gives text alone.

    A bad answer is asked for again with the reason, three times in all; then that request fails alone.
    """

    chat: BaseChatModel
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    kinds: ClassVar[tuple[str, ...]] = ("llm",)

    def write(
        self, requests: Sequence[WriteRequest], cancelled: Callable[[], bool]
    ) -> Sequence[WriteReply | Failure]:
        """Answers each request, many at once."""
        talks = [_conversation(request) for request in requests]
        results: list[WriteReply | str] = ["not asked"] * len(requests)
        for _ in range(_ATTEMPTS):
            pending = [at for at, result in enumerate(results) if isinstance(result, str)]
            if cancelled():
                raise Cancelled
            for at, answer in zip(pending, self._answers([talks[at] for at in pending]), strict=True):
                results[at] = _checked(answer, requests[at])
                _corrected(talks[at], answer, results[at])
        return [_failure(result) if isinstance(result, str) else result for result in results]

    def _answers(self, talks: list[list[BaseMessage]]) -> list[AIMessage | Exception]:
        if not talks:
            return []
        config: Any = {"max_concurrency": _AT_ONCE}
        return cast(
            "list[AIMessage | Exception]", self.chat.batch(list(talks), config, return_exceptions=True)
        )


def _conversation(request: WriteRequest) -> list[BaseMessage]:
    """The system message, examples with JSON answers, and the question with the form of its answer."""
    order = _order(request)
    talk: list[BaseMessage] = [SystemMessage(m.content) for m in request.messages if m.role == "system"]
    for example in request.examples:
        if len(talk) < 2 * _SHOWN and set(example.answers) == set(request.choices) and example.answers:
            answer = {slot: [value] for slot, value in example.answers.items()}
            shown = json.dumps(answer, ensure_ascii=False)
            talk += [HumanMessage(_question(example.messages)), AIMessage(shown)]
    return [*talk, HumanMessage(f"{_question(request.messages)}\n\n{order}")]


def _question(messages: Sequence[Message]) -> str:
    return next(message.content for message in reversed(messages) if message.role == "user")


def _order(request: WriteRequest) -> str:
    allowed = request.choices.items()
    slots = " ".join(f"{json.dumps(slot)} is one of {json.dumps(values)}." for slot, values in allowed)
    parts = [_ORDER.format(slots=slots)] if slots else []
    if request.schema is not None:
        parts.append(_FREE.format(schema=json.dumps(request.schema)))
    return "\n".join(parts)


def _checked(answer: AIMessage | Exception, request: WriteRequest) -> WriteReply | str:
    """The reply, or what is wrong with the answer."""
    if isinstance(answer, Exception):
        return f"{type(answer).__name__}: {answer}"
    record = _json_object(answer.text)
    if record is None:
        return f"no JSON object in {answer.text[:80]!r}"
    ranked: dict[str, tuple[str, ...]] = {}
    for slot, values in request.choices.items():
        named = _named(record.get(slot), values)
        if not named:
            return f"{slot!r} names none of its allowed values: {json.dumps(record.get(slot))[:80]}"
        ranked[slot] = tuple(dict.fromkeys((*named, *values)))
    fields = {name: value for name, value in record.items() if name not in request.choices}
    fault = fault_of(fields, request.schema) if request.schema is not None else ""
    return fault or WriteReply(ranked=ranked, fields=fields if request.schema is not None else {})


def _named(given: object, values: Sequence[str]) -> list[str]:
    by_fold = {value.casefold(): value for value in values}
    listed = cast("list[object]", given if isinstance(given, list) else [given])
    return [
        by_fold[word.casefold()] for word in listed if isinstance(word, str) and word.casefold() in by_fold
    ]


def _json_object(text: str) -> dict[str, object] | None:
    """The first JSON object in a text; models like to wrap it in a fence or in words."""
    start = text.find("{")
    while start >= 0:
        try:
            value, _ = json.JSONDecoder().raw_decode(text, start)
        except ValueError:
            start = text.find("{", start + 1)
            continue
        return cast("dict[str, object]", value)
    return None


def _corrected(talk: list[BaseMessage], answer: AIMessage | Exception, result: WriteReply | str) -> None:
    if isinstance(result, str) and isinstance(answer, AIMessage):
        talk += [AIMessage(answer.text or "?"), HumanMessage(f"That cannot be used: {result}. Answer again.")]


def _failure(reason: str) -> Failure:
    return Failure(
        f"the language model gave no usable answer in {_ATTEMPTS} attempts: {reason}",
        code="E513",
        help="name a larger model, or `embedded`, which ranks allowed values instead of writing them",
    )
