"""Processes that are killed, and processes that share a store."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orchestrator.store import Store
from tests.store.putting import artifact

ROOT = Path(__file__).parents[2]


def start(folder: Path, first: int, last: int, step: int = 1) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.putting", str(folder), str(first), str(last), str(step)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip


def assert_holds(store: Store, numbers: list[int]) -> None:
    found = store.find_many([f"k{number}" for number in numbers])
    assert sorted(found) == sorted(f"k{number}" for number in numbers)
    for number in numbers:
        assert store.artifact(found[f"k{number}"]) == artifact(number)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path: Path, seed: int) -> None:
    process = start(tmp_path, 0, 100_000)
    assert process.stdout is not None
    acknowledged = [int(process.stdout.readline())]
    time.sleep(random.Random(seed).uniform(0.0, 0.6))  # noqa: S311 - no secret
    process.kill()
    acknowledged += [int(line) for line in process.communicate(timeout=30)[0].splitlines() if line.strip()]
    with Store.open(tmp_path) as store:
        assert_holds(store, acknowledged[:-1])  # the last line may be torn
        after = start(tmp_path, 0, acknowledged[-1] + 1)
        after.communicate(timeout=60)
        assert after.returncode == 0
        assert_holds(store, list(range(acknowledged[-1] + 1)))


def test_two_processes_on_one_new_store_lose_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    both = [start(folder, 0, 160), start(folder, 1, 300, 2)]
    for process in both:
        output, problems = process.communicate(timeout=60)
        assert process.returncode == 0, problems
        assert output
    with Store.open(folder) as store:
        assert_holds(store, sorted({*range(160), *range(1, 300, 2)}))
