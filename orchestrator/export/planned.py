"""An entry of the `export:` block, once checked: its folder, its format, and the stages that it writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from orchestrator.export.names import MAP, STAGE, Pattern
from orchestrator.format import AnyFormat, FormatOptions
from orchestrator.recipe.model import ExportEntry


@dataclass(frozen=True, slots=True)
class Source:
    """A stage whose items an entry writes, as which map, under which pattern."""

    stage: str
    map: str
    pattern: Pattern

    def stem(self, coordinates: Mapping[str, str]) -> str:
        """The name of an item's file, without ending."""
        return self.pattern.filled({**coordinates, MAP: self.map, STAGE: self.stage})


@dataclass(frozen=True, slots=True)
class PlannedExport:
    """An entry ready to be written."""

    entry: ExportEntry
    folder: Path
    format: AnyFormat
    options: FormatOptions
    sources: tuple[Source, ...] = field(default=())
