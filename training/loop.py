"""The loop that all trainers share: seeded steps, a schedule, an average of the weights, checkpoints.

Every step seeds torch from the job's seed and its own number, so a resumed run gives the numbers of an
uninterrupted one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import nn


class DivergedError(RuntimeError):
    """The loss is no finite number any more; the last good checkpoint is kept."""


@dataclass
class Job:
    """A training: `loss(step)` gives the loss of a step; the rate falls in the last `decay` of the steps."""

    name: str
    model: nn.Module
    loss: Callable[[int], torch.Tensor]
    steps: int
    folder: Path
    rate: float = 1e-3
    warmup: int = 100
    decay: float = 0.3
    average: float = 0.999
    weight_decay: float = 0.0
    betas: tuple[float, float] = (0.9, 0.99)
    seed: int = 1
    every_s: float = 600.0
    watch: Callable[[int, nn.Module], None] | None = None
    curve: list[tuple[int, float]] = field(default_factory=list)

    def rate_at(self, step: int) -> float:
        """Warm-up, a plateau, a straight fall to 0."""
        fall = (self.steps - step) / max(1.0, self.decay * self.steps)
        return self.rate * min(1.0, (step + 1) / self.warmup, fall)


class Average:
    """Moving average of the trained weights, slower as the steps go on."""

    def __init__(self, parameters: list[nn.Parameter], limit: float) -> None:
        self.parameters, self.limit = parameters, limit
        self.values = [p.detach().clone() for p in parameters]

    def update(self, step: int) -> None:
        """Takes the weights of this step in."""
        keep = min(self.limit, (step + 1) / (step + 10))
        torch._foreach_lerp_(self.values, [p.detach() for p in self.parameters], 1 - keep)

    def swap(self) -> None:
        """Exchanges weights and average; twice is none."""
        for parameter, value in zip(self.parameters, self.values, strict=True):
            mine = parameter.data.clone()
            parameter.data.copy_(value)
            value.copy_(mine)


class Run:
    """The state of a job: optimizer, average, the step that comes next."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.parameters = [p for p in job.model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(
            self.parameters, job.rate, betas=job.betas, weight_decay=job.weight_decay, fused=True
        )
        self.average = Average(self.parameters, job.average)
        self.step = 0
        self.file = job.folder / f"{job.name}.pt"

    def save(self) -> None:
        """Writes the checkpoint in one move, so that a stop leaves the old or the new one."""
        state = {
            "model": self.job.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "average": self.average.values,
            "step": self.step,
            "curve": self.job.curve,
        }
        self.file.parent.mkdir(parents=True, exist_ok=True)
        part = self.file.with_suffix(".part")
        torch.save(state, part)
        part.replace(self.file)

    def load(self) -> None:
        """Goes on from the checkpoint, if there is one."""
        if not self.file.exists():
            return
        state: dict[str, Any] = torch.load(self.file, weights_only=True)
        self.job.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        torch._foreach_copy_(self.average.values, state["average"])
        self.step = state["step"]
        self.job.curve[:] = [tuple(point) for point in state["curve"]]

    def advance(self) -> float:
        """One step; the loss."""
        job = self.job
        torch.manual_seed(job.seed * 1_000_003 + self.step)
        for group in self.optimizer.param_groups:
            group["lr"] = job.rate_at(self.step)
        loss = job.loss(self.step)
        value = float(loss.detach())
        if not torch.isfinite(loss):
            raise DivergedError(
                f"{job.name}: loss {value} at step {self.step}; the last good checkpoint is {self.file}"
            )
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        self.average.update(self.step)
        self.step += 1
        return value


def train(job: Job, stop_at: int | None = None) -> nn.Module:
    """Runs or resumes a job; returns its model in evaluation mode with averaged weights."""
    run = Run(job)
    run.load()
    losses: list[float] = []
    saved = start = time.monotonic()
    while run.step < min(job.steps, stop_at or job.steps):
        losses.append(run.advance())
        if run.step % 100 == 0:
            job.curve.append((run.step, sum(losses) / len(losses)))
            print(
                f"{job.name} {run.step}/{job.steps} {job.curve[-1][1]:.5f} {time.monotonic() - start:.0f}s",
                flush=True,
            )
            losses = []
        if time.monotonic() - saved > job.every_s:
            _checkpoint(run)
            saved = time.monotonic()
    run.save()
    run.average.swap()
    return job.model.eval()


def _checkpoint(run: Run) -> None:
    """Saves, and lets the watcher look at the averaged weights."""
    run.save()
    if run.job.watch is None:
        return
    run.average.swap()
    run.job.model.eval()
    with torch.no_grad():
        run.job.watch(run.step, run.job.model)
    run.job.model.train()
    run.average.swap()
