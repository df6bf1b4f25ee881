"""How long a recipe of 300 stages takes to validate, against PyYAML's own reading of the same bytes."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

STAGES = 300
PAIRS = 9


@dataclass(frozen=True, slots=True)
class ManyStages:
    """CPU seconds in this process, in pairs; `size` in bytes."""

    size: int
    yaml: tuple[float, ...]
    validate: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """Median of the ratios of the pairs."""
        return statistics.median(self.ratios)

    @property
    def ratios(self) -> list[float]:
        """One for each pair."""
        return [ours / theirs for ours, theirs in zip(self.validate, self.yaml, strict=True)]


def recipe_of(stages: int) -> str:
    """Expand, plan and render, then one stage after the other that takes the picture of the last, by name."""
    lines = [
        "recipe: 1",
        "name: many",
        "items:",
        "  idea: [fire sword, health potion, golden crown]",
        "  style: [flat, pixel]",
        "stages:",
        "  expand: {use: expand, with: {template: game-icon}}",
        "  plan: {use: plan, inputs: {prompt: expand}, with: {style: $item.style, steps: 12}}",
        "  s0: {use: render, inputs: {plan: plan}}",
    ]
    lines += [
        f"  s{at}: {{use: brightness, inputs: {{image: s{at - 1}}}, with: {{factor: 1.{at % 9}}}}}"
        for at in range(1, stages - 2)
    ]
    return "\n".join(lines) + "\n"


def many_stages() -> ManyStages:
    """Interleaved pairs, after one of each that imports what is needed."""
    import yaml

    from orchestrator.api import check

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "many.yaml"
        file.write_text(recipe_of(STAGES), encoding="utf-8")
        data = file.read_bytes()
        checked = check(file)
        if len(checked.graph.nodes) != STAGES:
            raise AssertionError(f"{len(checked.graph.nodes)} stages were read, not {STAGES}")
        pairs = [(_cpu(lambda: yaml.safe_load(data)), _cpu(lambda: check(file))) for _ in range(PAIRS)]
    theirs, ours = zip(*pairs, strict=True)
    return ManyStages(len(data), theirs, ours)


def _cpu(call: Callable[[], object]) -> float:
    began = time.process_time()
    call()
    return time.process_time() - began
