"""A name that is not known at its place, and the one that was meant."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

from orchestrator.errors.diagnostic import Diagnostic, Label, Severity, Topic
from orchestrator.errors.edits import respelt
from orchestrator.errors.span import Span
from orchestrator.errors.suggest import Near, nearest

_LONGEST_NAME: Final = 64
_COMPARED: Final = 2_000
NAME: Final = "{}"
"""Stands for the name in `form` and `pasted`."""


def near_to(word: str, valid: Iterable[str]) -> Near | None:
    """The nearest name; a word longer than any name is not compared, nor very many, as that takes long."""
    return nearest(word, islice(valid, _COMPARED)) if len(word) <= _LONGEST_NAME else None


def unknown(  # noqa: PLR0913 - the parts of one finding
    code: str,
    message: str,
    given: str,
    span: Span,
    valid: Iterable[str],
    *,
    why: str = "",
    form: str = NAME,
    pasted: str = "",
    written: str | None = None,
    otherwise: str = "name one of them",
    otherwise_fix: str = "",
    labels: tuple[Label, ...] = (),
    severity: Severity = "error",
    topic: Topic | None = None,
) -> Diagnostic:
    """The finding, with the name that was meant as help and fix, and as an edit where that is clear.

    Args:
        code: of the finding.
        message: what is wrong.
        given: the name that nobody knows.
        span: where it stands.
        valid: the names that are known there.
        why: the names that there are.
        form: how a name is written at the place, `{}` standing for it (`$vars.{}`).
        pasted: as what it is shown to be pasted, where that is more than `form` (`{}:` of a key).
        written: what stands at `span`, where that is not `given` in its form.
        otherwise: help where no name is near.
        otherwise_fix: the fix there.
        labels: further places.
        severity: error or warning.
        topic: for who handles findings of one kind apart.
    """
    found = near_to(given, valid)
    if found is None:
        return Diagnostic(
            code, message, span, why=why, help=otherwise, fix=otherwise_fix, labels=labels,
            severity=severity, topic=topic,
        )  # fmt: skip
    meant = form.replace(NAME, found.name)
    here = form.replace(NAME, given) if written is None else written
    return Diagnostic(
        code,
        message,
        span,
        why=why,
        help=f"did you mean `{meant}`?",
        fix=(pasted or form).replace(NAME, found.name),
        labels=labels,
        severity=severity,
        edits=respelt(here, span, meant) if found.clear else (),
        topic=topic,
    )
