"""An environment in which the example packages are installed as a user would, with nothing downloaded."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ROOT / "examples" / "packages"
NAMES = sorted(path.name for path in PACKAGES.iterdir() if (path / "pyproject.toml").is_file())


@pytest.fixture(scope="session")
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
