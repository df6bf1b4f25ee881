"""Findings as SARIF 2.1.0 (OASIS), which code scanning and editors read. The rules are the pages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote

from orchestrator.errors.diagnostic import Diagnostic, Edit, Label, Span
from orchestrator.errors.page import page_of

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_Record: TypeAlias = dict[str, object]


def as_sarif(findings: Iterable[Diagnostic]) -> str:
    """One SARIF log with one run."""
    found = list(findings)
    codes = sorted({finding.code for finding in found})
    driver = {"name": "orchestrator", "version": _version(), "rules": [_rule(code) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, codes) for finding in found],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _version() -> str:
    try:
        return version("orchestrator")
    except PackageNotFoundError:
        return "0"


def _rule(code: str) -> _Record:
    page = page_of(code)
    level = {"defaultConfiguration": {"level": "warning" if code.startswith("W") else "error"}}
    if page is None:
        return {"id": code, **level}
    return {
        "id": code,
        "shortDescription": {"text": page.title},
        "fullDescription": {"text": page.summary},
        "help": {"text": page.text, "markdown": page.text},
        **level,
    }


def _result(finding: Diagnostic, codes: Sequence[str]) -> _Record:
    result: _Record = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": finding.severity,
        "message": {"text": _message(finding)},
    }
    if finding.span is not None:
        result["locations"] = [_location(finding.span)]
    if finding.labels:
        result["relatedLocations"] = [_related(number, label) for number, label in enumerate(finding.labels)]
    if finding.edits:
        result["fixes"] = [_fix(finding)]
    return result


def _fix(finding: Diagnostic) -> _Record:
    """One fix, all of whose replacements belong together; a file each."""
    files = dict.fromkeys(edit.span.file for edit in finding.edits)
    changes = [
        {
            "artifactLocation": {"uri": _uri(file)},
            "replacements": [_replacement(edit) for edit in finding.edits if edit.span.file == file],
        }
        for file in files
    ]
    return {"description": {"text": finding.help or finding.fix}, "artifactChanges": changes}


def _replacement(edit: Edit) -> _Record:
    return {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}


def _message(finding: Diagnostic) -> str:
    said = [f"{finding.message}.", finding.why]
    said += [f"Help: {finding.help}"] if finding.help else []
    said += [f"Fix:\n{finding.fix}"] if finding.fix else []
    return "\n".join(part for part in said if part)


def _related(number: int, label: Label) -> _Record:
    return {"id": number, **_location(label.span), "message": {"text": label.text}}


def _location(span: Span) -> _Record:
    """A place in a file; the command line and Python have none, they are named as logical places."""
    if span.file.startswith("<"):
        return {"logicalLocations": [{"name": span.file.strip("<>")}]}
    return {
        "physicalLocation": {"artifactLocation": {"uri": _uri(span.file)}, "region": _region(span)}
    }


def _region(span: Span) -> _Record:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _uri(file: str) -> str:
    """A relative path counts from where the command ran; an absolute one is a file: URI."""
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
