from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.store import Store
from tests.runtime.workshop import CALLS, QuickFiles


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    CALLS.clear()
    with Store(tmp_path / "store", QuickFiles()) as opened:
        yield opened
