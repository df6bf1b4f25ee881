"""Findings as annotations of GitHub Actions: a workflow command a line, shown by the runner in the diff."""

from __future__ import annotations

from collections.abc import Iterable

from orchestrator.errors.diagnostic import Diagnostic, Span


def as_github(findings: Iterable[Diagnostic]) -> str:
    """`::error file=…,line=…,col=…,title=…::message`, one line a finding."""
    return "\n".join(_annotation(finding) for finding in findings)


def _annotation(finding: Diagnostic) -> str:
    properties = {**_place(finding.span), "title": finding.code}
    said = ",".join(f"{name}={_escaped_property(value)}" for name, value in properties.items())
    return f"::{finding.severity} {said}::{_escaped(_message(finding))}"


def _place(span: Span | None) -> dict[str, str]:
    """Where it is shown; what is no file has no place. The runner takes columns within one line only."""
    if span is None or span.file.startswith("<"):
        return {}
    place = {"file": span.file.replace("\\", "/"), "line": str(span.line)}
    if span.end_line != span.line:
        return {**place, "endLine": str(span.end_line)}
    return {**place, "col": str(span.column), "endColumn": str(span.end_column)}


def _message(finding: Diagnostic) -> str:
    parts = [finding.message, finding.why, finding.help and f"help: {finding.help}", finding.fix]
    parts += [f"{label.span.file}:{label.span.line}: {label.text}" for label in finding.labels]
    return "\n".join(part for part in parts if part)


def _escaped(text: str) -> str:
    """As the runner reads a command's message; the per cent sign goes first."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
