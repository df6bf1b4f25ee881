"""The wiring for a terminal: a stage a row, its output a rail that runs down to whoever takes it."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import east_asian_width

from orchestrator.report.wiring.model import Box, Line, Wiring

_BOLD, _DIM, _CYAN, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[0m"
_CORNERS = {(False, True): "└", (False, False): "├", (True, True): "┘", (True, False): "┤"}
"""How a rail meets the line to a stage, by (it is right of the stage, it ends there)."""


def as_text(wiring: Wiring, *, colour: bool = False) -> str:
    """Rails left, stages right; below each stage the type that it gives, and how it takes what it takes."""
    rails = _Rails(wiring.lines)
    rows = [row for box in wiring.boxes for row in _rows(box, wiring, rails)]
    width = max((_cells(rail) for rail, _, _ in rows), default=0)
    column = max((width + 2 + _cells(name) for _, name, over in rows if over), default=0) + 2
    body = "\n".join(_laid(row, width, column, colour=colour) for row in rows)
    return f"{wiring.name}: {wiring.items}\n\n{body}"


class _Rails:
    """Columns, each carrying the output of one stage until its last taker."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._columns: list[str | None] = []
        self._lines = lines

    def pass_by(self) -> str:
        """The rails as they run between two stages."""
        return _joined(["│" if source else " " for source in self._columns])

    def meet(self, box: Box, rest: Sequence[Box]) -> str:
        """The row of a stage: lines from the rails of its inputs; afterwards a rail of its own."""
        later = {name.name for name in rest}
        inputs = {line.source for line in self._lines if line.target == box.name}
        lasting = {line.source for line in self._lines if line.target in later}
        taken = [at for at, source in enumerate(self._columns) if source in inputs]
        ending = [at for at in taken if self._columns[at] not in lasting]
        own = ending[0] if ending else self._free()
        row = self._row(own, taken, ending)
        for at in ending:
            self._columns[at] = None
        self._columns[own] = box.name if box.name in lasting else None
        while self._columns and self._columns[-1] is None:
            self._columns.pop()
        return row

    def _free(self) -> int:
        if None in self._columns:
            return self._columns.index(None)
        self._columns.append(None)
        return len(self._columns) - 1

    def _row(self, own: int, taken: Sequence[int], ending: Sequence[int]) -> str:
        cells = ["│" if source else " " for source in self._columns]
        cells[own] = "●"
        first, last = min([own, *taken]), max([own, *taken])
        for at in range(first, last + 1):
            if at in taken and at != own:
                outermost = at in {first, last}
                cells[at] = _CORNERS[at > own, at in ending] if outermost else ("┴" if at in ending else "┼")
            elif at != own:
                cells[at] = "─" if cells[at] == " " else "│"
        return _joined(cells, first, last)


def _joined(cells: Sequence[str], first: int = 0, last: int = 0) -> str:
    gaps = ["─" if first <= at < last else " " for at in range(len(cells))]
    return "".join(cell + gap for cell, gap in zip(cells, gaps, strict=True)).rstrip()


_Row = tuple[str, str, str]
"""Rails, what stands beside them, and the dimensions (of a stage's own row only)."""


def _rows(box: Box, wiring: Wiring, rails: _Rails) -> list[_Row]:
    rest = wiring.boxes[wiring.boxes.index(box) + 1 :]
    head = rails.meet(box, rest)
    below = [*_takes(box, wiring), box.gives + (", written" if box.end else "")]
    details = [(rails.pass_by(), f"  {text}", "") for text in below]
    return [(head, box.shown, ", ".join(box.facts)), *details]


def _takes(box: Box, wiring: Wiring) -> list[str]:
    """What the rails alone do not tell: which port takes what, and the members of Many."""
    lines = [line for line in wiring.lines if line.target == box.name]
    return [f"{line.label} from {line.source}" for line in lines if not line.alone or line.each]


def _laid(row: _Row, width: int, column: int, *, colour: bool) -> str:
    rail, name, over = row
    beside = f"{rail}{' ' * (width - _cells(rail) + 2)}"
    gap = " " * (column - _cells(beside) - _cells(name))
    if colour:
        beside = f"{_CYAN}{beside}{_RESET}"
        name = f"{_DIM}{name}{_RESET}" if name.startswith(" ") else f"{_BOLD}{name}{_RESET}"
    return f"{beside}{name}{gap}{over}".rstrip() if over else f"{beside}{name}".rstrip()


def _cells(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
