from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from training.loop import DivergedError, Job, train


def line_job(folder: Path, steps: int = 60) -> Job:
    torch.manual_seed(3)
    model = nn.Linear(4, 1)

    def loss(step: int) -> torch.Tensor:
        x = torch.randn(16, 4)
        return (model(x) - x.sum(1, keepdim=True)).square().mean()

    return Job("line", model, loss, steps, folder, rate=0.05, warmup=5, average=0.9)


def test_loss_falls(tmp_path: Path) -> None:
    job = line_job(tmp_path)
    before = job.loss(0).item()
    train(job)
    assert job.loss(0).item() < before / 10


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
    broken = replace(job, loss=lambda step: job.loss(step) * (float("nan") if step == 25 else 1.0))
    with pytest.raises(DivergedError, match=r"step 25.*last good checkpoint"):
        train(broken)
    assert (tmp_path / "line.pt").read_bytes() == good


def test_rate_warms_up_stays_and_falls(tmp_path: Path) -> None:
    job = line_job(tmp_path, steps=100)
    assert job.rate_at(0) < job.rate_at(4) == job.rate_at(50) > job.rate_at(95) > job.rate_at(99) > 0


def test_watcher_sees_averaged_weights_and_leaves_no_trace(tmp_path: Path) -> None:
    seen = []
    job = line_job(tmp_path / "watched")
    job.every_s = 0.0
    job.watch = lambda step, model: seen.append((step, model.training))
    watched = train(job)
    plain = train(line_job(tmp_path / "plain"))
    assert seen[0] == (1, False)
    assert torch.equal(watched.weight, plain.weight)
