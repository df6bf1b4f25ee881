from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from training.loop import DivergedError, Job, Run, Tensors, train


def line_job(folder: Path, steps: int = 60, seconds: float = 1e9) -> Job:
    torch.manual_seed(3)
    model = nn.Linear(4, 1)

    def batch(step: int) -> Tensors:
        return (torch.randn(16, 4),)

    def loss(x: torch.Tensor) -> torch.Tensor:
        return (model(x) - x.sum(1, keepdim=True)).square().mean()

    return Job(
        "line", model, batch, loss, folder, steps=steps, seconds=seconds, rate=0.05, warmup=5, average=0.9
    )


def test_loss_falls(tmp_path: Path) -> None:
    job = line_job(tmp_path)
    given = job.batch(0)
    before = job.loss(*given).item()
    train(job)
    assert job.loss(*given).item() < before / 10


def test_resumed_run_gives_the_numbers_of_an_uninterrupted_one(tmp_path: Path) -> None:
    whole = train(line_job(tmp_path / "whole"))
    train(line_job(tmp_path / "halves"), stop_at=30)
    resumed = train(line_job(tmp_path / "halves"))
    for a, b in zip(whole.parameters(), resumed.parameters(), strict=True):
        assert torch.equal(a, b)


def test_nan_stops_and_keeps_the_last_good_checkpoint(tmp_path: Path) -> None:
    train(line_job(tmp_path), stop_at=20)
    good = (tmp_path / "line.pt").read_bytes()
    job = line_job(tmp_path)
    steps: list[int] = []

    def batch(step: int) -> Tensors:
        steps.append(step)
        return job.batch(step)

    broken = replace(
        job, batch=batch, loss=lambda x: job.loss(x) * (float("nan") if steps[-1] == 25 else 1.0)
    )
    with pytest.raises(DivergedError, match=r"step 25.*last good checkpoint"):
        train(broken)
    assert (tmp_path / "line.pt").read_bytes() == good


def test_the_clock_ends_a_training(tmp_path: Path) -> None:
    job = line_job(tmp_path, steps=10**9, seconds=0.2)
    train(job)
    run = Run(job)
    run.load()
    assert 0 < run.step < 10**6
    assert run.before < 5


def test_rate_warms_up_stays_and_falls(tmp_path: Path) -> None:
    run = Run(line_job(tmp_path, steps=100))
    rates = {}
    for step in (0, 4, 30, 70, 99):
        run.step, run.share = step, step / 100
        run.set_rate()
        rates[step] = run.optimizer.param_groups[0]["lr"]
    assert rates[0] < rates[4] == rates[30] > rates[70] > rates[99] > 0


def test_watcher_sees_averaged_weights_and_leaves_no_trace(tmp_path: Path) -> None:
    seen = []
    job = line_job(tmp_path / "watched")
    job.every_s = 0.0
    job.watch = lambda step, model: seen.append((step, model.training))
    watched = train(job)
    plain = train(line_job(tmp_path / "plain"))
    assert seen[0] == (1, False)
    assert torch.equal(watched.weight, plain.weight)
