"""Limits on what a recipe may be, so that a hostile file ends in a finding within milliseconds."""

from __future__ import annotations

from typing import Final

from orchestrator.errors import Diagnostic, Span
from orchestrator.frozen import Frozen

WHY_CAPS: Final = (
    "Caps keep a hostile file from taking the machine; no recipe that a person wrote is near them."
)


class Caps(Frozen):
    """The operator's limits; a recipe cannot raise them.

    Attributes:
        bytes: size of the file.
        depth: lists and mappings inside one another, aliases followed.
        nodes: values and keys altogether, each alias counted as all that it stands for.
        aliases: `*name` in the file.
        scalar: characters of one text.
        idea: characters of one idea.
        variants: pictures of each item (`variant: N`).
        dimensions: members of `items:`.
        items: product of the dimensions.
        table: size of the csv, jsonl and wildcard files altogether.
        cells: values of all tables.
        members: records of one dimension.
        files: files that the patterns may match, altogether.
        choices: ideas that one idea with variant syntax may stand for.
        expanded: characters of all the ideas that variant syntax makes in one dimension.
        includes: recipes that are taken in, altogether.
        include_depth: recipes that take one another in.
        stages: stages altogether.
        exports: entries of `export:`.
    """

    bytes: int = 4 * 1024 * 1024
    depth: int = 32
    nodes: int = 50_000
    aliases: int = 200
    scalar: int = 200_000
    idea: int = 2_000
    variants: int = 1_000
    dimensions: int = 64
    items: int = 1_000_000
    table: int = 16 * 1024 * 1024
    cells: int = 50_000
    members: int = 50_000
    files: int = 10_000
    choices: int = 10_000
    expanded: int = 8_000_000
    includes: int = 64
    include_depth: int = 8
    stages: int = 1_000
    exports: int = 200


DEFAULT_CAPS = Caps()


def capped(
    cap: str,
    limit: int,
    what: str,
    span: Span,
    *,
    code: str = "E106",
    why: str = WHY_CAPS,
    help: str = "",  # noqa: A002 - the field's word
) -> Diagnostic:
    """A cap of Caps that is exceeded: its name, and how an operator raises it."""
    raised = f"the operator of the machine raises the cap by `caps.{cap} = NUMBER` in their config.toml"
    return Diagnostic(
        code,
        f"{what}; the cap `{cap}` is {limit:,}",
        span,
        why=why,
        help=f"{help}; {raised}" if help else raised,
    )
