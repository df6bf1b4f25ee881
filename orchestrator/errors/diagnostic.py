"""A finding as data: where, what, why, and how to mend it. Renderers stand in `render.py`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a text file; lines and columns count from 1, the end column is exclusive.

    `file` is what the user typed (a recipe's path), or `<command line>`, `<python>`.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    @classmethod
    def point(cls, file: str, line: int = 1, column: int = 1) -> Span:
        """A span one character wide."""
        return cls(file, line, column, line, column + 1)


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that a finding speaks of."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    Attributes:
        code: stable code, with a page `pages/CODE.md`.
        message: what is wrong, in one line, without a full stop.
        span: where; None only where no text caused it.
        why: the reason behind the rule, one or two sentences.
        help: what to do; `fix` is text that can be pasted at the place.
        labels: further places (the other of two open ends, the first of two keys).
    """

    code: str
    message: str
    span: Span | None = None
    why: str = ""
    help: str = ""
    fix: str = ""
    labels: tuple[Label, ...] = field(default=())
    severity: Severity = "error"

    @property
    def place(self) -> tuple[str, int, int, str]:
        """Sort key: file, line, column, code."""
        if self.span is None:
            return ("", 0, 0, self.code)
        return (self.span.file, self.span.line, self.span.column, self.code)


def in_order_of_place(findings: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """All findings, each once, sorted by place."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: finding.place))


def has_errors(findings: tuple[Diagnostic, ...] | list[Diagnostic]) -> bool:
    """Whether any finding is more than a warning."""
    return any(finding.severity == "error" for finding in findings)
