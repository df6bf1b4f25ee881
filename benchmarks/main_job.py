"""The main job of 16 ideas, against the newcomer's script; and the peak memory of both."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orchestrator
from benchmarks.ideas import IDEAS
from benchmarks.process import Figures, measured

RECIPE = "pipelines/item-icons.yaml"
PAINTER = Path(orchestrator.__file__).parent / "backends" / "embedded" / "painter"


@dataclass(frozen=True, slots=True)
class MainJob:
    """Figures of the demo in an empty store, of our run, of the same again, and of the newcomer's script.

    `precision` is what our painter chose; `single` is our run told to draw in the script's, float32.
    """

    steps: int
    precision: str
    fresh: Figures
    ours: Figures
    single: Figures
    again: Figures
    newcomer: Figures
    newcomer_with_our_steps: Figures

    @property
    def ratio(self) -> float:
        """How many times longer the newcomer's script takes."""
        return self.newcomer.wall / self.ours.wall

    @property
    def cpu_ratio(self) -> float:
        """How many times more CPU time it takes; other work on the machine hardly moves it."""
        return self.newcomer.cpu / self.ours.cpu


def main_job() -> MainJob:
    """Runs both sides, one after the other, each as a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        fresh = _ours(base / "store-of-the-demo", base / "demo", ())
        store, second = base / "store", base / "store-of-float32"
        _ours(store, base / "one", ("plain bucket",))
        shutil.copytree(store, second)
        ours = _ours(store, base / "ours", IDEAS)
        single = _ours(second, base / "single", IDEAS, {"ORCHESTRATOR_DTYPE": "float32"})
        again = _ours(store, base / "ours", IDEAS)
        picture = _picture(base / "ours")
        steps, precision = picture["made"]["settings"]["steps"], picture["environment"]["dtype"]
        (writer,) = (store / "models").glob("smollm2-*")
        newcomer = _newcomer(writer, base / "newcomer")
        with_our_steps = _newcomer(writer, base / "newcomer", str(steps))
    return MainJob(steps, precision, fresh, ours, single, again, newcomer, with_our_steps)


def _newcomer(writer: Path, out: Path, *steps: str) -> Figures:
    command = [sys.executable, "-m", "benchmarks.newcomer", str(writer), str(PAINTER), str(out), *steps]
    return measured(command, {"OMP_WAIT_POLICY": "PASSIVE"})


def _ours(store: Path, out: Path, ideas: tuple[str, ...], more: Mapping[str, str] | None = None) -> Figures:
    chosen = [word for idea in ideas for word in ("--idea", idea)]
    command = [sys.executable, "-m", "orchestrator.cli", "run", RECIPE, "--out", str(out), *chosen]
    return measured(command, {"ORCHESTRATOR_STORE": str(store), **(more or {})})


def _picture(out: Path) -> dict[str, Any]:
    """The first drawn picture, as run.json has it."""
    document = json.loads((out / "run.json").read_text(encoding="utf-8"))
    return next(picture for picture in document["pictures"] if picture.get("made"))
