"""A stretch of a text, by lines and columns."""

from __future__ import annotations

from orchestrator.frozen import Frozen


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
