"""On what the models of tests run: as the person says who runs them, so that the suite is run on each."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from orchestrator.config import Settings

THREADS = int(os.environ.get("ORCHESTRATOR_THREADS", "1"))


def settings_at(store: Path, **more: Any) -> Settings:
    """Settings with a store of one's own; `ORCHESTRATOR_DTYPE` and `ORCHESTRATOR_THREADS` say the rest.

    No test compares bytes across precision, memory layout or number of threads, for there they differ.
    """
    dtype = os.environ.get("ORCHESTRATOR_DTYPE", "auto")
    return replace(Settings(store=store, dtype=dtype, threads=THREADS), **more)
