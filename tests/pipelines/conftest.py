"""What runs of the ready recipes share: the embedded language model, loaded once, and finished work."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.backends.llm.describe import describe_writer
from orchestrator.backends.llm.load import load_writer
from orchestrator.config import Settings
from orchestrator.errors import Span
from orchestrator.recipe import EMBEDDED, ModelChoice
from tests.machine import settings_at


@pytest.fixture(scope="session")
def settings(shared_store: Path) -> Settings:
    return settings_at(shared_store)


@pytest.fixture(scope="session")
def writer(settings: Settings) -> object:
    choice = ModelChoice("writer", "llm", EMBEDDED, Span.point("recipe.yaml"))
    return load_writer(describe_writer(choice, settings, Path()), settings)
