"""Findings that more than one part of the recipe's reader tells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from orchestrator.errors import Span
from orchestrator.errors.collector import Findings
from orchestrator.errors.phrases import listed, near, shown
from orchestrator.recipe.names import name_like
from orchestrator.text import Node, kind_of

NOT_YET_WHY: Final = (
    "It belongs to the recipe language, and this version does not read it yet; "
    "to pass over it would draw something else than the recipe says."
)


def not_a_name(findings: Findings, what: str, name: str, span: Span) -> None:
    """E115: names become parts of references, so they are plain words."""
    near = name_like(name)
    findings.error(
        "E115",
        f"`{shown(name)}` cannot be the name of {what}",
        span,
        why="Names are lower-case ASCII letters, digits and `_`, a letter first, at most 64: they stand in "
        "references (`$item.style`) and in `--set`.",
        help=f"call it `{near}`" if near else "choose such a name",
        fix=near,
    )


def unknown_key(findings: Findings, key: str, span: Span, place: str, valid: Sequence[str]) -> None:
    """E111: a key that means nothing at its place."""
    if findings.full:
        return
    meant = near(key, valid)
    findings.error(
        "E111",
        f"unknown key `{shown(key)}` in {place}",
        span,
        why="A key that means nothing is most often a misspelt one, so it is not passed over.",
        help=f"did you mean `{meant}`?" if meant else f"keys that are known here: {listed(valid)}",
        fix=f"{meant}:" if meant else "",
    )


def not_yet(findings: Findings, what: str, span: Span) -> None:
    """E112: a part of the language that a later version reads."""
    findings.error("E112", f"{what} is not built yet", span, why=NOT_YET_WHY, help="take it out for now")


def wrong_kind(
    findings: Findings,
    node: Node,
    place: str,
    wanted: str,
    *,
    help: str = "",  # noqa: A002 - the field's word
    fix: str = "",
) -> None:
    """E114: a list where a mapping belongs, and the like."""
    findings.error("E114", f"{place} is {wanted}, not {kind_of(node)}", node.span, help=help, fix=fix)


def missing_key(
    findings: Findings, key: str, place: str, span: Span, *, why: str = "", fix: str = ""
) -> None:
    """E113: a key that must be there."""
    findings.error("E113", f"{place} has no `{key}:`", span, why=why, help=f"add `{key}:`", fix=fix)


def is_in_table(span: Span) -> bool:
    """Whether a place is in a csv, where nothing can be pasted that is written for YAML."""
    return span.file.lower().endswith(".csv")
