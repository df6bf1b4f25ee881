"""YAML resources: plain data by the reader of recipes, so that `no` and `on` stay words; all with places."""

from __future__ import annotations

from typing import Final

from orchestrator.errors import Diagnostic, InvalidInput
from orchestrator.library.source import MOST_BYTES, Source
from orchestrator.text import Caps, Node, read_tree

_CAPS: Final = Caps(bytes=MOST_BYTES, nodes=1_000_000, aliases=0)
"""A table of 26,000 words is read within half a second; its size is what the library reads of a file."""


def read_plain(source: Source) -> Node:
    """The data of a YAML resource, every key with its place.

    Raises:
        InvalidInput: with all that its YAML has wrong (E411).
    """
    tree = read_tree(source.text, source.file, _CAPS, "table")
    if tree.findings:
        raise InvalidInput([_told(source, each) for each in tree.findings], {source.file: source.text})
    if tree.root is None:
        raise source.refuse("E412", f"`{source.name}` is empty", help="each line is `key: value`")
    return tree.root


def _told(source: Source, finding: Diagnostic) -> Diagnostic:
    return Diagnostic(
        "E411",
        f"`{source.name}` is no plain YAML: {finding.message}",
        finding.span,
        why="Tables of the library are plain data: no tags, no aliases, no key twice.",
        help=finding.help or "mend the line",
        fix=finding.fix,
        labels=finding.labels,
        edits=finding.edits,
    )
