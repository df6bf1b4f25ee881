"""Findings as text (full, concise) and as JSON. Colour is the caller's choice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from orchestrator.errors.diagnostic import Diagnostic, Span
from orchestrator.errors.printable import printable

_RED, _YELLOW, _BLUE, _BOLD, _RESET = "\x1b[31m", "\x1b[33m", "\x1b[34m", "\x1b[1m", "\x1b[0m"


def where(span: Span | None) -> str:
    """`file:line:column`, the form editors and terminals link; what is no file has no lines."""
    if span is None:
        return ""
    return span.file if span.file.startswith("<") else f"{span.file}:{span.line}:{span.column}"


def concise(findings: Iterable[Diagnostic]) -> str:
    """One line a finding."""
    return "\n".join(
        f"{where(finding.span)}: {finding.severity}[{finding.code}]: {finding.message}".removeprefix(": ")
        for finding in findings
    )


def full(findings: Iterable[Diagnostic], sources: Mapping[str, str], *, colour: bool = False) -> str:
    """Each finding with its line, a caret, the reason and the fix."""
    text = printable("\n\n".join(_one(finding, sources) for finding in findings))
    return _painted(text) if colour else text


def as_json(findings: Iterable[Diagnostic]) -> str:
    """A JSON array; absent parts are left out."""
    return json.dumps([_record(finding) for finding in findings], ensure_ascii=False, indent=2)


def _one(finding: Diagnostic, sources: Mapping[str, str]) -> str:
    parts = [f"{finding.severity}[{finding.code}]: {finding.message}"]
    if finding.span is not None:
        parts.append(f"  --> {where(finding.span)}")
        parts += _excerpt(finding.span, sources, "")
    for label in finding.labels:
        parts.append(f"  ::: {where(label.span)}")
        parts += _excerpt(label.span, sources, label.text)
    parts += _block("why", finding.why) + _block("help", finding.help) + _fix(finding.fix)
    return "\n".join(parts)


def _excerpt(span: Span, sources: Mapping[str, str], label: str) -> list[str]:
    lines = sources.get(span.file, "").splitlines()
    if not 1 <= span.line <= len(lines):
        return [f"  {label}"] if label else []
    line = lines[span.line - 1]
    offset = max(0, span.column - 61)
    shown = line[offset : offset + 100].replace("\t", " ")
    width = span.end_column - span.column if span.end_line == span.line else len(line) - span.column + 1
    caret = "^" * max(1, min(width, 100 - (span.column - 1 - offset)))
    gutter = " " * len(str(span.line))
    return [
        f" {gutter} |",
        f" {span.line} | {shown}",
        f" {gutter} | {_padding(shown, span.column - 1 - offset)}{caret}{' ' + label if label else ''}",
    ]


def _padding(shown: str, count: int) -> str:
    """Blanks as wide as the text before the caret: a terminal shows CJK two cells wide."""
    from unicodedata import east_asian_width

    before = shown[:count].ljust(count)
    return "".join("  " if east_asian_width(character) in "WF" else " " for character in before)


def _block(name: str, text: str) -> list[str]:
    if not text:
        return []
    first, *rest = text.splitlines()
    return [f"  = {name}: {first}", *(f"          {line}" for line in rest)]


def _fix(text: str) -> list[str]:
    return [] if not text else ["  = fix:", *(f"      {line}" for line in text.splitlines())]


def _record(finding: Diagnostic) -> dict[str, object]:
    record: dict[str, object] = {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "why": finding.why,
        "help": finding.help,
        "fix": finding.fix,
        "labels": [{**_place(label.span), "text": label.text} for label in finding.labels],
        "edits": [{**_place(edit.span), "text": edit.text} for edit in finding.edits],
    }
    if finding.span is not None:
        record |= _place(finding.span)
    return {key: value for key, value in record.items() if value not in ("", [])}


def _place(span: Span) -> dict[str, object]:
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def _painted(text: str) -> str:
    return "\n".join(_painted_line(line) for line in text.split("\n"))


def _painted_line(line: str) -> str:
    if line.startswith("error["):
        return f"{_BOLD}{_RED}{line}{_RESET}"
    if line.startswith("warning["):
        return f"{_BOLD}{_YELLOW}{line}{_RESET}"
    if line.startswith(("  -->", "  :::", "  = ")):
        end = line.find(":") + 1 if line.startswith("  = ") else 5
        return f"{_BLUE}{line[:end]}{_RESET}{line[end:]}"
    return line
