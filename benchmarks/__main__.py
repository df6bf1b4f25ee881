"""`make bench`: measures, prints, and writes RESULTS.md."""

from __future__ import annotations

import os
import platform
import statistics
import sys
from importlib.metadata import version
from pathlib import Path

from benchmarks.ideas import IDEAS
from benchmarks.left_open import RUNS, LeftOpen, left_open
from benchmarks.main_job import MainJob, main_job
from benchmarks.many_stages import STAGES, ManyStages, many_stages
from benchmarks.process import Figures
from benchmarks.start_up import PAIRS, StartUp, start_up
from benchmarks.writing_memory import measured as writing_memory
from tests import house

RESULTS = Path(__file__).parent / "RESULTS.md"
AT_LEAST_FASTER, AT_MOST_SLOWER, AT_MOST_MEMORY = 5.0, 1.25, 3 * 2**30
AT_MOST_YAML = 3.0
AT_MOST_WRITING = 60 * 2**20
HOUSE_BEFORE = {"recipe": (31, 129), "graph": (26, 61)}
WRITTEN_BEFORE = 543  # MB, at commit 0f3488d, where each decoded picture was kept


def main() -> int:
    """Exit code 1 when a figure misses what was promised."""
    start, many, job = start_up(), many_stages(), main_job()
    written, _ = writing_memory(300, 512, plain=False)
    left = left_open()
    parts = (
        _of_job(job), _of_start(start), _of_many(many), _of_memory(job), _of_writing(written), _of_left(left),
        _of_house(),
    )  # fmt: skip
    text = "\n".join([*_head(), *(line for part in parts for line in part), ""])
    RESULTS.write_text(text, encoding="utf-8")
    print(text)
    kept = (
        job.ratio >= AT_LEAST_FASTER,
        start.ratio <= AT_MOST_SLOWER,
        many.ratio <= AT_MOST_YAML,
        job.fresh.peak < AT_MOST_MEMORY,
        written <= AT_MOST_WRITING,
        (left.files, left.second_call) == (0, 0),
    )
    return 0 if all(kept) else 1


def _of_house() -> list[str]:
    graph = house.arrows()
    return [
        "",
        "## The house, as `python -m tests.house` counts it",
        "",
        "| | now | at commit 0f3488d |",
        "| --- | --- | --- |",
        *(_room(graph, room, before) for room, before in HOUSE_BEFORE.items()),
        f"| modules in the longest chain of imports | {len(house.longest_chain(graph))} | 27 |",
        "| lines of the package changed for a stage, a format, a look, a painter from outside | 0 | - |",
        "",
        "Promised: a third fewer arrows, a chain of at most 25 (`tests/test_house.py`). The packages from",
        "outside are under `examples/packages/`, installed and run by `tests/examples`.",
    ]


def _room(graph: house.Arrows, room: str, before: tuple[int, int]) -> str:
    modules, arrows = house.within(graph, f"orchestrator.{room}")
    what = f"`{room}/`: modules (a wing is one), arrows between them"
    return f"| {what} | {modules}, {arrows} | {before[0]}, {before[1]} |"


def _of_left(left: LeftOpen) -> list[str]:
    return [
        "",
        "## What a session keeps, and what it leaves",
        "",
        "| | now | at commit 0f3488d |",
        "| --- | --- | --- |",
        f"| files left open by {RUNS} runs that are kept | {left.files} | 100 |",
        f"| models loaded by the first call of a `pipeline(...)` | {left.first_call} | 2 |",
        f"| by the second | {left.second_call} | 2 |",
        "",
        "Promised: 0 files, and 0 models in the second call.",
    ]


def _of_writing(over: float) -> list[str]:
    return [
        "",
        "## 300 pictures of 0.75 MB written: resident memory over the start",
        "",
        "| | MB |",
        "| --- | --- |",
        f"| `Run.save`, all pictures in the store | {over / 2**20:.0f} |",
        f"| the same at commit 0f3488d | {WRITTEN_BEFORE} |",
        "",
        f"Promised: at most {AT_MOST_WRITING / 2**20:.0f} MB.",
        "`python -m benchmarks.writing_memory` also writes 30",
        "pictures of 5,600 x 5,600 pixels in one colour: 423 MB, where 4.2 GB were taken before.",
    ]


