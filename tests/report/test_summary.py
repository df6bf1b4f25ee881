"""What is said when a run is over."""

from __future__ import annotations

import json
from dataclasses import replace

from orchestrator.report import FailureReport, RunReport, as_document, prompts_text, run_json, summary
from tests.report.samples import picture


def test_the_end_says_where_the_pictures_are_and_what_failed(report: RunReport) -> None:
    assert summary(report).splitlines() == [
        "failed[E521]: 一只可爱的猫咪, pixel at render: out of memory",
        "  = help: use a smaller size",
        "3 made, 1 failed in 1:01.",
        "3 pictures in out/item-icons/.",
        "Open out/item-icons/index.html to see how each was made.",
    ]


def test_a_sheet_of_each_item_is_not_said_to_be_the_sheet(report: RunReport) -> None:
    strip = picture("a", "a")
    whole = replace(strip, coordinates={})
    both = replace(report, sheets=(strip, replace(whole, name="all.png")), failures=())
    line = "3 pictures and 1 sheet in out/item-icons/. out/item-icons/all.png is the overview."
    assert line in summary(both)
    assert summary(replace(both, pictures=())).splitlines()[1] == "2 sheets in out/item-icons/."
    assert "overview" not in summary(replace(report, sheets=(strip,)))


def test_a_run_that_the_store_had_says_so(report: RunReport) -> None:
    stored = replace(report, counts={"stored": 4, "done": 0}, failures=(), seconds=0.4)
    assert summary(stored).startswith("Nothing had to be rendered: 4 results from the store (0:00).")


def test_a_stopped_run_says_how_to_go_on(report: RunReport) -> None:
    stopped = replace(report, counts={"done": 1, "cancelled": 3}, failures=(), pictures=())
    assert summary(stopped) == "Stopped after 1:01; 1 result kept. The same command goes on from here."


def test_a_flood_of_failures_is_cut(report: RunReport) -> None:
    many = tuple(FailureReport("render", {"idea": "a"}, f"broken {number}") for number in range(1000))
    lines = summary(replace(report, failures=many)).splitlines()
    assert len(lines) < 30
    assert f"… and 980 other reasons; {report.record_name} lists all." in lines


def test_items_that_failed_for_the_same_reason_share_it(report: RunReport) -> None:
    many = tuple(FailureReport("render", {"idea": str(number)}, "broken", "E1") for number in range(40))
    first = summary(replace(report, failures=many)).splitlines()[0]
    assert first.startswith("failed[E1]: 0, 1, 2, ")
    assert first.endswith("29 and 10 more at render: broken")


def test_prompts_stand_with_their_reasons() -> None:
    made = picture("一只可爱的猫咪", "cat", "pixel", "a cute cat").made
    assert made is not None
    assert prompts_text([made]).splitlines() == [
        "cat, pixel: 一只可爱的猫咪 (read as: a cute cat)",
        "  subject: a cute cat",
        "  colour: red",
        "      fire is red",
        "  details: glowing edge, runes",
        "  prompt: a red 一只可爱的猫咪",
        "  steps: 25",
        "      the card's default",
        "  guidance_scale: 3",
        "  width: 64",
        "  post: step pixel-grid cells 32 colours 24",
    ]


def test_the_document_is_plain_json(report: RunReport) -> None:
    document = as_document(report)
    assert json.loads(run_json(report)) == json.loads(json.dumps(document))
    pictures = json.loads(run_json(report))["pictures"]
    assert pictures[2]["made"]["translation"] == "a cute cat"
    assert pictures[0]["name"] == "fire-sword_flat.png"
