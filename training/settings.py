"""Where things lie, and the sizes that all trainers share.

`ORCHESTRATOR_TRAINING_TINY=1` shrinks them, for a proof.
"""

from __future__ import annotations

import os
import time
from functools import cache
from pathlib import Path

import torch

TINY = bool(os.environ.get("ORCHESTRATOR_TRAINING_TINY"))

CACHE = Path(os.environ.get("ORCHESTRATOR_TRAINING", Path.home() / ".cache" / "orchestrator-training"))
"""Downloads, banks and checkpoints; never inside the repository."""

RUN = CACHE / os.environ.get("ORCHESTRATOR_TRAINING_RUN", "run")
"""The folder of one training: its checkpoints and what comes of them."""

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
EMBEDDED = ROOT / "orchestrator" / "backends" / "embedded"
PAINTER, CLIP, JUDGE = EMBEDDED / "painter", EMBEDDED / "clip", HERE / "judge"

START = float(os.environ.get("ORCHESTRATOR_TRAINING_BEGAN", time.time()))
"""When the command began, in seconds; the processes of one training share it."""

DEVICE = torch.device(
    os.environ.get("ORCHESTRATOR_TRAINING_DEVICE", "cuda" if torch.cuda.is_available() else "cpu")
)
BF16 = torch.bfloat16

FORMAT = torch.channels_last if DEVICE.type == "cuda" else torch.contiguous_format
"""How pictures lie in memory: on a CPU the plain way is the faster one."""

SIZE, FACTOR = 256, 16
"""Side of a picture in pixels, and how many pixels of a side go into one latent cell."""

LATENT = SIZE // FACTOR
"""Side of a latent in cells."""

CHANNELS = 12
"""Latent channels."""

CELLS, PALETTE = 32, 24
"""Cells along a side of a pixel picture, and its most colours."""

TOKENS = 48
"""Length of a tokenised caption, with its start and end marks."""

TEXT_WIDTH, TEXT_LAYERS, TEXT_HEADS, TEXT_INNER = 192, 4, 6, 512
VAE_WIDTHS = (16, 32, 64, 96, 128)
UNET_WIDTHS = (128, 160, 256)
SIDE, VISION_WIDTH, VISION_LAYERS, VISION_HEADS, VISION_INNER, PATCH, PROJECTION = 56, 192, 4, 6, 512, 8, 128
if TINY:
    VAE_WIDTHS, UNET_WIDTHS = (8, 8, 16, 16, 16), (32, 32, 64)
    TEXT_WIDTH, TEXT_LAYERS, TEXT_HEADS, TEXT_INNER = 48, 1, 2, 64
    VISION_WIDTH, VISION_LAYERS, VISION_HEADS, VISION_INNER = 48, 1, 2, 64


def sized(full: int, tiny: int) -> int:
    """A size, or a tiny one in the proof."""
    return tiny if TINY else full


def spent() -> float:
    """Seconds since the command began."""
    return time.time() - START


def say(*what: object) -> None:
    """Prints with the time since the command began."""
    print(f"[{spent():6.1f}s]", *what, flush=True)


@cache
def half() -> bool:
    """Whether the device multiplies in bf16; a CPU that only imitates it takes seventeen times as long."""
    if DEVICE.type == "cuda":
        return True
    known: dict[str, bool] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(known.get("amx_bf16") or known.get("avx512_bf16"))


def narrow() -> torch.dtype:
    """The number type of what the nets pass on to one another."""
    return BF16 if half() else torch.float32


def autocast(*, cached: bool = True) -> torch.autocast:
    """bf16 where the device has it."""
    return torch.autocast(DEVICE.type, BF16, cache_enabled=cached, enabled=half())


def sync() -> None:
    """Waits for the device."""
    if DEVICE.type == "cuda":
        torch.cuda.synchronize()


def tuned(threads: int = 1) -> None:
    """Fast matrix settings; as many CPU threads as told."""
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.backends.cudnn.allow_tf32 = True
    torch.backends.cudnn.benchmark = True
    torch.set_num_threads(threads)
