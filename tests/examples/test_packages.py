"""The example packages, installed beside this one and used by the command line; nothing is downloaded."""

from __future__ import annotations

import os
import runpy
import shlex
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from tests.examples.conftest import NAMES, PACKAGES, ROOT
from tests.fences import commands, fences

WRITTEN = {
    "studio_webp": ["build/knight.webp", "build/pictures.json"],
    "studio_stage": ["out/knights/studio.shadow.png"],
    "studio_look": [],
    "studio_inkpad": [],
}


def digest_of_the_package() -> str:
    whole = sha256()
    for path in sorted((ROOT / "orchestrator").rglob("*.py")):
        whole.update(path.read_bytes())
    return whole.hexdigest()


@pytest.fixture
def called(python: Path, tmp_path: Path, own_store: Path):
    """Types a command in a folder with a knight in it, and gives what it printed."""
    shutil.copy(ROOT / "examples" / "language" / "refs" / "knight.png", tmp_path)
    surroundings = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    surroundings |= {"ORCHESTRATOR_STORE": str(own_store), "PYTHONIOENCODING": "utf-8", "COLUMNS": "100"}

    def call(*arguments: str) -> str:
        done = subprocess.run(
            [python, *arguments],
            cwd=tmp_path,
            env=surroundings,
            capture_output=True,
            check=False,
            timeout=120,
        )
        printed = (done.stdout + done.stderr).decode("utf-8")
        assert done.returncode == 0, printed
        return printed

    return call


def test_each_example_is_looked_at() -> None:
    assert set(NAMES) >= set(WRITTEN)


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_the_package_works_as_its_page_says(called, tmp_path: Path, name: str) -> None:
    before = digest_of_the_package()
    page = {
        fence.language: fence.text for fence in fences((PACKAGES / name / "README.md").read_text("utf-8"))
    }
    (tmp_path / "recipe.yaml").write_text(page["yaml"], encoding="utf-8")
    printed = ""
    for command in commands(page["console"]):
        program, *arguments = shlex.split(command)
        if program == "orchestrator":
            printed += called("-m", "orchestrator.cli", *arguments)
    assert f"{name.replace('_', '-')} 1.0" in printed
    assert [path for path in WRITTEN[name] if not (tmp_path / path).is_file()] == [], printed
    assert digest_of_the_package() == before


def test_the_examples_own_tests_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = PACKAGES / "studio_stage"
    monkeypatch.syspath_prepend(folder)
    own = runpy.run_path(str(folder / "test_studio_stage.py"))
    tests = [value for name, value in own.items() if name.startswith("test_")]
    assert len(tests) == 2
    for test in tests:
        test()
