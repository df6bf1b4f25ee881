"""What stages warn of: each kind once, with its items."""

from __future__ import annotations

from orchestrator.events import ItemEnded, RunEnded
from orchestrator.report import Warnings


def _heard(*events: ItemEnded) -> tuple[str, ...]:
    warnings = Warnings()
    for event in events:
        warnings(event)
    warnings(RunEnded("run", {}, 0.0))
    return warnings.lines()


def _ended(item: str, stage: str = "plan", **notes: object) -> ItemEnded:
    return ItemEnded(stage, {"idea": item} if item else {}, "stored", notes=notes)


def test_one_text_is_told_once_with_all_its_items() -> None:
    lines = _heard(
        _ended("sword", warnings=["too dark"]), _ended("bow", warnings=["too dark"]), _ended("axe")
    )
    assert lines == ("plan: too dark (sword, bow)",)


def test_texts_that_differ_in_what_they_quote_are_of_one_kind() -> None:
    lines = _heard(
        _ended("harp", warnings=["it cannot draw 'harp'"]),
        _ended("lute", warnings=["it cannot draw 'lute'"]),
        _ended("old-lute", warnings=["it cannot draw 'lute'"]),
    )
    assert lines == ("plan: it cannot draw 'harp' (harp); the same of 'lute' (lute, old-lute)",)


def test_stages_and_kinds_stand_apart() -> None:
    lines = _heard(
        _ended("a", warnings=["too dark", "too small"]), _ended("a", stage="cut", warnings=["too dark"])
    )
    assert lines == ("plan: too dark (a)", "plan: too small (a)", "cut: too dark (a)")


def test_many_items_are_counted() -> None:
    (line,) = _heard(*(_ended(f"i{at}", warnings=["too dark"]) for at in range(40)))
    assert line.endswith("i11 and 28 more)")
    (line,) = _heard(*(_ended(f"i{at}", warnings=[f"no '{at}'"]) for at in range(40)))
    assert line.endswith("'11' (i11), 28 more")


def test_what_notes_of_earlier_versions_say_is_told_too() -> None:
    assert _heard(_ended("", warning="no word for it; no style")) == (
        "plan: no word for it",
        "plan: no style",
    )
    (cut,) = _heard(_ended("a", cut_off="zebra"))
    assert "cut off: 'zebra'" in cut
    assert _heard(_ended("a", overruled={"style": "the idea says pixel, the recipe pins flat"})) == (
        "plan: style: the idea says pixel, the recipe pins flat (a)",
    )
    (again,) = _heard(_ended("a", redrawn="the stored result was missing or damaged"))
    assert "made again" in again


def test_notes_that_are_no_warnings_say_nothing() -> None:
    assert _heard(_ended("a", reasons={"style": "pinned"}, warnings=[])) == ()
