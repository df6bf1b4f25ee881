"""explain: the page of a finding, by its code."""

from __future__ import annotations

from orchestrator.errors import Diagnostic, InvalidInput, Span, unknown
from orchestrator.errors.page import Page, page_of, titles
from orchestrator.errors.unknown import NAME


def explain(code: str) -> Page:
    """The page of a code; letters in any case.

    Raises:
        InvalidInput: there is no finding of this code (E423).
    """
    page = page_of(code.strip().upper())
    if page is None:
        raise InvalidInput([_unknown(code)])
    return page


def explained() -> dict[str, str]:
    """The title of each finding's page, by code."""
    return dict(titles())


def _unknown(code: str) -> Diagnostic:
    return unknown(
        "E423",
        f"there is no finding {code!r}",
        code,
        Span.point("<command line>"),
        titles(),
        why="A finding's code stands in brackets behind its severity: error[E104].",
        pasted=f"orchestrator explain {NAME}",
        otherwise="`orchestrator explain` lists all of them",
    )
