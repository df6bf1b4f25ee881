from __future__ import annotations

import pytest
from PIL import Image as PillowImage

from orchestrator.backends.clip.doubles import ConstantScorer, PatternScorer
from orchestrator.builtin.score import ScoreParams, score
from orchestrator.stage import Card, Context, Failure, Image, Prompt, Score, StageFailure, batch_of

CLOSED = Card(name="small", kind="diffusion", nouns=("cat", "gem", "sword"))
OPEN = Card(name="large", kind="diffusion")
TABLE = {"chains": ["=sword"], "words": {"katana": 0}}
PICTURES = [Image.of(PillowImage.new("RGB", (8, 8), colour)) for colour in ("red", "green", "blue")]


def scored(
    *subjects: str, card: Card = CLOSED, judge: object = PatternScorer(), **params: object
) -> tuple[list[Score | Failure], tuple[dict[str, object], ...]]:
    notes = tuple(dict[str, object]() for _ in subjects)
    ctx = Context(
        models={"judge": judge}.__getitem__,
        cards={"painter": card},
        resources={("lexicon", "drawable"): TABLE},
        notes=notes,
    )
    asked = ScoreParams.checked({**params, "clip": "judge", "painter": "painter"})
    prompts = batch_of([Prompt(subject=subject, colour="red") for subject in subjects])
    return list(score(batch_of(PICTURES[: len(subjects)]), prompts, asked, ctx)), notes


def test_the_noun_is_compared_as_it_was_drawn() -> None:
    (made,), (notes,) = scored("katana")
    assert isinstance(made, Score)
    assert made.texts == ("a sword icon",)
    assert set(made.aspects) == {"noun"}
    assert notes["score"] == {"value": made.value, "text": "a sword icon", "noun": made.aspects["noun"]}
    assert str(notes["looks_like"]) in {"a cat icon", "a gem icon", "a sword icon"}


def test_a_subject_that_cannot_be_drawn_is_compared_as_it_stands_and_has_no_share() -> None:
    (made,), _ = scored("justice")
    assert isinstance(made, Score)
    assert (made.texts, made.aspects) == (("a justice icon",), {})


def test_an_open_painter_is_compared_by_the_subject_alone() -> None:
    (made,), (notes,) = scored("katana", card=OPEN)
    assert (
        made == Score(value=made.value, texts=("a picture of katana",)) if isinstance(made, Score) else False
    )
    assert "looks_like" not in notes


def test_the_text_can_be_written_and_an_empty_field_leaves_no_gap() -> None:
    (made,), _ = scored("katana", text="a {colour} {material} {noun}")
    assert isinstance(made, Score)
    assert made.texts == ("a red sword",)


@pytest.mark.parametrize(
    "text", ["{size}", "{noun.__class__}", "{noun!r}", "{noun:>9999999}", "{0}", "{", "}"]
)
def test_a_text_holds_plain_fields_alone(text: str) -> None:
    with pytest.raises(StageFailure, match="text of `score`"):
        scored("katana", text=text)


def test_each_item_has_its_own_score_and_a_refusal_fails_alone() -> None:
    made, notes = scored("katana", "refuse", "cat", text="{subject}", card=OPEN)
    assert [isinstance(one, Failure) for one in made] == [False, True, False]
    assert notes[1] == {}
    alone, _ = scored("katana", text="{subject}", card=OPEN)
    assert made[0] == alone[0]


def test_a_constant_scorer_gives_equal_shares() -> None:
    (made,), _ = scored("cat", judge=ConstantScorer(0.25))
    assert made == Score(value=0.25, texts=("a cat icon",), aspects={"noun": 1 / 3})
    assert isinstance(made, Score)
    assert Score.decode(made.encode()) == made


def test_a_score_is_a_number() -> None:
    with pytest.raises(ValueError, match="finite"):
        Score(value=float("nan"))
