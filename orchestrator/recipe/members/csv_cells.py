"""A csv with the place of every cell, which Python's own reader does not give."""

from __future__ import annotations

import re
from typing import Final

from orchestrator.errors import Span
from orchestrator.frozen import Frozen
from orchestrator.recipe.reach import Reach
from orchestrator.text import Cell, capped

_QUOTED: Final = re.compile(r'[ \t]*"([^"]*(?:""[^"]*)*)"[ \t]*')
_PLAIN: Final = re.compile(r"[^,\r\n]*")
_BREAK: Final = re.compile(r"\r\n|\n|\r")


class Row(Frozen):
    """The cells of one row; `span` is that of the whole row."""

    cells: tuple[Cell, ...]
    span: Span


def parse_rows(text: str, file: str, reach: Reach) -> list[Row] | None:
    """The rows, empty ones left out; None where the text is no csv, with a finding."""
    parser = _Parser(text, file, reach)
    rows: list[Row] = []
    while not parser.at_end:
        row = parser.row()
        if row is None:
            return None
        if any(row.cells):
            rows.append(row)
    return rows


class _Parser:
    """RFC 4180: cells parted by commas, rows by line breaks, quotes doubled inside quotes."""

    def __init__(self, text: str, file: str, reach: Reach) -> None:
        self._text, self._file, self._reach = text, file, reach
        self._at = self._start = 0
        self._line = 1

    @property
    def at_end(self) -> bool:
        return self._at >= len(self._text)

    def row(self) -> Row | None:
        cells: list[Cell] = []
        while True:
            cell = self._cell()
            if cell is None:
                return None
            cells.append(cell)
            if self._text[self._at : self._at + 1] != ",":
                break
            self._at += 1
        first, last = cells[0].span, cells[-1].span
        if end := _BREAK.match(self._text, self._at):
            self._at = self._start = end.end()
            self._line += 1
        return Row(tuple(cells), Span(self._file, first.line, first.column, last.end_line, last.end_column))

    def _cell(self) -> Cell | None:
        self._reach.spent.cells += 1
        if self._reach.spent.cells > self._reach.caps.cells:
            what = "the tables of the recipe have too many cells"
            self._reach.findings.add(capped("cells", self._reach.caps.cells, what, self._here()))
            return None
        begin = self._line, self._at - self._start + 1
        quoted = _QUOTED.match(self._text, self._at)
        if quoted is None:
            return self._plain(begin)
        self._at = quoted.end()
        for end in _BREAK.finditer(quoted.group()):
            self._line, self._start = self._line + 1, quoted.start() + end.end()
        if self._text[self._at : self._at + 1] not in {"", ",", "\r", "\n"}:
            self._broken(begin, "a cell goes on behind its closing quote")
            return None
        return self._made(quoted[1].replace('""', '"'), begin)

    def _plain(self, begin: tuple[int, int]) -> Cell | None:
        found = _PLAIN.match(self._text, self._at)
        text = "" if found is None else found.group()
        if text.lstrip().startswith('"'):
            self._broken(begin, "a quote is never closed")
            return None
        self._at += len(text)
        return self._made(text.strip(), begin)

    def _made(self, text: str, begin: tuple[int, int]) -> Cell:
        line, column = begin
        end = self._at - self._start + 1
        end = max(end, column + 1) if self._line == line else end
        return Cell(text, Span(self._file, line, column, self._line, end))

    def _here(self) -> Span:
        return Span.point(self._file, self._line, self._at - self._start + 1)

    def _broken(self, begin: tuple[int, int], what: str) -> None:
        self._reach.findings.error(
            "E158",
            what,
            Span.point(self._file, *begin),
            why="A cell with a comma, a quote or a line break in it stands in double quotes; a quote inside "
            "is doubled.",
            help='write `"a ""big"" sword, red"`',
        )
