"""The review file on a run: settings, attempts, what is dropped; and its findings."""

from __future__ import annotations

import pytest

from orchestrator.errors import InvalidInput
from tests.api.review_studio import (
    SWORD,
    SWORD_ENTRY,
    Studio,
    assets_of_item,
    at,
    items_of,
)


@pytest.fixture
def studio(tmp_path):
    return Studio(tmp_path)


def test_a_setting_holds_at_every_item_that_it_names(studio):
    before = studio.run()
    studio.write("item: {idea: fire-sword}, set: {draw.side: 16}")
    after = studio.run()
    for look in ("flat", "pixel"):
        assert at(after, "draw", idea="fire-sword", look=look).params["side"] == 16
        item = {"idea": "health-potion", "look": look}
        assert at(after, "draw", **item).key == at(before, "draw", **item).key
    assert at(after, "draw", **SWORD).seed == at(before, "draw", **SWORD).seed


def test_a_stage_with_fewer_dimensions_runs_once_more_for_the_item_alone(studio):
    before = studio.run()
    studio.write(f"{SWORD_ENTRY}, set: {{words.colour: turquoise}}")
    after = studio.run()
    assert items_of(after, "words") == [
        {"idea": "fire-sword"}, {"idea": "fire-sword", "look": "flat"}, {"idea": "health-potion"},
    ]  # fmt: skip
    assert at(after, "draw", **SWORD).notes["drawn"] == "turquoise"
    (asset,) = assets_of_item(after, "draw", **SWORD)
    assert asset.prompt.colour == "turquoise"
    assert at(after, "draw", idea="fire-sword", look="pixel").notes["drawn"] == "red"
    assert at(after, "draw", idea="fire-sword", look="pixel").key == at(
        before, "draw", idea="fire-sword", look="pixel"
    ).key
    assert after.counts["done"] == 3  # the words, the picture and the sheet


def test_the_more_exact_entry_wins(studio):
    studio.write(f"{SWORD_ENTRY}, set: {{draw.side: 4}}", "item: {idea: fire-sword}, set: {draw.side: 16}")
    run = studio.run()
    assert at(run, "draw", **SWORD).params["side"] == 4
    assert at(run, "draw", idea="fire-sword", look="pixel").params["side"] == 16


def test_a_review_setting_wins_over_the_command_line(studio):
    studio.write("item: {idea: fire-sword}, set: {draw.side: 16}")
    run = studio.run(overrides=["draw.side=20"])
    assert at(run, "draw", **SWORD).params["side"] == 16
    assert at(run, "draw", idea="health-potion", look="flat").params["side"] == 20


def test_a_variable_may_be_otherwise_at_an_item(studio):
    studio.change("words: {use: studio.words}", "words: {use: studio.words, with: {colour: $vars.hue}}")
    studio.change("items:\n", "vars: {hue: red, side: 8}\nitems:\n")
    studio.change("with: {look: $item.look}", "with: {look: $item.look, side: $vars.side}")
    studio.write(f"{SWORD_ENTRY}, set: {{vars.hue: turquoise, vars.side: 12}}")
    run = studio.run()
    assert at(run, "draw", **SWORD).notes["drawn"] == "turquoise"
    assert at(run, "draw", **SWORD).params["side"] == 12
    assert at(run, "draw", idea="fire-sword", look="pixel").notes["drawn"] == "red"
    for wrong, code in (("vars.hues: x", "E141"), ("vars.hue: 3", "E155"), ("vars.side: 100", "E203")):
        (finding,) = studio.refused(f"{SWORD_ENTRY}, set: {{{wrong}}}")
        assert (finding.code, finding.span.file.endswith("recipe.review.yaml")) == (code, True)


def test_an_attempt_moves_the_seed_of_its_item_and_no_other(studio):
    before = studio.run()
    studio.write(f"{SWORD_ENTRY}, attempt: 1")
    after = studio.run()
    assert at(after, "draw", **SWORD).seed != at(before, "draw", **SWORD).seed
    assert at(after, "words", idea="fire-sword").seed == at(before, "words", idea="fire-sword").seed
    assert after.counts["done"] == 2  # the picture and the sheet
    studio.write(f"{SWORD_ENTRY}, attempt: 2")
    assert at(studio.run(), "draw", **SWORD).seed != at(after, "draw", **SWORD).seed
    studio.write(f"{SWORD_ENTRY}, attempt: 0")
    assert at(studio.run(), "draw", **SWORD).seed == at(before, "draw", **SWORD).seed


