from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from orchestrator.backends.llm.json_schema import fault_of
from orchestrator.backends.llm.json_writer import JsonWriter
from orchestrator.errors import Cancelled
from orchestrator.stage import Example, Failure, Message, WriteReply, WriteRequest


class Scripted(BaseChatModel):
    """Answers in turn; keeps what it was told."""

    answers: list[Any]
    told: list[list[BaseMessage]] = []  # noqa: RUF012 - pydantic copies it

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        self.told.append(list(messages))
        answer = self.answers[min(len(self.told), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return ChatResult(generations=[ChatGeneration(message=AIMessage(answer))])


EXAMPLE = Example((Message("user", "What is a cat?"),), {}, {"kind": "animal"})
ASKED = WriteRequest(
    messages=(
        Message("system", "You sort things."),
        Message("user", "shot"),
        Message("assistant", "shot"),
        Message("user", "What is a sword?"),
    ),
    choices={"kind": ("weapon", "animal", "food")},
    examples=(EXAMPLE,),
)


def answered(*answers: object, asked: WriteRequest = ASKED) -> tuple[WriteReply | Failure, Scripted]:
    chat = Scripted(answers=list(answers), told=[])
    (reply,) = JsonWriter(chat).write([asked], lambda: False)
    return reply, chat


@pytest.mark.parametrize(
    "text",
    [
        '{"kind": ["weapon", "food"]}',
        '```json\n{"kind": ["Weapon", "food"]}\n```',
        'Sure! {"kind": ["weapon", "sharp thing", "food"]} There you are.',
    ],
)
def test_an_answer_ranks_the_rest_behind_it(text: str) -> None:
    reply, _ = answered(text)
    assert isinstance(reply, WriteReply)
    assert reply.ranked == {"kind": ("weapon", "food", "animal")}


def test_a_single_value_will_do() -> None:
    reply, _ = answered('{"kind": "food"}')
    assert isinstance(reply, WriteReply)
    assert reply.ranked["kind"][0] == "food"


def test_it_is_shown_examples_in_json_and_told_the_values() -> None:
    _, chat = answered('{"kind": ["weapon"]}')
    (talk,) = chat.told
    assert [message.type for message in talk] == ["system", "human", "ai", "human"]
    assert talk[2].text == '{"kind": ["animal"]}'
    assert talk[3].text.startswith("What is a sword?\n\nAnswer with one JSON object")
    assert '"kind" is one of ["weapon", "animal", "food"].' in talk[3].text


def test_a_bad_answer_is_asked_for_again_with_the_reason() -> None:
    reply, chat = answered("A sword is a weapon.", '{"kind": ["weapon"]}')
    assert isinstance(reply, WriteReply)
    assert [message.text for message in chat.told[1][-2:]] == [
        "A sword is a weapon.",
        "That cannot be used: no JSON object in 'A sword is a weapon.'. Answer again.",
    ]


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (["no"], "no JSON object in 'no'"),
        (['{"kind": ["sharp"]}'], "'kind' names none of its allowed values"),
        (['{"sort": 1}'], "'kind' names none of its allowed values"),
        ([TimeoutError("too slow")], "TimeoutError: too slow"),
        (["{" * 50], "no JSON object"),
    ],
)
def test_three_bad_answers_are_a_failure_with_its_reason(answers: Sequence[object], reason: str) -> None:
    reply, chat = answered(*answers)
    assert isinstance(reply, Failure)
    assert reply.code == "E513"
    assert reason in reply.message
    assert len(chat.told) == 3


def test_a_request_fails_alone() -> None:
    chat = Scripted(answers=["no", '{"kind": ["food"]}', "no", "no"], told=[])
    replies = [JsonWriter(chat).write([ASKED], lambda: False)[0] for _ in range(2)]
    assert isinstance(replies[0], WriteReply)
    assert isinstance(replies[1], Failure)


def test_free_fields_are_checked_by_the_schema() -> None:
    schema = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    asked = WriteRequest(messages=(Message("user", "Name it."),), schema=schema)
    reply, chat = answered('{"name": 3}', '{"name": "Orcrist"}', asked=asked)
    assert isinstance(reply, WriteReply)
    assert reply.fields == {"name": "Orcrist"}
    assert "name is no string" in chat.told[1][-1].text


def test_a_cancelled_call_ends() -> None:
    with pytest.raises(Cancelled):
        JsonWriter(Scripted(answers=["no"], told=[])).write([ASKED], lambda: True)


@pytest.mark.parametrize(
    ("value", "schema", "fault"),
    [
        ({"a": 1}, {"type": "object", "properties": {"a": {"type": "integer"}}}, ""),
        ({"a": True}, {"type": "object", "properties": {"a": {"type": "integer"}}}, "a is no integer"),
        ({}, {"type": "object", "required": ["a", "b"]}, "the answer lacks a, b"),
        (
            {"x": 1},
            {"type": "object", "additionalProperties": False},
            "the answer has x, which the schema does not",
        ),
        (["a", 2], {"type": "array", "items": {"type": "string"}}, "the answer[1] is no string"),
        ("c", {"enum": ["a", "b"]}, "the answer is none of ['a', 'b']"),
        (1.5, {"type": "number"}, ""),
        (None, {}, ""),
    ],
)
def test_schema_faults(value: object, schema: dict[str, object], fault: str) -> None:
    assert fault_of(value, schema) == fault
