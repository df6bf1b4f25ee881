"""`__colour__`: the lines of `wildcards/colour.txt` beside the recipe."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from orchestrator.errors import Diagnostic, Span
from orchestrator.errors.phrases import shown
from orchestrator.recipe.files import below, why_refused
from orchestrator.recipe.reach import Reach
from orchestrator.text import capped

_FOLDER: Final = "wildcards"
_REMARK: Final = re.compile(r"(?:^|\s)#(?:\s.*|$)|^\s*#.*")
"""`red # warm`; `sword #2` is no remark."""


class Wildcards:
    """Reads each file once for one idea; `open` are those that are being read, to find cycles."""

    def __init__(self, reach: Reach, span: Span) -> None:
        self._reach, self._span = reach, span
        self._read: dict[str, Sequence[str] | None] = {}
        self._open: list[str] = []
        self._count = 0

    @staticmethod
    def file(name: str) -> str:
        """Where the lines of a wildcard stand."""
        return f"{_FOLDER}/{name}.txt"

    def lines(self, name: str) -> Sequence[str] | None:
        """The options; None where there are none, with a finding. `done` follows."""
        if name in self._open:
            self._error(
                f"the wildcard `__{name}__` stands inside itself",
                "It would have no end.",
                f"take `__{name}__` out of `{self.file(self._open[-1])}`",
            )
            self._open.append(name)
            return None
        self._open.append(name)
        if name not in self._read:
            self._read[name] = self._from_file(name)
        found = self._read[name]
        self._count += len(found or ())
        if self._count > self._reach.caps.choices:
            caps = self._reach.caps
            what = "the wildcards of the idea have too many lines"
            self._reach.findings.add(capped("choices", caps.choices, what, self._span))
            return None
        return found

    def done(self, name: str) -> None:
        """The options of a wildcard are read to their ends."""
        if self._open and self._open[-1] == name:
            self._open.pop()

    def _from_file(self, name: str) -> Sequence[str] | None:
        file = self.file(name)
        if refused := why_refused(file):
            self._reach.outside(file, refused, self._span)
            return None
        if self._reach.files is None:
            self._reach.no_files(file, self._span)
            return None
        read = self._reach.text(below(self._reach.folder, file), self._span)
        if read is None:
            return None
        lines = [_REMARK.sub("", line).strip() for line in read[1].splitlines()]
        options = [line for line in lines if line]
        if not options:
            self._error(
                f"`{file}` has no line to choose from",
                "A wildcard stands for each line of its file.",
                "write an option on each line",
            )
            return None
        self._tell_doubles(read[0], read[1], options)
        return list(dict.fromkeys(options))

    def _tell_doubles(self, file: str, text: str, options: Sequence[str]) -> None:
        """A line that stands twice counts once, as one of 25 wildcard files has it."""
        doubles = [line for line, times in Counter(options).items() if times > 1]
        if not doubles:
            return
        at = max(
            n for n, line in enumerate(text.splitlines(), 1) if _REMARK.sub("", line).strip() == doubles[0]
        )
        more = f", and {len(doubles) - 1} others" if len(doubles) > 1 else ""
        self._reach.remarks.append(
            Diagnostic(
                "W607",
                f"`{self._reach.shown(file)}` has the line `{shown(doubles[0])}` twice{more}",
                Span.point(file, at),
                why="A wildcard stands for each different line of its file.",
                help="take the second one out",
                severity="warning",
            )
        )

    def _error(self, what: str, why: str, help_: str) -> None:
        self._reach.findings.error("E161", what, self._span, why=why, help=help_)
