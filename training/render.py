"""Renders the layers of all nouns with many processes into the run's layers.npy.

`rendered` marks that they are there.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from pathlib import Path

import numpy as np

from training.drawings import LAYERS, layers, nouns
from training.easel import Easel
from training.settings import RUN, SIZE, say, spent
from training.vocabulary import NOUNS


def _work(folder: Path, part: int, parts: int) -> None:
    if hasattr(os, "nice"):
        os.nice(5)
    pictures = np.lib.format.open_memmap(folder / "layers.npy", mode="r+")
    tones = np.lib.format.open_memmap(folder / "tones.npy", mode="r+")
    for k in range(part, len(NOUNS), parts):
        pictures[k], tones[k, 1:] = layers(nouns()[NOUNS[k]])
        tones[k, 0] = 1


def make(folder: Path = RUN, processes: int = 1) -> None:
    """Renders all nouns, unless they are there."""
    if (folder / "rendered").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    count = len(NOUNS)
    shapes = (("layers", (count, LAYERS, SIZE, SIZE), np.uint8), ("tones", (count, 7), np.float32))
    for name, shape, kind in shapes:
        np.lib.format.open_memmap(folder / f"{name}.npy", mode="w+", dtype=kind, shape=shape)
    if processes <= 1:
        _work(folder, 0, 1)
    else:
        context = multiprocessing.get_context("spawn")
        workers = [context.Process(target=_work, args=(folder, k, processes)) for k in range(processes)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    lacking = [NOUNS[k] for k in np.where(np.load(folder / "tones.npy")[:, 0] == 0)[0]]
    if lacking:
        raise SystemExit(f"not rendered: {', '.join(lacking[:20])}")
    (folder / "rendered").touch()
    say("rendered", count, "nouns with", processes, "processes")


def easel(folder: Path = RUN, patience: float = 0.0) -> Easel:
    """The easel with all nouns; waits up to `patience` seconds for another process that renders them."""
    begun = time.time()
    while not (folder / "rendered").exists():
        if time.time() - begun > patience:
            if patience:
                raise TimeoutError(f"the drawings were not rendered in time ({spent():.0f} s)")
            make(folder)
        time.sleep(0.2)
    return Easel(np.load(folder / "layers.npy", mmap_mode="r"), np.load(folder / "tones.npy")[:, 1:])


if __name__ == "__main__":
    import sys

    make(processes=int(sys.argv[1]))
