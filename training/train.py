"""Makes all embedded models anew, in order: `python -m training.train`.

It takes hours; a stopped run goes on where it stopped: each step ends with a mark in the run's folder, and a
trainer goes on from its checkpoint.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import torch

from training import autoencoder, bank, clip, decoder, judge, pack, text_tower, unet
from training.settings import JUDGE, ROOT, RUN

Step = tuple[str, Callable[[Path], object]]

STEPS: tuple[Step, ...] = (
    ("text tower", lambda run: text_tower.make(run, 3000)),
    ("autoencoder", lambda run: autoencoder.make(run, 8000)),
    ("bank", lambda run: bank.make(run, range(48))),
    ("judge", lambda _: judge.make(JUDGE, 2400, 10000)),
    ("unet", lambda run: unet.make(run, 6000, ROOT / "training" / "curve.csv")),
    ("decoder", lambda run: decoder.make(run, 6000)),
    ("clip", lambda run: clip.make(run, 5000, 12000)),
    ("pack", pack.make),
)


def main(run: Path, threads: int) -> None:
    """Does the steps that have no mark yet."""
    torch.set_num_threads(threads)
    run.mkdir(parents=True, exist_ok=True)
    for name, make in STEPS:
        mark = run / f"{name.replace(' ', '-')}.done"
        if mark.exists():
            print(name, "is done;", f"remove {mark} to do it again")
            continue
        make(run)
        mark.touch()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, default=RUN, help="folder of checkpoints")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    main(given.run, given.threads)