def test_what_is_dropped_is_skipped_and_no_gather_waits_for_it(studio):
    whole = studio.run()
    assert at(whole, "sheet").artifact().size == (4, 1)
    studio.write(f"{SWORD_ENTRY}, dropped: true")
    run = studio.run()
    assert at(run, "draw", **SWORD).outcome == "skipped"
    assert at(run, "words", idea="fire-sword").outcome == "stored"
    assert at(run, "sheet").artifact().size == (3, 1)
    assert run.counts["skipped"] == 2
    studio.write("item: {idea: fire-sword}, dropped: true", "item: {idea: health-potion}, dropped: true")
    assert at(studio.run(), "sheet").outcome == "skipped"


@pytest.mark.parametrize(
    ("entry", "code", "fix"),
    [
        ("item: {ide: fire-sword}, dropped: true", "E260", "idea"),
        ("item: {idea: fire-sword, variant: 3}, dropped: true", "E260", ""),
        ("item: {idea: fire-swort}, dropped: true", "E261", "{id: fire-swort, value: fire sword}"),
        ("item: {idea: fire-sword}, set: {drw.side: 3}", "E262", "draw.side"),
        ("item: {idea: fire-sword}, set: {draw.sid: 3}", "E202", "side"),
        ("item: {idea: fire-sword}, set: {draw.side: 300}", "E203", None),
        ("item: {idea: fire-sword, look: flat}, set: {draw.side: wide}", "E203", None),
        ("item: {idea: fire-sword, look: flat}, set: {sheet.x: wide}", "E202", None),
        ("item: {idea: fire-sword}, set: {words.colour: $item.look}", "E263", None),
        ("item: {}, attempt: 1", None, None),
        ("item: {idea: fire-sword}, review: draw, decision: approved, " + "artifact: 'sha256:" + "a" * 64
         + "', made_from: 'sha256:" + "a" * 64 + "'", "E266", "final"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_code(studio, entry, code, fix):
    if code is None:
        studio.write(entry)
        studio.check()
        return
    (finding,) = studio.refused(entry)
    assert finding.code == code
    assert finding.span.file.endswith("recipe.review.yaml")
    assert fix is None or finding.fix == fix


def test_an_attempt_that_moves_no_seed_names_coordinates_that_would(studio):
    studio.change("with: {look: $item.look}", "with: {side: 9}")
    studio.change("  sheet:", "  other: {use: studio.words, with: {colour: $item.look}}\n  sheet:")
    (finding,) = studio.refused(f"{SWORD_ENTRY}, attempt: 1")
    assert (finding.code, finding.fix) == ("E265", "item: {idea: fire-sword}")


def test_a_setting_that_nothing_below_could_show_is_refused(studio):
    studio.change("with: {look: $item.look}", "with: {side: 9}")
    studio.change("  sheet:", "  other: {use: studio.words, with: {colour: $item.look}}\n  sheet:")
    (finding,) = studio.refused(f"{SWORD_ENTRY}, set: {{draw.side: 3}}")
    assert (finding.code, finding.fix) == ("E264", "item: {idea: fire-sword}")


def test_entries_about_ideas_that_the_caller_replaced_are_passed_over(studio):
    studio.write("item: {idea: fire-sword}, set: {draw.side: 16}")
    run = studio.run(items={"idea": ["bow"]})
    assert at(run, "draw", idea="bow", look="flat").params["side"] == 8


def test_findings_of_the_review_file_come_with_those_of_the_recipe(studio):
    studio.change("studio.swatch", "studio.swach")
    studio.write("item: {idea: fire-sword}, drpped: true")
    with pytest.raises(InvalidInput) as raised:
        studio.check()
    assert {finding.code for finding in raised.value.findings} == {"E201", "E111"}


def test_a_review_file_may_end_in_yml(studio):
    studio.review = studio.review.with_suffix(".yml")
    studio.write("item: {idea: fire-sword}, dropped: true")
    assert studio.check().graph.review.dropped({"idea": "fire-sword", "look": "flat"})
