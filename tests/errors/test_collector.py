"""What the collector keeps, counts and hands on."""

from __future__ import annotations

from dataclasses import replace

from orchestrator.errors import Diagnostic, Findings, Span

HERE, THERE = Span("r.yaml", 1, 1, 1, 4), Span("r.yaml", 2, 1, 2, 4)
ONE, OTHER = Diagnostic("E111", "one", HERE), Diagnostic("E202", "other", THERE)


def test_muted_keeps_nothing_and_counts() -> None:
    findings = Findings.muted()
    findings.add(ONE)
    assert (findings.all(), findings.told, findings.has_errors) == ([], 1, False)


def test_a_collector_of_one_place_hands_on_what_is_said_of_it() -> None:
    findings = Findings()
    findings.only_at(HERE).add_all([ONE, OTHER])
    assert findings.all() == [ONE]
    findings.not_at(HERE).add_all([ONE, OTHER])
    assert findings.all() == [ONE, OTHER]


def test_a_changed_finding_is_handed_on_in_its_new_form() -> None:
    findings = Findings()
    findings.changed(lambda each: replace(each, span=THERE)).add(ONE)
    assert findings.all() == [replace(ONE, span=THERE)]


def test_warnings_never_crowd_out_an_error() -> None:
    findings = Findings()
    findings.add_all(Diagnostic("W601", str(number), HERE, severity="warning") for number in range(300))
    findings.add(ONE)
    assert findings.has_errors
    findings.add_all(Diagnostic("E111", str(number), HERE) for number in range(300))
    assert findings.full
    assert len(findings) == 500


def test_a_place_that_the_reader_complained_of_is_left_alone() -> None:
    findings = Findings([ONE])
    findings.add(Diagnostic("E114", "a consequence", HERE))
    assert findings.all() == [ONE]
