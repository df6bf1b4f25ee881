"""What a person does with a finding: pastes its fix, or the words of its help, where it points."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator.errors import Diagnostic, Span


def pasted(text: str, finding: Diagnostic) -> Iterator[str]:
    """The recipe after each way to paste: over the place, over the entry or the line, beside it, below it."""
    if finding.span is None:
        return
    for snippet in _snippets(finding):
        yield from _ways(text, finding.span, snippet)
    yield from _moved(text, finding)
    if finding.help.startswith("take ") and " out" in finding.help:
        yield from _taken_out(text, finding.span)


def _snippets(finding: Diagnostic) -> Iterator[str]:
    """The fix, its alternatives, and what stands in backticks in the help."""
    if finding.fix:
        yield finding.fix
        if "\n" in finding.fix:
            yield from (line.strip() for line in finding.fix.splitlines())
    yield from re.findall(r"`([^`]+)`", finding.help)


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


def _moved(text: str, finding: Diagnostic) -> Iterator[str]:
    """`move A: above B:` done."""
    found = re.search(r"move `([\w.]+):?` above `([\w.]+):?`", finding.help)
    if found is None:
        return
    lines = text.splitlines(keepends=True)
    moved, before = (_block(lines, name) for name in found.groups())
    if moved and before:
        block = [lines[at] for at in moved]
        rest = [(at, line) for at, line in enumerate(lines) if at not in moved]
        yield "".join(
            "".join(block) + line if at == before.start else line for at, line in rest
        )


def _block(lines: list[str], name: str) -> range | None:
    start = next((at for at, line in enumerate(lines) if re.match(rf"\s+{re.escape(name)}:", line)), None)
    if start is None:
        return None
    indent = _indent(lines[start])
    end = start + 1
    while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) > indent):
        end += 1
    return range(start, end)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _taken_out(text: str, span: Span) -> Iterator[str]:
    """Without the line of the place; without the entry of a flow mapping, or the one around it."""
    lines = text.splitlines(keepends=True)
    line = lines[span.line - 1]
    above, below = "".join(lines[: span.line - 1]), "".join(lines[span.line :])
    yield above + below
    for entry in re.finditer(r"(,\s*)?[\w$.-]+:\s*(\{[^{}]*\}|\[[^\[\]]*\]|[^,{}\[\]\n]+)", line):
        if entry.start() <= span.column - 1 < entry.end():
            yield above + line[: entry.start()] + line[entry.end() :] + below


def _indented(snippet: str, indent: str) -> str:
    return "".join(f"{indent}{line}\n" for line in snippet.splitlines())


def _offset(lines: list[str], line: int, column: int) -> int:
    return sum(len(above) for above in lines[: line - 1]) + column - 1
