"""Tiny checkpoints made once a session, and what the tests of painters share."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestrator.backends.diffusion.describe import describe_painter
from orchestrator.config import Settings
from orchestrator.errors import Span
from orchestrator.stage import Description
from tests.backends import sources
from tests.backends.diffusion import tiny_checkpoints
from tests.machine import settings_at

Describe = Callable[..., Description]


@pytest.fixture(scope="session")
def sd14(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random Stable Diffusion 1.4; read only."""
    return tiny_checkpoints.stable_diffusion_1_4(tmp_path_factory.mktemp("models") / "sd14")


@pytest.fixture
def own_sd14(sd14: Path, tmp_path: Path) -> Path:
    """A copy that a test may damage."""
    return Path(shutil.copytree(sd14, tmp_path / "sd14"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_at(tmp_path / "store")


@pytest.fixture
def describe(settings: Settings, tmp_path: Path) -> Describe:
    """Describes a painter's source (or a given object) as a recipe in tmp_path would name it."""

    def described(source: str | Path, given: object | None = None, role: str = "painter") -> Description:
        span = Span.point("recipe.yaml", 4, 13)
        choice = sources.choice(role, "diffusion", str(source), span, given)
        return describe_painter(choice, settings, tmp_path)

    return described
