"""Artifact types by the class name under which the journal knows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from orchestrator.stage import Artifact, Document, Picture


def artifact_types() -> Mapping[str, type[Artifact]]:
    """Every artifact class that is imported now; the first declared wins where a name stands twice."""
    found: dict[str, type[Artifact]] = {}
    for base in (Document, Picture):
        for kind in _below(base):
            found.setdefault(kind.__name__, kind)
    return found


def _below(base: type[Artifact]) -> Iterator[type[Artifact]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _below(kind)
