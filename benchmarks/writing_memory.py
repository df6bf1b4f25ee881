"""What writing takes: 300 finished pictures of 0.75 MB, and 30 small files of 5,600 x 5,600 pixels.

    python -m benchmarks.writing_memory

Each is measured in a process of its own that finds all pictures in the store: resident memory at its highest,
over what it was when the writing began. The script runs on earlier versions too (PYTHONPATH).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Self

import psutil

STAGES = '''\
"""Pictures that a seed decides: noise, or one colour."""

from orchestrator.stage import Context, Field, Idea, Image, Params, stage


class Drawn(Params):
    """Draw."""

    side: int = Field(default=512, ge=1, le=8192)
    plain: bool = False


@stage("bench.draw", version=1, seeded=True)
def draw(idea: Idea, params: Drawn, ctx: Context) -> Image:
    import numpy as np
    from PIL import Image as PillowImage

    size = (params.side, params.side)
    if params.plain:
        return Image.of(PillowImage.new("RGB", size, tuple(ctx.seed >> shift & 255 for shift in (0, 8, 16))))
    noise = np.random.default_rng(ctx.seed).integers(0, 256, (*size, 3), dtype=np.uint8)
    return Image.of(PillowImage.fromarray(noise))
'''
CASES = {
    "300 pictures of 0.75 MB": (300, 512, False),
    "30 pictures of 5,600 x 5,600, one colour": (30, 5600, True),
}
MIB = 2**20


def main() -> None:
    """Prints a line for each case; `make bench` measures the first."""
    for name, (count, side, plain) in CASES.items():
        over, seconds = measured(count, side, plain=plain)
        print(f"{name}: +{over / MIB:.0f} MB over the start, {seconds:.1f} s")


def measured(count: int, side: int, *, plain: bool) -> tuple[float, float]:
    """Bytes over the start at the highest, and seconds, of writing that many pictures from the store."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "stages.py").write_text(STAGES, encoding="utf-8")
        ideas = ", ".join(f"idea {at}" for at in range(count))
        (folder / "r.yaml").write_text(
            f"recipe: 1\nname: r\nitems: {{idea: [{ideas}]}}\n"
            f"stages: {{draw: {{use: bench.draw, with: {{side: {side}, plain: {str(plain).lower()}}}}}}}\n",
            encoding="utf-8",
        )
        for verb in ("fill", "write"):
            line = [sys.executable, "-m", "benchmarks.writing_memory", verb, name]
            ended = subprocess.run(line, capture_output=True, text=True, check=True)
        over, seconds = json.loads(ended.stdout)
    return over, seconds


def fill_or_write(verb: str, folder: Path) -> None:
    """In the process that is measured."""
    import orchestrator

    settings = orchestrator.Settings(store=folder / "store")
    run = orchestrator.run(folder / "r.yaml", stages_files=[folder / "stages.py"], settings=settings)
    if verb == "write":
        with Highest() as highest:
            started = time.perf_counter()
            run.save(folder / "out")
            seconds = time.perf_counter() - started
        print(json.dumps([highest.over, seconds]))


class Highest:
    """Watches the resident memory of this process while it is entered."""

    def __enter__(self) -> Self:
        self._process, self._ended = psutil.Process(), threading.Event()
        self._start = self._most = self._process.memory_info().rss
        self._watcher = threading.Thread(target=self._watch)
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._watcher.join()

    @property
    def over(self) -> int:
        """Bytes over the start."""
        return self._most - self._start

    def _watch(self) -> None:
        while not self._ended.wait(0.005):
            self._most = max(self._most, self._process.memory_info().rss)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        fill_or_write(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
