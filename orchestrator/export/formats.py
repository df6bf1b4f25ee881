"""The registry of export formats: what may stand behind `format:` of an `export:` entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Protocol, cast

from pydantic import BaseModel, ConfigDict

from orchestrator.export.folder import OutputFile
from orchestrator.stage import Artifact

MODULES: Mapping[str, str] = {"files": "orchestrator.export.plain_files"}
"""Format to the module that holds it as `FORMAT`; only the one that a recipe names is imported."""

NUMBER = "#"
"""Stands in an ending for a number that is known only once the artifact is made."""


class FormatOptions(BaseModel):
    """Base of a format's own keys beside `from`, `to`, `format`, `name`: frozen, strict, no others."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


@dataclass(frozen=True, slots=True)
class Piece:
    """An artifact to write.

    Attributes:
        stem: its file name without ending, relative to the entry's folder, with `/`.
        map: name of the map that it is; "" for a plain `from: STAGE`.
        coordinates: id by dimension.
        metadata: what a file may say of its origin.
    """

    stem: str
    artifact: Artifact
    map: str = ""
    coordinates: Mapping[str, str] = field(default_factory=dict[str, str])
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])


class Format(Protocol):
    """Turns artifacts into files. It reads artifacts and gives bytes; writing them is not its work."""

    @property
    def options(self) -> type[FormatOptions]:
        """The model of its own keys."""
        ...

    def endings(self, kind: type[Artifact]) -> tuple[str, ...]:
        """What follows the stem in each file of such an artifact, NUMBER in it; () where it takes none."""
        ...

    def files(self, pieces: Iterable[Piece], options: FormatOptions) -> Iterator[OutputFile]:
        """The files of all pieces of an entry, and those that it adds beside them."""
        ...


def format_names() -> tuple[str, ...]:
    """All formats, sorted."""
    return tuple(sorted(MODULES))


def format_of(name: str) -> Format | None:
    """The format of this name, imported now; None where there is none."""
    module = MODULES.get(name)
    return None if module is None else cast("Format", import_module(module).FORMAT)
