"""The review file: every entry with its place, every mistake with its code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.recipe.review import Decision, read_review
from orchestrator.text import Text

SHA = "sha256:" + "a" * 64
JUDGED = f"item: {{idea: a}}, made_from: {SHA}"
WHOLE = f"""\
- item: {{idea: fire-sword, style: flat, variant: 2}}
  set: {{expand.color: red, look.plan.steps: 40}}
  attempt: 2
  review: final
  decision: approved
  artifact: {SHA}
  made_from: {SHA}
  reason: clean outline
  by: mei
- {{item: {{idea: bow}}, dropped: true}}
"""


def read(text):
    review, findings = read_review(text, "icons.review.yaml")
    return review.entries, [(finding.code, finding.span.line) for finding in findings]


def test_an_entry_says_all_that_can_be_said():
    (first, second), findings = read(WHOLE)
    assert findings == []
    assert first.coordinates == {"idea": "fire-sword", "style": "flat", "variant": "2"}
    assert [(setting.stage, setting.param, setting.value.node.value) for setting in first.settings] == [
        ("expand", "color", "red"),
        ("look.plan", "steps", 40),
    ]
    assert (first.attempt, first.attempt_span.line, first.dropped) == (2, 3, False)
    decision = first.decision
    assert decision == Decision(
        Text("final", decision.review.span), approved=True, artifact=SHA, made_from=SHA, span=decision.span,
        reason="clean outline", by="mei",
    )  # fmt: skip
    assert (decision.span.line, decision.span.column) == (5, 13)
    assert (second.dropped, second.decision, second.span.line) == (True, None, 10)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[]", "null"])
def test_an_empty_file_says_nothing(text):
    assert read(text) == ((), [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("item: {idea: a}", [("E114", 1)]),
        ("- fire-sword", [("E114", 1)]),
        ("- {set: {plan.steps: 4}}", [("E113", 1)]),
        ("- {itm: {idea: a}, dropped: true}", [("E111", 1)]),
        ("- {item: fire-sword, dropped: true}", [("E114", 1)]),
        ("- {item: {idea: [a]}, dropped: true}", [("E114", 1)]),
        ("- {item: {idea: a}, set: {steps: 4}}", [("E180", 1)]),
        ("- {item: {idea: a}, set: {models.painter: embedded}}", [("E180", 1)]),
        ("- {item: {idea: a}, set: {seed: 1}}", [("E180", 1)]),
        ("- {item: {idea: a}, set: [plan.steps]}", [("E114", 1)]),
        ("- {item: {idea: a}, attempt: -1}", [("E114", 1)]),
        ("- {item: {idea: a}, attempt: true}", [("E114", 1)]),
        ("- {item: {idea: a}, dropped: maybe}", [("E114", 1)]),
        (f"- {{{JUDGED}, review: r, decision: aproved, artifact: {SHA}}}", [("E181", 1)]),
        (f"- {{{JUDGED}, decision: approved, artifact: {SHA}}}", [("E113", 1)]),
        (f"- {{{JUDGED}, review: r, decision: approved, artifact: x}}", [("E182", 1)]),
        ("- {item: {idea: a}, set: {p.x: 1}}\n- {item: {idea: a}, set: {p.x: 2}}", [("E183", 2)]),
        ("- {item: {idea: a}, set: {p.x: 1, p.x: 2}}", [("E104", 1)]),
        ("- {item: {idea: *a}}", [("E108", 1)]),
    ],
)
def test_each_mistake_has_its_code_and_line(text, found):
    assert read(text)[1] == found


def test_all_findings_come_at_once():
    assert read("- {item: {idea: a}, atempt: 1}\n- {item: {idea: b}, dropped: 1}\n- 3")[1] == [
        ("E111", 1), ("E114", 2), ("E114", 3),
    ]  # fmt: skip


def test_entries_of_one_item_may_say_different_things():
    assert read("- {item: {idea: a}, set: {p.x: 1}}\n- {item: {idea: a}, set: {p.y: 2}, attempt: 1}")[1] == []


@given(st.text(st.sampled_from("-{}[]:, \nabeimst#'\"*&!1.")))
def test_any_text_is_read_or_refused(text):
    read_review(text, "x.review.yaml")
