"""Turns terse ideas into consistent sets of game assets by recipes of typed, composable stages.

    run = orchestrator.run("item-icons", items={"idea": ["fire sword"]})
    run.pictures[0].show()

Nothing heavy is imported until it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestrator.api import (
        Checked,
        Part,
        Run,
        Session,
        TextToImage,
        Watch,
        check,
        new,
        pipeline,
        run,
        stages,
    )
    from orchestrator.backends.diffusion.handed_in import painter
    from orchestrator.config import Settings
    from orchestrator.errors import Diagnostic, InvalidInput, OrchestratorError, StageFailure

_HOMES = {
    "Checked": "orchestrator.api",
    "Diagnostic": "orchestrator.errors",
    "InvalidInput": "orchestrator.errors",
    "OrchestratorError": "orchestrator.errors",
    "Part": "orchestrator.api",
    "Run": "orchestrator.api",
    "Session": "orchestrator.api",
    "Settings": "orchestrator.config",
    "StageFailure": "orchestrator.errors",
    "TextToImage": "orchestrator.api",
    "Watch": "orchestrator.api",
    "check": "orchestrator.api",
    "new": "orchestrator.api",
    "painter": "orchestrator.backends.diffusion.handed_in",
    "pipeline": "orchestrator.api",
    "run": "orchestrator.api",
    "stages": "orchestrator.api",
}

__all__ = [
    "Checked",
    "Diagnostic",
    "InvalidInput",
    "OrchestratorError",
    "Part",
    "Run",
    "Session",
    "Settings",
    "StageFailure",
    "TextToImage",
    "Watch",
    "check",
    "new",
    "painter",
    "pipeline",
    "run",
    "stages",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'orchestrator' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
