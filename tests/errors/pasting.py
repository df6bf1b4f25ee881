"""What a person does with a fix that no machine can apply: pastes it where the finding points."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator.errors import Diagnostic, Span
from orchestrator.errors.edits import applied


def pasted(text: str, finding: Diagnostic) -> Iterator[str]:
    """The recipe after each way to paste: over the place, over the entry or the line, beside it, below it."""
    if finding.span is None:
        return
    if finding.edits:
        yield applied(text, finding.edits)
    for snippet in _snippets(finding):
        yield from _ways(text, finding.span, snippet)


def _snippets(finding: Diagnostic) -> Iterator[str]:
    """The fix, and each of its alternatives."""
    yield finding.fix
    if "\n" in finding.fix:
        yield from (line.strip() for line in finding.fix.splitlines())


def _ways(text: str, span: Span, snippet: str) -> Iterator[str]:
    lines = text.splitlines(keepends=True)
    if not 0 < span.line <= len(lines):
        return
    start, end = _offset(lines, span.line, span.column), _offset(lines, span.end_line, span.end_column)
    yield text[:start] + snippet + text[end:]
    line = lines[span.line - 1]
    indent = line[: len(line) - len(line.lstrip())]
    above, below = "".join(lines[: span.line - 1]), "".join(lines[span.line :])
    yield from _over_entry(text, lines, span, snippet)
    yield above + _indented(snippet, indent) + below
    yield above + _indented(snippet, indent) + line + below
    yield above + line + _indented(snippet, indent) + below
    yield above + line + _indented(snippet, indent + "  ") + below
    if "\n" in snippet:
        yield text.rstrip("\n") + "\n" + snippet + "\n"
    yield from _in_flow(above, line, below, snippet)


def _over_entry(text: str, lines: list[str], span: Span, snippet: str) -> Iterator[str]:
    """`key: value` pasted over the entry whose key or value the finding points at."""
    key = snippet.partition(":")[0]
    line = lines[span.line - 1]
    start = _offset(lines, span.line, 1)
    for value in (r"\[[^\[\]]*\]|\"[^\"]*\"|[^,{}\[\]\n]+", r"\{[^{}]*\}"):
        for found in re.finditer(rf"([\w$.-]+):\s*({value})", line):
            if found.start() <= span.column - 1 < found.end() or found[1] == key:
                yield text[: start + found.start()] + snippet + text[start + found.end() :]


def _in_flow(above: str, line: str, below: str, snippet: str) -> Iterator[str]:
    for opened in re.finditer(r"\{", line):
        yield above + line[: opened.end()] + snippet + ", " + line[opened.end() :] + below
    closing = line.rfind("}")
    if closing >= 0:
        yield above + line[:closing] + ", " + snippet + line[closing:] + below


def _indented(snippet: str, indent: str) -> str:
    return "".join(f"{indent}{line}\n" for line in snippet.splitlines())


def _offset(lines: list[str], line: int, column: int) -> int:
    return sum(len(above) for above in lines[: line - 1]) + column - 1
