from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as PillowImage

from orchestrator.builtin.best_of import BestOf, best_of
from orchestrator.stage import Context, Gathered, Image, Member, Score, StageFailure


def chosen(
    values: list[float | None], lacking: frozenset[int] = frozenset()
) -> tuple[Image, dict[str, object]]:
    notes: dict[str, object] = {}
    images = Gathered(
        Member(
            {"variant": str(at + 1)},
            None if at in lacking else shade(at),
            "it failed" if at in lacking else "",
        )
        for at in range(len(values))
    )
    scores = Gathered(
        Member({"variant": str(at + 1)}, None if value is None else Score(value=value), "no score")
        for at, value in enumerate(values)
    )
    return best_of(images, scores, BestOf(), Context(notes=(notes,))), notes


def shade(at: int) -> Image:
    return Image.of(PillowImage.new("L", (4, 4), at))


def test_the_highest_score_wins_and_all_are_noted() -> None:
    picture, notes = chosen([0.1, 0.4, 0.3])
    assert picture == shade(1)
    assert notes["best"] == {"variant": "2"}
    assert notes["scores"] == [
        {"variant": "1", "score": 0.1},
        {"variant": "2", "score": 0.4},
        {"variant": "3", "score": 0.3},
    ]
    assert "left_out" not in notes


def test_what_is_missing_is_left_out_and_noted() -> None:
    picture, notes = chosen([0.9, None, 0.2, 0.3], lacking=frozenset({0}))
    assert picture == shade(3)
    assert notes["left_out"] == [
        {"variant": "1", "reason": "it failed"},
        {"variant": "2", "reason": "no score"},
    ]


def test_nothing_to_choose_from_is_a_failure_of_the_item() -> None:
    for values in ([], [None, None]):
        with pytest.raises(StageFailure, match="no picture with a score"):
            chosen(values)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=12))
def test_the_first_of_the_highest_wins(values: list[float]) -> None:
    picture, _ = chosen(list(values))
    assert picture == shade(values.index(max(values)))
