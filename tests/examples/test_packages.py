"""The example packages, installed beside this one and used by the command line; nothing is downloaded."""

from __future__ import annotations

import os
import runpy
import shlex
import shutil
import subprocess
import sys
import sysconfig
import venv
from hashlib import sha256
from pathlib import Path

import pytest

from tests.fences import commands, fences

ROOT = Path(__file__).parents[2]
PACKAGES = ROOT / "examples" / "packages"
NAMES = sorted(path.name for path in PACKAGES.iterdir() if (path / "pyproject.toml").is_file())
WRITTEN = {
    "studio_webp": ["build/knight.webp", "build/pictures.json"],
    "studio_stage": ["out/knights/studio.shadow.png"],
    "studio_look": [],
}


def digest_of_the_package() -> str:
    whole = sha256()
    for path in sorted((ROOT / "orchestrator").rglob("*.py")):
        whole.update(path.read_bytes())
    return whole.hexdigest()


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that sees this one's packages, with the example packages installed."""
    folder = tmp_path_factory.mktemp("venv")
    builder = venv.EnvBuilder(symlinks=os.name != "nt")
    builder.create(folder)
    environment = builder.ensure_directories(folder)
    site = sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)})
    seen = f"{ROOT}\n{sysconfig.get_path('purelib')}\n"
    (Path(site) / "seen.pth").write_text(seen, encoding="utf-8")
    sources = shutil.copytree(PACKAGES, tmp_path_factory.mktemp("sources") / "packages")
    offline = ("--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check", "-q")
    pip = [sys.executable, "-m", "pip", "--python", environment.env_exe, "install", *offline]
    subprocess.run([*pip, *(str(sources / name) for name in NAMES)], check=True)
    return Path(environment.env_exe)


@pytest.fixture
def called(python: Path, tmp_path: Path, own_store: Path):
    """Types a command in a folder with a knight in it, and gives what it printed."""
    shutil.copy(ROOT / "examples" / "language" / "refs" / "knight.png", tmp_path)
    surroundings = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    surroundings |= {"ORCHESTRATOR_STORE": str(own_store), "PYTHONIOENCODING": "utf-8", "COLUMNS": "100"}

    def call(*arguments: str) -> str:
        done = subprocess.run(
            [python, *arguments], cwd=tmp_path, env=surroundings, capture_output=True, check=False
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
