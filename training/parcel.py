"""A run's weights in one file, cut into parts that may travel, and put together again.

`python -m training.parcel send|take`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from safetensors.torch import load, load_file, save, save_file

from training.settings import RUN, say

PART = 15_000_000
NAMES = ("text", "vae", "vae-decoder", "vae-critic", "unet", "clip", "material-judge")
_DECODER = ("decoder.", "post_quant_conv.")


def send(run: Path, to: Path) -> None:
    """Writes what the run has as `to`/weights.00, .01, ….

    Of further decoders only what differs from the autoencoder.
    """
    state: dict[str, torch.Tensor] = {}
    for name in NAMES:
        file = run / f"{name}.safetensors"
        if file.exists():
            found = load_file(file).items()
            if name.startswith("vae-"):
                found = [(k, v) for k, v in found if k.startswith(_DECODER)]
            state |= {f"{name}:{k}": v for k, v in found}
    data = save(state)
    to.mkdir(parents=True, exist_ok=True)
    for old in to.glob("weights.*"):
        old.unlink()
    for k in range(0, len(data), PART):
        (to / f"weights.{k // PART:02d}").write_bytes(data[k : k + PART])
    say("sent", sorted({key.partition(":")[0] for key in state}), len(data), "bytes")


def take(parts: Path, run: Path) -> None:
    """Writes the run's files from the parts."""
    models: dict[str, dict[str, torch.Tensor]] = {}
    for key, value in load(b"".join(file.read_bytes() for file in sorted(parts.glob("weights.*")))).items():
        name, _, rest = key.partition(":")
        models.setdefault(name, {})[rest] = value
    run.mkdir(parents=True, exist_ok=True)
    for name, state in models.items():
        whole = models["vae"] | state if name.startswith("vae-") else state
        save_file(whole, run / f"{name}.safetensors")
        say(name, len(whole), "tensors")


if __name__ == "__main__":
    way, folder = sys.argv[1], Path(sys.argv[2])
    send(RUN, folder) if way == "send" else take(folder, RUN)
