"""The verbs, one file each. `check` imports nothing heavy; the others load on first use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestrator.api.new_recipe import new
    from orchestrator.api.result import Run
    from orchestrator.api.run_recipe import Part, Watch, run
    from orchestrator.api.stage_list import ParamFacts, StageFacts, stage_facts, stages
    from orchestrator.api.text_to_image import TextToImage, pipeline
    from orchestrator.api.validate import Checked, check

_HOMES = {
    "Checked": "validate",
    "ParamFacts": "stage_list",
    "Part": "run_recipe",
    "Run": "result",
    "StageFacts": "stage_list",
    "TextToImage": "text_to_image",
    "Watch": "run_recipe",
    "check": "validate",
    "new": "new_recipe",
    "pipeline": "text_to_image",
    "run": "run_recipe",
    "stage_facts": "stage_list",
    "stages": "stage_list",
}

__all__ = [
    "Checked",
    "ParamFacts",
    "Part",
    "Run",
    "StageFacts",
    "TextToImage",
    "Watch",
    "check",
    "new",
    "pipeline",
    "run",
    "stage_facts",
    "stages",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'orchestrator.api' has no attribute {name!r}")
    return getattr(import_module(f"orchestrator.api.{_HOMES[name]}"), name)
