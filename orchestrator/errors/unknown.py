"""A name that is not known at its place, and the one that was meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from orchestrator.errors.diagnostic import Diagnostic, Edit, Label, Severity, Span, Topic
from orchestrator.errors.edits import respelt
from orchestrator.errors.suggest import near_to

NAME: Final = "{}"
"""Stands for the name in `form` and `pasted`."""


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

    `form` is how a name is written at the place, `{}` standing for it (`$vars.{}`); `pasted` as what it is
    shown to be pasted, where that is more (`{}:` of a key); `written` what stands at `span`, where that is
    not `given` in its form. Without a name near, `otherwise` is the help and `otherwise_fix` the fix.
    """
    found, help_, fix, edits = near_to(given, valid), otherwise, otherwise_fix, tuple[Edit, ...]()
    if found is not None:
        meant = form.replace(NAME, found.name)
        help_, fix = f"did you mean `{meant}`?", (pasted or form).replace(NAME, found.name)
        here = form.replace(NAME, given) if written is None else written
        edits = respelt(here, span, meant) if found.clear else ()
    return Diagnostic(code, message, span, why, help_, fix, labels, severity, edits, topic)
