"""What reads wrong is set aside as unknown, so that nothing which hangs on it is complained of as well."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from orchestrator.errors import Span
from orchestrator.errors.collector import Findings
from orchestrator.recipe.names import is_name, name_like
from orchestrator.text import Entry, Node


def is_broken(node: Node, findings: Findings) -> bool:
    """Whether something within a value has a finding."""
    return any(
        finding.span is not None and _holds(node.span, finding.span) for finding in findings.all()
    )


def unread(
    section: str, entries: Mapping[str, Entry], read: Collection[str], findings: Findings
) -> frozenset[str]:
    """The parts of a section that were not read or read wrong, as `models.painter`.

    One that cannot be called so counts under the name that it is told to take, too.
    """
    if not len(findings):
        return frozenset()
    broken = (name for name, entry in entries.items() if name not in read or is_broken(entry.node, findings))
    names = (each for name in broken for each in (name, "" if is_name(name) else name_like(name)) if each)
    return frozenset(f"{section}.{name}" for name in names)


def as_meant(
    entries: Mapping[str, Entry], meant: Callable[[str, Entry], str | None]
) -> Mapping[str, Entry]:
    """The entries, each misspelt key as the one that its finding proposes, unless that one is there too."""
    read: dict[str, Entry] = {}
    for key, entry in entries.items():
        found = meant(key, entry)
        read[found if found is not None and found not in entries and found not in read else key] = entry
    return read


def _holds(outer: Span, inner: Span) -> bool:
    return (
        outer.file == inner.file
        and (outer.line, outer.column) <= (inner.line, inner.column)
        and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)
    )
