"""The loop that all trainers share: a batch, a loss, a step; bounded by steps or by the clock, and resumable.

On a CUDA device the step is captured once as a graph and replayed, since these nets are so small that a
step's thousand launches cost more than its arithmetic. A batch is made outside of the graph.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from training.settings import DEVICE, TINY, say, sync

Tensors = tuple[torch.Tensor, ...]
_WARM = 5
"""Steps that run plainly before the capture."""


class DivergedError(RuntimeError):
    """The loss is no finite number any more; the last good checkpoint is kept."""


@dataclass
class Job:
    """A training.

    `batch(step)` gives tensors of fixed shapes, `loss` a scalar of them, without waiting for the device. It
    ends after `steps` steps or `seconds`, whichever comes first; the rate falls in the last `decay` of
    them.
    """

    name: str
    model: nn.Module
    batch: Callable[[int], Tensors]
    loss: Callable[..., torch.Tensor]
    folder: Path
    steps: int = 10**9
    seconds: float = 1e9
    rate: float = 1e-3
    warmup: int = 100
    decay: float = 0.6
    average: float = 0.999
    weight_decay: float = 0.01
    betas: tuple[float, float] = (0.9, 0.99)
    seed: int = 1
    every_s: float = 600.0
    graphed: bool = not os.environ.get("ORCHESTRATOR_TRAINING_PLAIN")
    watch: Callable[[int, nn.Module], None] | None = None


class Average:
    """Moving average of the trained weights, slower as the steps go on."""

    def __init__(self, parameters: list[nn.Parameter], limit: float) -> None:
        self.parameters, self.limit = parameters, limit
        self.values = [p.detach().clone() for p in parameters]

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Takes the weights of this step in."""
        keep = min(self.limit, (step + 1) / (step + 10))
        torch._foreach_lerp_(self.values, [p.detach() for p in self.parameters], 1 - keep)

    @torch.no_grad()
    def swap(self) -> None:
        """Exchanges weights and average; twice is none."""
        for parameter, value in zip(self.parameters, self.values, strict=True):
            mine = parameter.data.clone()
            parameter.data.copy_(value)
            value.copy_(mine)


