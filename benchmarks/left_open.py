"""What is left open, and what is loaded anew: 50 runs that are kept, and a generator that is called twice.

python -m benchmarks.left_open
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.writing_memory import STAGES
from orchestrator import Settings, pipeline, run
from orchestrator.stage import Description

RUNS = 50


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """Files open after the runs that were not before, and models that each call of a generator loaded."""

    files: int
    first_call: int
    second_call: int


def left_open() -> LeftOpen:
    """Measures in this process, with a store that is thrown away."""
    with tempfile.TemporaryDirectory() as name:
        return LeftOpen(_files(Path(name)), *_loads(Path(name)))


def _files(folder: Path) -> int:
    (folder / "stages.py").write_text(STAGES, encoding="utf-8")
    recipe = "recipe: 1\nname: r\nitems: {idea: [a, b]}\nstages: {draw: {use: bench.draw, with: {side: 8}}}\n"
    (folder / "r.yaml").write_text(recipe, encoding="utf-8")
    settings, stages = Settings(store=folder / "store"), [folder / "stages.py"]
    before = len(psutil.Process().open_files())
    runs = [run(folder / "r.yaml", stages_files=stages, settings=settings) for _ in range(RUNS)]
    shown = [done.pictures for done in runs]
    return len(psutil.Process().open_files()) - before if all(shown) else -1


def _loads(folder: Path) -> tuple[int, int]:
    """The embedded models; a load is counted where the loader is asked for one."""
    from orchestrator.backends.load import Loader

    loaded: list[Description] = []
    load = Loader.__call__

    def counted(loader: Loader, description: Description) -> object:
        loaded.append(description)
        return load(loader, description)

    Loader.__call__ = counted
    try:
        with pipeline(settings=Settings(store=folder / "models")) as generator:
            generator("fire sword", num_inference_steps=2)
            first = len(loaded)
            generator("health potion", num_inference_steps=2)
    finally:
        Loader.__call__ = load
    return first, len(loaded) - first


def main() -> None:
    """Prints the figures."""
    figures = left_open()
    print(f"{RUNS} runs leave {figures.files} files open")
    print(f"the first call loads {figures.first_call} models, the second {figures.second_call}")


if __name__ == "__main__":
    main()
