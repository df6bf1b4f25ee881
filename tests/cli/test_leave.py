"""What a stage leaves running does not hold the process, and its exit code stays."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

STAGES = """
import atexit, threading, time
from orchestrator.stage import Idea, Prompt, stage

@stage("l.words", version=1)
def words(idea: Idea) -> Prompt:
    if idea.text == "thread":
        threading.Thread(target=time.sleep, args=(600,), daemon=False).start()
    if idea.text == "atexit":
        atexit.register(time.sleep, 600)
    return Prompt(subject=idea.text)
"""
RECIPE = "recipe: 1\nitems:\n  idea: [good, {how}]\nstages:\n  one: {{use: l.words}}\n"


@pytest.mark.parametrize("how", ["thread", "atexit"])
def test_a_thread_and_an_exit_hook_do_not_hold_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("stages.py").write_text(STAGES, encoding="utf-8")
    Path("recipe.yaml").write_text(RECIPE.format(how=how), encoding="utf-8")
    line = [
        sys.executable,
        "-m",
        "orchestrator.cli",
        "run",
        "recipe.yaml",
        "--to",
        "one",
        "--stages",
        "stages.py",
    ]
    started = time.monotonic()
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - started < 30
    assert "left something running" in done.stderr
    assert "good" in done.stdout


def test_a_caller_that_goes_on_after_the_command_is_not_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("stages.py").write_text(STAGES, encoding="utf-8")
    Path("recipe.yaml").write_text(RECIPE.format(how="well"), encoding="utf-8")
    program = (
        "import contextlib, time\n"
        "from orchestrator.cli import main\n"
        "with contextlib.suppress(SystemExit):\n"
        "    main(['run', 'recipe.yaml', '--to', 'one', '--stages', 'stages.py'])\n"
        "time.sleep(5)\n"
        "print('still here')\n"
    )
    line = [sys.executable, "-c", program]
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=60)
    assert "still here" in done.stdout, done.stderr
