"""Weights between the trainings of a run, and those from which a training goes on."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from training.settings import RUN, TINY, say


def written(model: nn.Module, file: Path) -> None:
    """Writes the weights in half precision, in one move."""
    state = {
        k: (v.half() if v.is_floating_point() else v).detach().cpu().contiguous()
        for k, v in model.state_dict().items()
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    save_file(state, file.with_suffix(".part"))
    file.with_suffix(".part").replace(file)


def read(file: Path) -> dict[str, torch.Tensor]:
    """The weights of a file in single precision."""
    return {k: (v.float() if v.is_floating_point() else v) for k, v in load_file(file).items()}


def start_file(name: str, run: Path = RUN) -> Path:
    """Where the weights lie from which the training of `name` goes on."""
    return run / ("start-tiny" if TINY else "start") / f"{name}.safetensors"


def begun(name: str, model: nn.Module, run: Path = RUN) -> bool:
    """Loads the earlier weights of `name`, as far as there are any and they fit; whether all did."""
    file = start_file(name, run)
    if not file.exists():
        return False
    found, wanted = read(file), model.state_dict()
    fits = {k: v for k, v in found.items() if k in wanted and wanted[k].shape == v.shape}
    model.load_state_dict(wanted | fits)
    lacking = sorted(wanted.keys() - fits.keys())
    say(name, "goes on from earlier weights", f"but for {lacking[:6]}" if lacking else "")
    return not lacking
