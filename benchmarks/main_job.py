"""The main job of 16 ideas, against the newcomer's script; and the peak memory of both."""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import orchestrator
from benchmarks.ideas import IDEAS
from benchmarks.process import Figures, measured

RECIPE = "pipelines/item-icons.yaml"
PAINTER = Path(orchestrator.__file__).parent / "backends" / "embedded" / "painter"


@dataclass(frozen=True, slots=True)
class MainJob:
    """Figures of the demo in an empty store, of our run, of the same again, and of the newcomer's script."""

    steps: int
    fresh: Figures
    ours: Figures
    again: Figures
    newcomer: Figures
    newcomer_with_our_steps: Figures

    @property
    def ratio(self) -> float:
        """How many times longer the newcomer's script takes."""
        return self.newcomer.wall / self.ours.wall


def main_job() -> MainJob:
    """Runs both sides, one after the other, each as a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        fresh = _ours(base / "store-of-the-demo", base / "demo", ())
        store = base / "store"
        _ours(store, base / "one", ("plain stone",))
        ours = _ours(store, base / "ours", IDEAS)
        again = _ours(store, base / "ours", IDEAS)
        steps = _steps(base / "ours")
        (writer,) = (store / "models").glob("smollm2-*")
        newcomer = _newcomer(writer, base / "newcomer")
        with_our_steps = _newcomer(writer, base / "newcomer", str(steps))
    return MainJob(steps, fresh, ours, again, newcomer, with_our_steps)


def _newcomer(writer: Path, out: Path, *steps: str) -> Figures:
    command = [sys.executable, "-m", "benchmarks.newcomer", str(writer), str(PAINTER), str(out), *steps]
    return measured(command, {"OMP_WAIT_POLICY": "PASSIVE"})


def _ours(store: Path, out: Path, ideas: tuple[str, ...]) -> Figures:
    chosen = [word for idea in ideas for word in ("--idea", idea)]
    command = [sys.executable, "-m", "orchestrator.cli", "run", RECIPE, "--out", str(out), *chosen]
    return measured(command, {"ORCHESTRATOR_STORE": str(store)})


def _steps(out: Path) -> int:
    document = json.loads((out / "run.json").read_text(encoding="utf-8"))
    pictures = document["pictures"]
    return int(next(picture["made"]["settings"]["steps"] for picture in pictures if picture.get("made")))
