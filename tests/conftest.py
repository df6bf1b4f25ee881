"""For every room: no test reads or writes the store of the person who runs it, or their settings.

Precision and threads alone are theirs to choose, so that the suite can be run on each: see tests/machine.py.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

# As the loader sets it before it imports torch; here a test may import torch first. On a busy machine threads
# that spin while they wait made a picture take 25 s in place of half a second.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


@pytest.fixture(scope="session")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store for the whole session, so that a model is converted once."""
    return tmp_path_factory.mktemp("store")


@pytest.fixture(autouse=True, scope="session")
def _own_settings(shared_store: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        for name in ("ORCHESTRATOR_DEVICE", "NO_COLOR"):
            patched.delenv(name, raising=False)
        patched.setenv("ORCHESTRATOR_STORE", str(shared_store))
        patched.setenv("ORCHESTRATOR_CONFIG", str(shared_store / "no-config"))
        yield


@pytest.fixture(scope="session")
def known_models(shared_store: Path, _own_settings: None) -> Path:
    """A file with the digests of the embedded models, which take seconds to read."""
    import orchestrator

    orchestrator.check("item-icons")
    return shared_store / "model-digests.json"


@pytest.fixture
def own_store(tmp_path: Path, known_models: Path) -> Path:
    """A store of this test alone, empty but for the digests of the embedded models."""
    store = tmp_path / ".store"
    store.mkdir()
    shutil.copy(known_models, store)
    return store
