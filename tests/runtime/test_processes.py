"""kill -9 loses nothing that was told, and the same command ends with the same bytes; runs share a store."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orchestrator.store import Store
from tests.runtime.running import GRAPHS, digests, the_graph
from tests.runtime.workshop import run

ROOT = Path(__file__).parents[2]


def start(folder: Path, graph: str = "pictures") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.runtime.running", str(folder), graph],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return _undisturbed(tmp_path_factory.mktemp("undisturbed"), "pictures")


@pytest.fixture(scope="module")
def undisturbed_animations(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return _undisturbed(tmp_path_factory.mktemp("undisturbed"), "animations")


def _undisturbed(folder: Path, graph: str) -> dict[str, str]:
    with Store.open(folder) as store:
        return digests(run(GRAPHS[graph](), store))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_killed_run_goes_on_where_it_stopped(
    tmp_path: Path, undisturbed: dict[str, str], seed: int
) -> None:
    kill_and_go_on(tmp_path, "pictures", undisturbed, seed)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_killed_run_over_frames_goes_on_where_it_stopped(
    tmp_path: Path, undisturbed_animations: dict[str, str], seed: int
) -> None:
    kill_and_go_on(tmp_path, "animations", undisturbed_animations, seed)


def kill_and_go_on(tmp_path: Path, graph: str, undisturbed: dict[str, str], seed: int) -> None:
    process = start(tmp_path, graph)
    assert process.stdout is not None
    told = [process.stdout.readline()]
    time.sleep(random.Random(seed).uniform(0.0, 0.5))  # noqa: S311 - no secret
    process.kill()
    told += process.communicate(timeout=30)[0].splitlines(keepends=True)
    finished = {line.strip() for line in told if line.endswith("\n")}
    assert finished
    with Store.open(tmp_path) as store:
        results = run(GRAPHS[graph](), store)
        assert digests(results) == undisturbed
        stored = {
            f"{stage} {' '.join(name for _, name in at)}".strip()
            for (stage, at), item in results.items.items()
            if item.outcome == "stored"
        }
        assert finished <= stored
        assert set(results.counts) - {"done", "stored"} == {"failed", "skipped", "waiting", "cancelled"}
        assert results.counts["done"] + results.counts["stored"] == len(undisturbed)


def test_two_runs_on_one_store_end_alike(tmp_path: Path, undisturbed: dict[str, str]) -> None:
    for process in [start(tmp_path), start(tmp_path)]:
        _, problems = process.communicate(timeout=60)
        assert process.returncode == 0, problems
    with Store.open(tmp_path) as store:
        results = run(the_graph(), store)
        assert digests(results) == undisturbed
        assert results.counts["stored"] == len(undisturbed)
