"""A writer that ranks by likelihood: log-probability minus its mean over the request's examples."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import ClassVar, TypeAlias

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from orchestrator.backends.llm.chat import LocalChat
from orchestrator.backends.llm.json_writer import JsonWriter
from orchestrator.errors import Cancelled
from orchestrator.stage import Example, Failure, Message, WriteReply, WriteRequest

_ANOTHER = 'shorten the template\'s conversation, set `dtype = "float32"`, or name another model'
_KINDS = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}


def as_langchain(messages: Sequence[Message]) -> list[BaseMessage]:
    """Our messages as LangChain's."""
    return [_KINDS[message.role](message.content) for message in messages]


@dataclass(slots=True)
class LikelihoodWriter:
    """Ranks with a local model. Free text by a schema is written by the same model, and checked."""

    chat: LocalChat
    environment: Mapping[str, str]
    kinds: ClassVar[tuple[str, ...]] = ("llm",)
    batch_size: ClassVar[int] = 32
    """Requests at once, not rows of a pass: the more, the fewer passes have empty rows."""

    def write(
        self, requests: Sequence[WriteRequest], cancelled: Callable[[], bool]
    ) -> Sequence[WriteReply | Failure]:
        """Answers each request; what is asked about all requests' examples is asked once."""
        chats = dict.fromkeys(chat for request in requests for chat in _keys_of(request))
        try:
            talks = {messages: as_langchain(messages) for messages, _, _ in chats}
            scored = self.chat.rank([(talks[key[0]], key[1], key[2]) for key in chats], cancelled)
        except InterruptedError as error:
            raise Cancelled from error
        known = dict(zip(chats, scored, strict=True))
        replies = [_unjudged(request, known) or _reply(request, known) for request in requests]
        return [self._with_fields(*pair, cancelled) for pair in zip(requests, replies, strict=True)]

    def _with_fields(
        self, request: WriteRequest, reply: WriteReply | Failure, cancelled: Callable[[], bool]
    ) -> WriteReply | Failure:
        if request.schema is None or isinstance(reply, Failure):
            return reply
        free = WriteRequest(request.messages, schema=request.schema, seed=request.seed)
        (written,) = JsonWriter(self.chat, self.environment).write([free], cancelled)
        if isinstance(written, Failure):
            return written
        return WriteReply(reply.ranked, reply.scores, written.fields, {**reply.notes, **written.notes})


_Key: TypeAlias = tuple[tuple[Message, ...], str, tuple[str, ...]]


def _key(asked: WriteRequest | Example, slot: str, values: tuple[str, ...]) -> _Key:
    return (asked.messages, asked.cues.get(slot) or f"{slot}:", values)


def _keys_of(request: WriteRequest) -> list[_Key]:
    asked = (request, *request.examples)
    return [_key(one, slot, values) for slot, values in request.choices.items() for one in asked]


def _unjudged(request: WriteRequest, known: Mapping[_Key, Mapping[str, float]]) -> Failure | None:
    """Why the scores of a request judge nothing; None where they do."""
    for key in _keys_of(request):
        scores = list(known[key].values())
        if not scores:
            what = "the conversation is longer than the language model's context"
        elif not all(map(isfinite, scores)):
            what = "the language model's scores are no numbers"
        elif len(scores) > 1 and min(scores) == max(scores):
            what = "the language model gives every answer the same score"
        else:
            continue
        return Failure(what, "E514", help=_ANOTHER)
    return None


def _reply(request: WriteRequest, known: Mapping[_Key, Mapping[str, float]]) -> WriteReply:
    scores = {slot: _scores(request, slot, values, known) for slot, values in request.choices.items()}
    ranked = {slot: tuple(sorted(held, key=lambda value: -held[value])) for slot, held in scores.items()}
    return WriteReply(ranked=ranked, scores=scores)


def _scores(
    request: WriteRequest, slot: str, values: tuple[str, ...], known: Mapping[_Key, Mapping[str, float]]
) -> dict[str, float]:
    own = known[_key(request, slot, values)]
    others = [known[_key(example, slot, values)] for example in request.examples]
    count = max(1, len(others))
    return {value: own[value] - sum(other[value] for other in others) / count for value in values}
