"""For every room: no test reads or writes the store of the person who runs it, or their settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store for the whole session, so that a model is converted once."""
    return tmp_path_factory.mktemp("store")


@pytest.fixture(autouse=True, scope="session")
def _own_settings(shared_store: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        for name in ("ORCHESTRATOR_DEVICE", "ORCHESTRATOR_DTYPE", "ORCHESTRATOR_THREADS", "NO_COLOR"):
            patched.delenv(name, raising=False)
        patched.setenv("ORCHESTRATOR_STORE", str(shared_store))
        yield
