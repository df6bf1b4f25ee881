"""Turns terse ideas into consistent sets of game assets by recipes of typed, composable stages.

    run = orchestrator.run("item-icons", items={"idea": ["fire sword"]})
    run.pictures[0].show()

Nothing heavy is imported until it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestrator.api import Checked, Part, Run, TextToImage, Watch, check, new, pipeline, run, stages
    from orchestrator.backends.diffusion.handed_in import painter
    from orchestrator.config import Settings
    from orchestrator.errors import Diagnostic, InvalidInput, OrchestratorError, StageFailure

_HOMES = {
    **dict.fromkeys(
        ("Checked", "Part", "Run", "TextToImage", "Watch", "check", "new", "pipeline", "run", "stages"),
        "orchestrator.api",
    ),
    **dict.fromkeys(
        ("Diagnostic", "InvalidInput", "OrchestratorError", "StageFailure"), "orchestrator.errors"
    ),
    "Settings": "orchestrator.config",
    "painter": "orchestrator.backends.diffusion.handed_in",
}

__all__ = [
    "Checked",
    "Diagnostic",
    "InvalidInput",
    "OrchestratorError",
    "Part",
    "Run",
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