def _head() -> list[str]:
    libraries = ", ".join(f"{name} {version(name)}" for name in ("torch", "diffusers", "transformers"))
    return [
        "# Measurements",
        "",
        "Written by `make bench`; both sides of each comparison ran one after the other in the same call.",
        "",
        f"{_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}, {libraries}.",
    ]


def _of_job(job: MainJob) -> list[str]:
    return [
        "",
        f"## Main job: {len(IDEAS)} ideas, {job.steps} steps, empty store of results",
        "",
        "| | seconds | CPU seconds |",
        "| --- | --- | --- |",
        f"| newcomer's script (`newcomer.py`) | {_both(job.newcomer)} |",
        f"| the same script, told our {job.steps} steps | {_both(job.newcomer_with_our_steps)} |",
        f"| `orchestrator run` | {_both(job.ours)} |",
        f"| `orchestrator run`, `ORCHESTRATOR_DTYPE=float32` | {_both(job.single)} |",
        f"| the same again | {_both(job.again)} |",
        "",
        f"{job.ratio:.1f} times faster, {job.cpu_ratio:.1f} times in CPU time",
        f"(promised: {AT_LEAST_FASTER:g} times faster).",
        "",
        "The newcomer's script loads the models for each idea, lets the language model write up to 60 tokens",
        "of free text, and draws one picture a call, with the same weights and threads, in float32, which is",
        f"what diffusers takes unless told; our painter chose {job.precision} for this CPU. Both sides",
        "find the language model converted; the demo's first run in an empty store, conversion too, took",
        f"{job.fresh.wall:.1f} s.",
    ]


def _of_start(start: StartUp) -> list[str]:
    return [
        "",
        f"## Start: CPU seconds of a whole process, {PAIRS} interleaved pairs",
        "",
        "| | median | range |",
        "| --- | --- | --- |",
        f'| `python -c "import yaml, pydantic, click"` | {_spread(start.bare)} |',
        f"| `orchestrator validate pipelines/item-icons.yaml` | {_spread(start.validate)} |",
        "",
        f"Ratio: median {start.ratio:.2f}, range {min(start.ratios):.2f} to {max(start.ratios):.2f}",
        f"(promised: at most {AT_MOST_SLOWER:g}).",
    ]


def _of_many(many: ManyStages) -> list[str]:
    return [
        "",
        f"## A recipe of {STAGES} stages, {many.size:,} bytes: CPU seconds in one process",
        "",
        "| | median | range |",
        "| --- | --- | --- |",
        f"| `yaml.safe_load` | {_spread(many.yaml)} |",
        f"| `orchestrator.api.check` | {_spread(many.validate)} |",
        "",
        f"Ratio: median {many.ratio:.2f}, range {min(many.ratios):.2f} to {max(many.ratios):.2f}",
        f"(promised: at most {AT_MOST_YAML:g}).",
    ]


def _of_memory(job: MainJob) -> list[str]:
    return [
        "",
        "## Peak memory (resident)",
        "",
        "| | GiB |",
        "| --- | --- |",
        f"| the demo's run, 12 ideas | {job.fresh.peak / 2**30:.2f} |",
        f"| newcomer's script | {job.newcomer.peak / 2**30:.2f} |",
        "",
        f"Promised for the demo: below {AT_MOST_MEMORY / 2**30:g} GiB.",
    ]


def _both(figures: Figures) -> str:
    return f"{figures.wall:.1f} | {figures.cpu:.1f}"


def _spread(values: tuple[float, ...]) -> str:
    return f"{statistics.median(values):.3f} | {min(values):.3f} to {max(values):.3f}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(": ")[2] for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


if __name__ == "__main__":
    sys.exit(main())