class Run:
    """The state of a job: optimizer, average, the step that comes next, the time that it has taken."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.parameters = [p for p in job.model.parameters() if p.requires_grad]
        self.cuda = self.parameters[0].is_cuda
        wide = [p for p in self.parameters if p.ndim > 1]
        thin = [p for p in self.parameters if p.ndim <= 1]
        rate = torch.tensor(job.rate, device=DEVICE) if self.cuda else job.rate
        groups = [{"params": wide, "weight_decay": job.weight_decay}, {"params": thin, "weight_decay": 0.0}]
        self.optimizer = torch.optim.AdamW(groups, rate, betas=job.betas, fused=True, capturable=self.cuda)
        self.average = Average(self.parameters, job.average)
        self.step, self.before, self.share = 0, 0.0, 0.0
        self.curve: list[tuple[int, float]] = []
        self.file = job.folder / f"{job.name}.pt"
        self._graph: torch.cuda.CUDAGraph | None = None
        self._held: Tensors = ()
        self._loss = torch.zeros((), device=DEVICE)

    def save(self) -> None:
        """Writes the checkpoint in one move, so that a stop leaves the old or the new one."""
        state = {
            "model": self.job.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "average": self.average.values,
            "step": self.step,
            "seconds": self.before,
            "curve": self.curve,
        }
        self.file.parent.mkdir(parents=True, exist_ok=True)
        part = self.file.with_suffix(".part")
        torch.save(state, part)
        part.replace(self.file)

    def load(self) -> None:
        """Goes on from the checkpoint, if there is one."""
        if not self.file.exists():
            return
        state: dict[str, Any] = torch.load(self.file, weights_only=True, map_location=DEVICE)
        self.job.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        with torch.no_grad():
            for mine, theirs in zip(self.average.values, state["average"], strict=True):
                mine.copy_(theirs)
        self.step, self.before = state["step"], state["seconds"]
        self.curve = [tuple(point) for point in state["curve"]]
        say(self.job.name, "goes on from step", self.step)

    def set_rate(self) -> None:
        """Warm-up, a plateau, a straight fall to 0."""
        job = self.job
        rate = job.rate * min(1.0, (self.step + 1) / job.warmup, max(0.0, 1 - self.share) / job.decay)
        for group in self.optimizer.param_groups:
            if isinstance(group["lr"], torch.Tensor):
                group["lr"].fill_(rate)
            else:
                group["lr"] = rate

    def advance(self) -> torch.Tensor:
        """One step; its loss, still on the device."""
        if not self.cuda:
            torch.manual_seed(self.job.seed * 1_000_003 + self.step)
        self.set_rate()
        given = self.job.batch(self.step)
        if self.cuda and self.job.graphed and self._graph is None and self.step >= _WARM:
            self._capture(given)
        if self._graph is not None:
            for held, new in zip(self._held, given, strict=True):
                held.copy_(new)
            self._graph.replay()
            loss = self._loss.clone()
        else:
            loss = self._plain(given)
        self.average.update(self.step)
        self.step += 1
        return loss

    def _plain(self, given: Tensors) -> torch.Tensor:
        loss = self.job.loss(*given)
        if not self.cuda and not bool(torch.isfinite(loss)):
            raise DivergedError(self._diverged())
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        return loss.detach()

    def _capture(self, given: Tensors) -> None:
        self._held = tuple(tensor.clone() for tensor in given)
        sync()
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        try:
            with torch.cuda.stream(side):
                for _ in range(3):
                    self._plain(self._held)
            torch.cuda.current_stream().wait_stream(side)
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph):
                self._loss = self._plain(self._held)
        except RuntimeError as error:
            say(self.job.name, "has no graph:", str(error)[:300])
            self.job.graphed = False
            sync()
            return
        self._graph = graph
        say(self.job.name, "runs as a graph")

    def _diverged(self) -> str:
        return f"{self.job.name}: no finite loss at step {self.step}; the last good checkpoint is {self.file}"

    def said(self, losses: list[torch.Tensor], start: float) -> None:
        """Notes the mean loss; a loss that is no number ends the training."""
        mean = float(torch.stack(losses).mean())
        if mean != mean:  # noqa: PLR0124 - NaN alone
            raise DivergedError(self._diverged())
        self.curve.append((self.step, round(mean, 5)))
        took = 1000 * (time.time() - start) / len(losses)
        say(
            f"{self.job.name} step {self.step} loss {mean:.5f} {took:.1f} ms a step, {100 * self.share:.0f} %"
        )

    def checkpoint(self) -> None:
        """Saves, and lets the watcher look at the averaged weights."""
        self.save()
        if self.job.watch is None:
            return
        self.average.swap()
        self.job.model.eval()
        with torch.no_grad():
            self.job.watch(self.step, self.job.model)
        self.job.model.train()
        self.average.swap()


def train(job: Job, stop_at: int | None = None) -> nn.Module:
    """Runs or resumes a job; returns its model in evaluation mode with averaged weights."""
    run = Run(job)
    run.load()
    job.model.train()
    last = min(job.steps, stop_at or job.steps, run.step + 2 if TINY else job.steps)
    begun, spent_before = time.time(), run.before
    saved = shown = begun
    losses: list[torch.Tensor] = []
    while run.step < last:
        run.before = spent_before + time.time() - begun
        run.share = max(run.step / job.steps, run.before / job.seconds)
        if run.share >= 1:
            break
        losses.append(run.advance())
        if time.time() - shown > 10:
            run.said(losses, shown)
            losses, shown = [], time.time()
        if time.time() - saved > job.every_s:
            run.checkpoint()
            saved = time.time()
    sync()
    run.save()
    say(f"{job.name} DONE {run.step} steps in {time.time() - begun:.0f} s")
    run.average.swap()
    return job.model.eval()
