from __future__ import annotations

import json
from pathlib import Path

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from orchestrator.backends.llm.chat import LocalChat
from orchestrator.backends.llm.ranking import Question, Ranker
from orchestrator.backends.llm.writer import LikelihoodWriter
from orchestrator.errors import Cancelled
from orchestrator.stage import Example, Failure, Message, WriteReply, WriteRequest


@pytest.fixture(scope="module")
def chat(tiny_folder: Path) -> LocalChat:
    return LocalChat.load(tiny_folder, device="cpu", dtype="float32", threads=1)


def fresh(ranker: Ranker) -> Ranker:
    return Ranker(ranker.model, ranker.tokenizer, ranker.threads)


def by_hand(ranker: Ranker, question: Question) -> dict[str, float]:
    """Each value's whole text in a pass of its own, without cache or padding; all its tokens count."""
    import torch

    def ids(text: str) -> list[int]:
        return ranker.tokenizer(text, add_special_tokens=False)["input_ids"]

    scores = dict[str, float]()
    begun = ids(question.prefix) + ids(question.tail)
    for value in question.values:
        whole = ids(question.prefix) + ids(f"{question.tail} {value}")
        with torch.inference_mode():
            logits = torch.log_softmax(ranker.model(torch.tensor([whole])).logits[0].float(), -1)
        told = range(len(begun), len(whole))
        scores[value] = sum(float(logits[at - 1, whole[at]]) for at in told)
    return scores


def test_scores_are_those_of_a_plain_pass(chat: LocalChat) -> None:
    question = Question("Some shared beginning. ", "It is", ("a", "b", "c"))
    (scores,) = fresh(chat.ranker).scores([question])
    # " a", " b", " c" are two bytes each; the blank is common to all, so the plain sum has it too
    plain = by_hand(chat.ranker, question)
    offset = plain["a"] - scores["a"]
    assert all(plain[value] - scores[value] == pytest.approx(offset, abs=1e-4) for value in "abc")


def test_a_value_counts_up_to_where_it_differs_from_all_others(chat: LocalChat) -> None:
    question = Question("", "It is", ("red", "rose", "blue", "red rose"))
    (scores,) = fresh(chat.ranker).scores([question])
    assert set(scores) == {"red", "rose", "blue", "red rose"}
    assert scores["red rose"] < scores["red"]
    (alone,) = fresh(chat.ranker).scores([Question("", "It is", ("red", "blue"))])
    assert alone["red"] > scores["red"]


def many(smollm: LikelihoodWriter) -> list[Question]:
    things = [
        "halberd",
        "cat",
        "very long and ornate ceremonial halberd of the elven queen",
        "potion",
        "wyrm",
    ]
    things += ["red apple", "ship", "a", "tower", "book"]
    values = ("weapon", "animal", "armor", "food")
    talks = [[SystemMessage("You sort."), HumanMessage(f"What is {t}?")] for t in things]
    halves = [smollm.chat._halves(talk) for talk in talks]
    return [
        Question(prefix, f"{rest}{t} is a", values) for t, (prefix, rest) in zip(things, halves, strict=True)
    ]


def test_a_score_is_bitwise_the_same_whatever_shares_its_batch(smollm: LikelihoodWriter) -> None:
    questions = many(smollm)
    together = fresh(smollm.chat.ranker).scores(questions)
    backwards = fresh(smollm.chat.ranker).scores(questions[::-1])[::-1]
    assert together == backwards
    for at in (2, 8):
        assert fresh(smollm.chat.ranker).scores([questions[at]]) == [together[at]]


def test_what_is_remembered_is_the_same(smollm: LikelihoodWriter) -> None:
    ranker, questions = fresh(smollm.chat.ranker), many(smollm)[:3]
    assert ranker.scores(questions) == ranker.scores(questions)


def test_the_thread_count_of_others_is_left_as_it_was(chat: LocalChat) -> None:
    import torch

    before = torch.get_num_threads()
    chat.ranker.scores([Question("", "x", ("a", "b"))])
    assert torch.get_num_threads() == before


