from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.store import Store
from tests.runtime.workshop import CALLS


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    CALLS.clear()
    with Store.open(tmp_path / "store") as opened:
        yield opened
