"""Fills a run's `start/` from shipped folders, so that its trainings go on from them.

`python -m training.start [FOLDER]`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from training.settings import EMBEDDED, RUN, say
from training.weights import start_file

Weights = dict[str, torch.Tensor]


def _text(embedded: Path) -> Weights:
    found = load_file(embedded / "painter" / "text_encoder" / "model.safetensors")
    return {k.removeprefix("text_model."): v for k, v in found.items() if not k.endswith("position_ids")}


def _diffusers(embedded: Path, part: str) -> Weights:
    return load_file(embedded / "painter" / part / "diffusion_pytorch_model.safetensors")


def _clip(embedded: Path) -> Weights:
    found = load_file(embedded / "clip" / "model.safetensors")
    return {
        k: v for k, v in found.items() if not k.startswith("text_model.") and not k.endswith("position_ids")
    }


def main(run: Path = RUN, embedded: Path = EMBEDDED) -> None:
    """Writes text, vae, unet and clip."""
    made = {
        "text": _text(embedded), "vae": _diffusers(embedded, "vae"), "unet": _diffusers(embedded, "unet"),
        "clip": _clip(embedded),
    }  # fmt: skip
    for name, state in made.items():
        file = start_file(name, run)
        file.parent.mkdir(parents=True, exist_ok=True)
        save_file({k: v.contiguous() for k, v in state.items()}, file)
        say(file, sum(v.numel() for v in state.values()), "weights")


if __name__ == "__main__":
    main(RUN, Path(sys.argv[1]) if len(sys.argv) > 1 else EMBEDDED)
