"""The CUDA path of the project, measured: `python -m benchmarks.gpu [--out FILE]`, or `make gpu`.

On a machine without a CUDA device it says so and compares the CPU's own number types, so that the script
itself is proved there. It prints one JSON object, and a page in Markdown into `--out`. Under five minutes
on one card.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

import orchestrator
from orchestrator.backends.llm.scripted import ScriptedWriter

ROOT = Path(__file__).resolve().parent.parent
PAINTER = ROOT / "orchestrator" / "backends" / "embedded" / "painter"
NOUNS = ("sword", "potion", "shield", "crown", "key", "gem", "apple", "dragon")
CUDA = torch.cuda.is_available()
TYPES = [("cuda", "float32"), ("cuda", "float16"), ("cuda", "bfloat16")] if CUDA else [("cpu", "bfloat16")]
PROMPT = "flat style icon of a red sword, white background"

Table = dict[str, Any]


def ideas(count: int) -> list[str]:
    """`count` ideas of a colour and a noun."""
    return [f"{colour} {noun}" for colour in ("red", "blue", "green", "gold") for noun in NOUNS][:count]


def drawn(device: str, dtype: str, count: int) -> tuple[list[np.ndarray], float]:
    """The pictures as float arrays, drawn into a store of their own, and the seconds that it took."""
    store = tempfile.mkdtemp()
    os.environ |= {"ORCHESTRATOR_DEVICE": device, "ORCHESTRATOR_DTYPE": dtype, "ORCHESTRATOR_STORE": store}
    start = time.perf_counter()
    recipe = ROOT / "pipelines" / "item-icons.yaml"
    run = orchestrator.run(recipe, items={"idea": ideas(count)}, models={"writer": ScriptedWriter()})
    taken = time.perf_counter() - start
    return [np.asarray(picture.convert("RGB"), float) for picture in run.pictures], taken


def gap(reference: list[np.ndarray], pictures: list[np.ndarray]) -> Table:
    """Mean difference, of 255, and the share of pixels off by more than 16: of all.

    And in the worst picture.
    """
    gaps = [np.abs(one - other) for one, other in zip(reference, pictures, strict=True)]
    off = [100 * float((each.max(-1) > 16).mean()) for each in gaps]
    return {
        "mean difference": round(float(np.mean([each.mean() for each in gaps])), 3),
        "pixels off, %": round(float(np.mean(off)), 2),
        "worst picture, %": round(max(off), 2),
    }


def engine(count: int) -> Table:
    """Each type against the CPU's float32, through expand, plan and render.

    Whether a second run gives the same bytes.
    """
    reference, seconds = drawn("cpu", "float32", count)
    table: Table = {"cpu float32": {"pictures": len(reference), "seconds": round(seconds, 2)}}
    for device, dtype in TYPES:
        first, _ = drawn(device, dtype, count)
        again, seconds = drawn(device, dtype, count)
        same = all(bool((one == other).all()) for one, other in zip(first, again, strict=True))
        table[f"{device} {dtype}"] = {
            "seconds": round(seconds, 2),
            "same bytes twice": same,
            **gap(reference, first),
        }
    return table


def _pipeline(dtype: torch.dtype) -> Any:
    from diffusers import StableDiffusionPipeline

    made = StableDiffusionPipeline.from_pretrained(PAINTER, torch_dtype=dtype, safety_checker=None)
    made.set_progress_bar_config(disable=True)
    return made


def _paint(pipe: Any, size: int) -> np.ndarray:
    seeds = [torch.Generator().manual_seed(k) for k in range(size)]
    card = json.loads((PAINTER / "card.json").read_text(encoding="utf-8"))
    return pipe(
        [PROMPT] * size,
        width=256,
        height=256,
        num_inference_steps=card["steps"],
        generator=seeds,
        output_type="np",
        guidance_scale=card["guidance_scale"],
    ).images


def bare(batches: Sequence[int] = (1, 8, 32, 128)) -> Table:
    """Pictures a second of the bare diffusers pipeline, by type and batch."""
    table: Table = {}
    for dtype in (torch.float32, torch.float16):
        pipe = _pipeline(dtype).to("cuda")
        for size in batches:
            _paint(pipe, size)
            torch.cuda.synchronize()
            start = time.perf_counter()
            _paint(pipe, size)
            torch.cuda.synchronize()
            name = str(dtype).removeprefix("torch.")
            table[f"{name}, batch {size}"] = f"{size / (time.perf_counter() - start):.1f} pictures/s"
    return table


def offloads() -> Table:
    """Model and sequential offload against none, float32: the greatest difference of a pixel, from 0 to 1."""
    plain = _paint(_pipeline(torch.float32).to("cuda"), 2)
    table: Table = {}
    for name in ("enable_model_cpu_offload", "enable_sequential_cpu_offload"):
        pipe = _pipeline(torch.float32)
        getattr(pipe, name)()
        table[name] = float(np.abs(_paint(pipe, 2) - plain).max())
    return table


def tests(seconds: float) -> Table:
    """The tests of the painters' backend, with the device named to them."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "--no-header",
        "-p",
        "no:cacheprovider",
        "tests/backends/diffusion",
    ]
    environment = os.environ | {
        "ORCHESTRATOR_DEVICE": "cuda",
        "ORCHESTRATOR_DTYPE": "float32",
        "PYTHONPATH": str(ROOT),
    }
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return {"tests/backends/diffusion": f"not done within {seconds:.0f} s"}
    return {"tests/backends/diffusion": done.stdout.strip().splitlines()[-3:]}


def tried(make: Callable[[], Table]) -> Table:
    """One part that fails must not hide the others."""
    try:
        return make()
    except Exception as error:  # noqa: BLE001 - whatever goes wrong on a card is a finding
        return {"error": f"{type(error).__name__}: {error}"[:400]}


def measured(count: int, test_seconds: float) -> Table:
    """All of it."""
    from diffusers import __version__ as diffusers

    card = torch.cuda.get_device_name(0) if CUDA else "none: there is no CUDA device on this machine"
    table: Table = {
        "card": card, "torch": torch.__version__, "diffusers": diffusers, "python": platform.python_version(),
        "painter": json.loads((PAINTER / "card.json").read_text(encoding="utf-8"))["name"],
    }  # fmt: skip
    if CUDA:
        table["bare pipeline"], table["offload"] = tried(bare), tried(offloads)
    table["engine"] = tried(lambda: engine(count))
    if CUDA and test_seconds:
        table["tests"] = tried(lambda: tests(test_seconds))
    return table


def page(table: Table) -> str:
    """The figures as Markdown."""
    lines = ["# The CUDA path", "", "Printed by `make gpu` (`python -m benchmarks.gpu`).", ""]
    lines += [f"- {name}: {value}" for name, value in table.items() if not isinstance(value, dict)]
    for name, rows in table.items():
        if isinstance(rows, dict):
            lines += ["", f"## {name[:1].upper()}{name[1:]}", "", "| | |", "|---|---|"]
            lines += [f"| {key} | {_cell(value)} |" for key, value in rows.items()]
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {figure}" for name, figure in value.items())
    return str(value)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--ideas", type=int, default=32 if CUDA else 4, help="how many pictures are compared")
    parser.add_argument(
        "--tests", type=float, default=120.0, help="seconds for the tests of the backend; 0: none"
    )
    parser.add_argument("--out", type=Path, help="where the page is written")
    given = parser.parse_args()
    figures = measured(given.ideas, given.tests)
    print(json.dumps(figures, indent=1))
    if given.out:
        given.out.write_text(page(figures), encoding="utf-8")
