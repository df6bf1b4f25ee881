"""The packed painter in process: prompts and seeds to pictures, with the card's settings."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import StableDiffusionPipeline

from training.settings import PAINTER, SIZE

PROMPT = "flat style icon of a red sword, white background"


class Painter:
    """The pipeline of a folder in single precision."""

    def __init__(self, folder: Path = PAINTER) -> None:
        self.card: dict[str, Any] = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        self.pipeline = StableDiffusionPipeline.from_pretrained(
            folder, torch_dtype=torch.float32, safety_checker=None
        )
        self.pipeline.set_progress_bar_config(disable=True)

    def draw(
        self, prompts: list[str], seeds: list[int], steps: int = 0, guidance: float = 0.0
    ) -> torch.Tensor:
        """uint8 N × 256 × 256 × 3; one generator a picture. 0 takes the card's setting."""
        made = self.pipeline(
            prompts, width=SIZE, height=SIZE, output_type="np",
            num_inference_steps=steps or self.card["steps"],
            guidance_scale=guidance or self.card["guidance_scale"],
            generator=[torch.Generator().manual_seed(seed) for seed in seeds],
        ).images  # fmt: skip
        return torch.from_numpy((made * 255).round().astype(np.uint8))

    def draw_all(self, prompts: list[str], seeds: list[int], batch: int = 8, steps: int = 0) -> torch.Tensor:
        """The same for many prompts."""
        spans = range(0, len(prompts), batch)
        return torch.cat([self.draw(prompts[k : k + batch], seeds[k : k + batch], steps) for k in spans])

    def seconds(self) -> float:
        """Time of a single picture."""
        start = time.perf_counter()
        self.draw([PROMPT], [1])
        return time.perf_counter() - start


def pairs(one: Painter, other: Painter, threads: int = 2, times: int = 7) -> tuple[float, float, float]:
    """Median seconds of a picture by each, taken in turn, and the median of the quotients one / other."""
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    taken = [(one.seconds(), other.seconds()) for _ in range(times + 1)][1:]
    torch.set_num_threads(before)
    mine, theirs, quotients = zip(*((a, b, a / b) for a, b in taken), strict=True)
    return tuple(sorted(values)[len(values) // 2] for values in (mine, theirs, quotients))  # type: ignore[return-value]
