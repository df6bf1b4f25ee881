"""Streams: what is printed where, in which encoding and colour."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TextIO

import click

from orchestrator.cli.status import FAILED, WRONG
from orchestrator.errors.printable import printable

if TYPE_CHECKING:
    from orchestrator.errors import Diagnostic, OrchestratorError


_lost: list[str] = []


def prepare_streams() -> None:
    """Lets no stream end a run.

    One that is closed leads to nowhere: its number would go to the next file that is opened, the journal
    maybe. What a stream's encoding lacks is escaped (cp1252 has no 猫).
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if _is_closed(number):
            _open_nowhere(number)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False))  # noqa: SIM115 - by number, for the process's life
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str, *, err: bool = False, colour: bool = False) -> None:
    """Prints text; what is coloured has been made printable before.

    A reader that left early (`| head`) changes nothing about the command; that stdout is full is kept for
    `lost_output`, since the work is done all the same.
    """
    try:
        click.echo(text if colour else printable(text), err=err, color=colour)
    except OSError as error:
        if not (err or isinstance(error, BrokenPipeError)):
            _lost.append(error.strerror or type(error).__name__)
        _redirect_to_nowhere(sys.stderr if err else sys.stdout)


def lost_output() -> str:
    """Why stdout could not be written; "" where it could."""
    try:
        sys.stdout.flush()
    except OSError as error:
        if not isinstance(error, BrokenPipeError):
            _lost.append(error.strerror or type(error).__name__)
        _redirect_to_nowhere(sys.stdout)
    return _lost[0] if _lost else ""


class Enduring(io.TextIOBase):
    """A stream whose reader may leave: what cannot be written any more is left out."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream: TextIO | None = stream

    def write(self, text: str, /) -> int:
        """Writes, where somebody reads still."""
        self._attempt(lambda stream: stream.write(text))
        return len(text)

    def flush(self) -> None:
        """Flushes, where somebody reads still."""
        self._attempt(lambda stream: stream.flush())

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._stream is not None and self._stream.isatty()

    def _attempt(self, act: Callable[[TextIO], object]) -> None:
        if self._stream is None:
            return
        try:
            act(self._stream)
        except OSError:
            _redirect_to_nowhere(self._stream)
            self._stream = None


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
    with contextlib.suppress(OSError, ValueError):
        _open_nowhere(stream.fileno())


def _is_closed(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return True
    return False


def _open_nowhere(number: int) -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    if nowhere != number:
        os.dup2(nowhere, number)
        os.close(nowhere)
