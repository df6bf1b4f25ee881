"""How long `orchestrator validate` takes, against an interpreter that imports what it stands on."""

from __future__ import annotations

import statistics
import sys
from dataclasses import dataclass

from benchmarks.process import measured

PAIRS = 15
BARE = (sys.executable, "-c", "import yaml, pydantic, click")
VALIDATE = (sys.executable, "-m", "orchestrator.cli", "validate", "pipelines/item-icons.yaml")


@dataclass(frozen=True, slots=True)
class StartUp:
    """CPU seconds of each process, in pairs."""

    bare: tuple[float, ...]
    validate: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """Median of the ratios of the pairs."""
        return statistics.median(self.ratios)

    @property
    def ratios(self) -> list[float]:
        """One for each pair."""
        return [ours / bare for ours, bare in zip(self.validate, self.bare, strict=True)]


def start_up() -> StartUp:
    """Interleaved pairs, after one of each that warms the caches. CPU time, for others share the machine."""
    measured(BARE)
    measured(VALIDATE)
    pairs = [(measured(BARE).cpu, measured(VALIDATE).cpu) for _ in range(PAIRS)]
    bare, validate = zip(*pairs, strict=True)
    return StartUp(bare, validate)
