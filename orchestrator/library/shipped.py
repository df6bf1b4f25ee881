"""The folders that ship with the package: prompts and ready recipes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

_PACKAGE: Final = Path(__file__).parents[1]


def shipped_folder(name: Literal["prompts", "pipelines"]) -> Path:
    """`orchestrator/share/NAME` of an installed package, NAME at the root of a checkout."""
    installed = _PACKAGE / "share" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def ready_recipes() -> Mapping[str, Path]:
    """The recipes that ship, by name."""
    files = sorted(shipped_folder("pipelines").glob("*.yaml"))
    return {file.stem: file for file in files if not file.name.endswith(".review.yaml")}
