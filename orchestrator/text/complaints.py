"""What a YAML parser complains of, said for somebody who writes recipes."""

from __future__ import annotations

import re
from typing import Final

import yaml

from orchestrator.errors import Diagnostic, Label, Span
from orchestrator.errors.phrases import shown
from orchestrator.frozen import Frozen

_VARIANTS: Final = re.compile(r"""(?:[^\s\[,:"'][^\[,:"']*)?\{[^{}:"']*\|[^{}"']*\}[^\],"']*""")
_LOOKED_AT: Final = 200  # characters of a line; the search is quadratic
_RESERVED: Final = frozenset("@`%|>")


class _Complaint(Frozen):
    message: str
    help: str = ""
    fix: str = ""
    context: str = ""


def not_yaml(error: yaml.YAMLError, text: str, file: str) -> Diagnostic:
    """E103 where the parser stopped."""
    lines = text.splitlines() or [""]
    mark = getattr(error, "problem_mark", None)
    row, column = (mark.line, mark.column) if mark else (0, 0)
    row, column = _last_character(lines) if row >= len(lines) else (row, column)
    complaint = _complaint(error, lines, row, column)
    return Diagnostic(
        "E103",
        complaint.message,
        Span.point(file, row + 1, column + 1),
        why="The file is not YAML from here on, so nothing after this place was read.",
        help=complaint.help,
        fix=complaint.fix,
        labels=_context(error, complaint, file, (row, column)),
    )


def _last_character(lines: list[str]) -> tuple[int, int]:
    return len(lines) - 1, max(0, len(lines[-1]) - 1)


def _context(
    error: yaml.YAMLError, complaint: _Complaint, file: str, at: tuple[int, int]
) -> tuple[Label, ...]:
    mark = getattr(error, "context_mark", None)
    if mark is None or not complaint.context or (mark.line, mark.column) == at:
        return ()
    return (Label(Span.point(file, mark.line + 1, mark.column + 1), complaint.context),)


def _complaint(error: yaml.YAMLError, lines: list[str], row: int, column: int) -> _Complaint:
    line = lines[row]
    character = line[column : column + 1]
    context, problem = getattr(error, "context", None) or "", getattr(error, "problem", None) or ""
    return (
        _tab(line, character)
        or _variants(lines, row)
        or _quote_or_bracket(context, problem)
        or _first_character(character, problem)
        or _layout(context, problem, line)
    )


def _tab(line: str, character: str) -> _Complaint | None:
    indent = line[: len(line) - len(line.lstrip())]
    if character != "\t" and "\t" not in indent:
        return None
    return _Complaint(
        "a tab stands where YAML wants blanks",
        "indent with blanks, two for each level",
        "  " * max(1, min(indent.count("\t"), 8)) + shown(line, 80),
    )


def _variants(lines: list[str], row: int) -> _Complaint | None:
    for line in (lines[row], lines[row - 1] if row else ""):
        if found := _VARIANTS.search(line[:_LOOKED_AT]):
            return _Complaint(
                "words in braces must stand in quotes",
                "`{` opens a mapping in YAML; put the whole text in quotes",
                f'"{shown(found.group().removeprefix("- "), 80)}"',
            )
    return None


def _quote_or_bracket(context: str, problem: str) -> _Complaint | None:
    if "quoted scalar" in context and "end of" in problem:
        return _Complaint(
            "a quote is never closed", "close it on the same line", context="the quote that opens the text"
        )
    if "quoted scalar" in context:
        return _Complaint(
            "a backslash in double quotes that means nothing",
            "write `\\\\` for a backslash, or use single quotes, in which a backslash is one",
        )
    if "flow" in context:
        bracket, closing = ("{", "}") if "mapping" in context else ("[", "]")
        return _Complaint(
            f"`,` or `{closing}` is missing",
            f"close the `{bracket}`, or part the values by commas; quote a text that has a bracket in it",
            context=f"the `{bracket}` that is open",
        )
    return None


def _first_character(character: str, problem: str) -> _Complaint | None:
    if "cannot start any token" in problem or (character and character in _RESERVED):
        return _Complaint(f"a text cannot begin with `{character}`", "put the text in quotes")
    if "alias" in problem or "anchor" in problem or "alphabetic or numeric" in problem:
        return _Complaint(
            "`*` and `&` at the start of a text mean something else in YAML", "put the text in quotes"
        )
    return None


def _layout(context: str, problem: str, line: str) -> _Complaint:
    if "mapping values are not allowed" in problem:
        return _Complaint(
            "a second `:` in one line, or a line that is indented by mistake",
            "put a text that has `: ` in it in quotes, or give each key a line of its own",
        )
    if "':'" in problem:
        return _Complaint(
            "a line that is no `key: value`", "write `key: value`, with a blank after the colon"
        )
    if "block" in context or "<document start>" in problem:
        return _Complaint(
            "this line does not fit the lines above it",
            "start it in the column of its neighbours; quote a text that begins with a quote or a bracket"
            if line.strip()
            else "start it in the column of its neighbours",
            context="the block that it should belong to",
        )
    return _Complaint(
        f"the file is not YAML: {problem or 'the parser gives no reason'}", "see yaml.org/spec/1.2.2"
    )
