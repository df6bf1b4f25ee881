"""Streams: what is printed where, in which encoding and colour."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from orchestrator.cli.status import FAILED, WRONG

if TYPE_CHECKING:
    from orchestrator.errors import Diagnostic, OrchestratorError


def prepare_streams() -> None:
    """Lets no character end a run: what the stream's encoding lacks is escaped (cp1252 has no 猫)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str, *, err: bool = False, colour: bool = False) -> None:
    """Prints text. A reader that left early (`| head`) changes nothing about the command."""
    try:
        click.echo(text, err=err, color=colour)
    except BrokenPipeError:
        _redirect_to_nowhere(sys.stderr if err else sys.stdout)


def say_findings(
    findings: Iterable[Diagnostic], sources: Mapping[str, str], *, form: str = "full", err: bool = True
) -> None:
    """Prints findings as `full`, `concise`, `json`, `github` or `sarif`."""
    from orchestrator.errors.render import as_json, concise, full

    found = list(findings)
    if form in {"json", "sarif"}:
        say_json(as_json(found) if form == "json" else _sarif(found), err=err)
    elif found and form == "github":
        say(_github(found), err=err)
    elif found:
        colour = has_colour(sys.stderr if err else sys.stdout)
        text = concise(found) if form == "concise" else full(found, sources, colour=colour)
        say(text, err=err, colour=colour)


def _sarif(findings: Iterable[Diagnostic]) -> str:
    from orchestrator.errors.sarif import as_sarif

    return as_sarif(findings)


def _github(findings: Iterable[Diagnostic]) -> str:
    from orchestrator.errors.github import as_github

    return as_github(findings)


def say_json(text: str, *, err: bool = False) -> None:
    """Prints JSON; escaped where the stream's encoding is not Unicode, for a parser must read it."""
    encoding = (getattr(sys.stderr if err else sys.stdout, "encoding", "") or "").lower()
    say(text if encoding.startswith("utf") else _ascii(text), err=err)


def show_error(error: OrchestratorError, *, form: str = "full") -> int:
    """Prints an error of the package and gives its exit code."""
    from orchestrator.errors import InvalidInput, ModelUnavailable

    if isinstance(error, InvalidInput):
        say_findings(error.findings, error.sources, form=form)
        return WRONG
    if isinstance(error, ModelUnavailable):
        say_findings([error.finding], {}, form=form)
        return FAILED
    say(f"error: {error}", err=True)
    return FAILED


def has_colour(stream: TextIO) -> bool:
    """Colour on a terminal that can show it, unless NO_COLOR says otherwise (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _ascii(json_text: str) -> str:
    import json

    return json.dumps(json.loads(json_text), ensure_ascii=True, indent=2)


def _redirect_to_nowhere(stream: TextIO) -> None:
    """So that the flush at exit does not fail once more."""
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())