def request(thing: str, **more: object) -> WriteRequest:
    examples = tuple(
        Example((Message("user", f"What is a {t}?"),), {"kind": f"A {t} is a"}) for t in ("sword", "cat")
    )
    return WriteRequest(
        messages=(Message("system", "You describe things."), Message("user", f"What is a {thing}?")),
        choices={"kind": ("weapon", "animal", "food", "building")},
        cues={"kind": f"A {thing} is a"},
        examples=examples,
        **more,  # type: ignore[arg-type]
    )


def test_the_embedded_model_knows_what_things_are(smollm: LikelihoodWriter) -> None:
    replies = smollm.write([request("tiger"), request("pizza"), request("cathedral")], lambda: False)
    assert [reply.ranked["kind"][0] for reply in replies if isinstance(reply, WriteReply)] == [
        "animal",
        "food",
        "building",
    ]


def test_examples_are_averaged_out(chat: LocalChat) -> None:
    writer = LikelihoodWriter(chat, {})
    asked = request("sword")
    own = Example(asked.messages, asked.cues)
    (reply,) = writer.write([WriteRequest(asked.messages, asked.choices, asked.cues, (own,))], lambda: False)
    assert isinstance(reply, WriteReply)
    assert set(reply.scores["kind"].values()) == {0.0}


def test_a_cancelled_call_ends(chat: LocalChat) -> None:
    with pytest.raises(Cancelled):
        LikelihoodWriter(LocalChat(ranker=fresh(chat.ranker)), {}).write(
            [request("never asked")], lambda: True
        )


def test_it_is_a_chat_model(smollm: LikelihoodWriter) -> None:
    answer = smollm.chat.invoke([HumanMessage("What is the capital of France? Answer in one sentence.")])
    assert "Paris" in answer.text
    ranked = smollm.chat.bind(choices={"answer": ("Paris", "banana")}).invoke(
        "What is the capital of France?"
    )
    assert json.loads(ranked.text) == {"answer": "Paris"}
    assert ranked.response_metadata["ranked"] == {"answer": ["Paris", "banana"]}


def test_free_text_obeys_stop_and_seed(chat: LocalChat) -> None:
    hot = chat.model_copy(update={"temperature": 1.5, "max_tokens": 12})
    first, again, other = (hot.invoke("hello", seed=seed).text for seed in (1, 1, 2))
    assert first == again != other
    stop = first[3:4]
    assert hot.invoke("hello", seed=1, stop=[stop]).text == first.split(stop, maxsplit=1)[0].strip()


def broken(chat: LocalChat, weight: float) -> LikelihoodWriter:
    """The tiny model with one number in all of its last weights."""
    from copy import deepcopy

    model = deepcopy(chat.ranker.model)
    model.lm_head.weight.data.fill_(weight)
    ranker = Ranker(model, chat.ranker.tokenizer)
    return LikelihoodWriter(LocalChat(ranker=ranker), {})


@pytest.mark.parametrize(
    ("weight", "what"), [(float("nan"), "are no numbers"), (0.0, "gives every answer the same score")]
)
def test_scores_that_judge_nothing_fail_the_item(chat: LocalChat, weight: float, what: str) -> None:
    request = WriteRequest(
        (Message("user", "A sword?"),), choices={"kind": ("red", "tan")}, cues={"kind": "It is"}
    )
    (failed,) = broken(chat, weight).write([request], lambda: False)
    assert isinstance(failed, Failure)
    assert failed.code == "E514"
    assert what in failed.message


def test_a_conversation_past_the_context_fails_alone(chat: LocalChat) -> None:
    def asking(text: str) -> WriteRequest:
        return WriteRequest(
            (Message("user", text),), choices={"kind": ("red", "blue")}, cues={"kind": "It is"}
        )

    writer = LikelihoodWriter(LocalChat(ranker=fresh(chat.ranker)), {})
    context = writer.chat.ranker.context
    long, short = writer.write([asking("x" * context), asking("x")], lambda: False)
    assert isinstance(long, Failure)
    assert "longer than the language model's context" in long.message
    assert isinstance(short, WriteReply)
