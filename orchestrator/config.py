"""The operator's settings: where the store lies, and on what the models run."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """What the person at the machine decides; a recipe cannot.

    Attributes:
        store: folder of finished work; also holds converted copies of models.
        device: `auto` (CUDA where there is one, else CPU), or a torch device such as `cpu`, `cuda:1`.
        dtype: `auto`, `float32`, `bfloat16` or `float16`.
        threads: torch threads; a fixed number, never the core count, so that machines agree.
        roots: folders below which recipes may write exports, besides their own folder.
    """

    store: Path
    device: str = "auto"
    dtype: str = "auto"
    threads: int = 2
    roots: tuple[Path, ...] = ()


def settings_from(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from `ORCHESTRATOR_STORE`, `_DEVICE`, `_DTYPE` and `_THREADS`."""
    store = environment.get("ORCHESTRATOR_STORE")
    threads = environment.get("ORCHESTRATOR_THREADS", "")
    return Settings(
        store=Path(store) if store else _platform_store(),
        device=environment.get("ORCHESTRATOR_DEVICE", "auto"),
        dtype=environment.get("ORCHESTRATOR_DTYPE", "auto"),
        threads=int(threads) if threads.isdecimal() and int(threads) > 0 else 2,
    )


def _platform_store() -> Path:
    import platformdirs

    return Path(platformdirs.user_cache_dir("orchestrator", appauthor=False))
