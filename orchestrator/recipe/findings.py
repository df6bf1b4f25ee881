"""Findings that more than one part of the recipe's reader tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from orchestrator.errors import Edit, Findings, Span, unknown
from orchestrator.errors.edits import respelt, unwrapped
from orchestrator.errors.phrases import listed, shown
from orchestrator.errors.unknown import NAME
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
        edits=respelt(name, span, near) if near else (),
    )


def unknown_key(findings: Findings, key: str, span: Span, place: str, valid: Sequence[str]) -> None:
    """E111: a key that means nothing at its place."""
    if findings.full:
        return
    found = unknown(
        "E111",
        f"unknown key `{shown(key)}` in {place}",
        key,
        span,
        valid,
        why="A key that means nothing is most often a misspelt one, so it is not passed over.",
        pasted=f"{NAME}:",
        otherwise=f"keys that are known here: {listed(valid)}",
    )
    findings.add(found)


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
    edits: tuple[Edit, ...] = (),
) -> None:
    """E114: a list where a mapping belongs, and the like."""
    what = f"{place} is {wanted}, not {kind_of(node)}"
    findings.error("E114", what, node.span, help=help, fix=fix, edits=edits)


def missing_key(
    findings: Findings,
    key: str,
    place: str,
    span: Span,
    *,
    why: str = "",
    fix: str = "",
    edits: tuple[Edit, ...] = (),
) -> None:
    """E113: a key that must be there."""
    what, help_ = f"{place} has no `{key}:`", f"add `{key}:`"
    findings.error("E113", what, span, why=why, help=help_, fix=fix, edits=edits)


def only_member(node: Node) -> Node | None:
    """The scalar that stands alone in a list, for somebody who put brackets round it."""
    if isinstance(node.value, tuple) and len(node.value) == 1:
        (member,) = node.value
        return None if member.value is None or isinstance(member.value, (tuple, Mapping)) else member
    return None


def out_of_brackets(node: Node, wanted: type | tuple[type, ...] = str) -> tuple[Edit, ...]:
    """The only member of a list in the list's place, where it is of a wanted type."""
    member = only_member(node)
    if member is None or not isinstance(member.value, wanted) or isinstance(member.value, bool):
        return ()
    return unwrapped(node.span, member.span)


def as_number(node: Node) -> tuple[Edit, ...]:
    """The whole number that a text in quotes or a list of one holds."""
    if isinstance(node.value, str) and node.value.isascii() and node.value.isdigit():
        return (Edit(node.span, str(int(node.value))),)
    return out_of_brackets(node, int)


def is_in_table(span: Span) -> bool:
    """Whether a place is in a csv, where nothing can be pasted that is written for YAML."""
    return span.file.lower().endswith(".csv")
