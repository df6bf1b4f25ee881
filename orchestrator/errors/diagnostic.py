"""A finding as data: where, what, why, and how to mend it. Renderers stand in `render.py`."""

from __future__ import annotations

from dataclasses import field
from enum import Enum, auto
from typing import Final, Literal

from orchestrator.frozen import Frozen

Severity = Literal["error", "warning"]


COMMAND_LINE: Final = "<command line>"
PYTHON: Final = "<python>"
"""In place of a file, for what was typed after a command and for what came from Python."""


class Span(Frozen):
    """A stretch of a text file; lines and columns count from 1, the end column is exclusive.

    `file` is what the user typed (a recipe's path), or `<command line>`, `<python>`.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __lt__(self, other: Span) -> bool:
        """In order of file and place."""
        return self.place < other.place

    @property
    def place(self) -> tuple[str, int, int, int, int]:
        """All of it, as a key to sort by."""
        return (self.file, self.line, self.column, self.end_line, self.end_column)

    @classmethod
    def point(cls, file: str, line: int = 1, column: int = 1) -> Span:
        """A span one character wide."""
        return cls(file, line, column, line, column + 1)


class Edit(Frozen):
    """`text` in place of what stands in `span`; an empty span inserts, an empty text deletes.

    Lines of `text` are parted by a line feed, and become what parts the lines of the file.
    """

    span: Span
    text: str


class Topic(Enum):
    """What a finding is about, where another part of the program handles such findings apart."""

    UNKNOWN_STAGE = auto()
    OPEN_PORT = auto()
    SECRET = auto()


class Label(Frozen):
    """A second place that a finding speaks of."""

    span: Span
    text: str


class Diagnostic(Frozen):
    """One finding.

    Attributes:
        code: stable code, with a page `pages/CODE.md`.
        message: what is wrong, in one line, without a full stop.
        span: where; None only where no text caused it.
        why: the reason behind the rule, one or two sentences.
        help: what to do; `fix` is text that can be pasted at the place.
        labels: further places (the other of two open ends, the first of two keys).
        edits: the fix as exact changes, all of them together; none where a person has to choose.
        topic: what it is about, for who handles such findings apart.
    """

    code: str
    message: str
    span: Span | None = None
    why: str = ""
    help: str = ""
    fix: str = ""
    labels: tuple[Label, ...] = field(default=())
    severity: Severity = "error"
    edits: tuple[Edit, ...] = field(default=())
    topic: Topic | None = None

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
