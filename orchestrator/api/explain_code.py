"""explain: the page of a finding, by its code."""

from __future__ import annotations

from orchestrator.errors import Diagnostic, InvalidInput, Span, did_you_mean
from orchestrator.errors.page import Page, page_of, titles


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
    near = did_you_mean(code, titles())
    return Diagnostic(
        code="E423",
        message=f"there is no finding {code!r}",
        span=Span.point("<command line>"),
        why="A finding's code stands in brackets behind its severity: error[E104].",
        help=f"did you mean `{near}`?" if near else "`orchestrator explain` lists all of them",
        fix=f"orchestrator explain {near}" if near else "",
    )
