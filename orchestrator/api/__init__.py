"""The verbs, one file each, and the session that they work in. Each is imported when it is first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestrator.api.explain_code import explain, explained
    from orchestrator.api.exporting import Exported, Written
    from orchestrator.api.format_list import FormatFacts, format_facts, formats, listed_formats
    from orchestrator.api.library_list import ResourceFacts, listed_resources
    from orchestrator.api.mend_files import Mended, mend_many
    from orchestrator.api.model_list import EndpointFacts, KindFacts, ModelsFacts, ProviderFacts, models
    from orchestrator.api.new_pipeline import pipeline
    from orchestrator.api.new_recipe import new
    from orchestrator.api.outputs import output_folder
    from orchestrator.api.recipe_schema import schema
    from orchestrator.api.request import Watch, check_request, command_line_request
    from orchestrator.api.result import Run, run_document
    from orchestrator.api.run_recipe import run
    from orchestrator.api.selection import Part
    from orchestrator.api.session import Session
    from orchestrator.api.stage_list import ParamFacts, StageFacts, listed_stages, stage_facts, stages
    from orchestrator.api.text_file import write_text
    from orchestrator.api.text_to_image import TextToImage
    from orchestrator.api.trust_file import distrust, trust, trusted
    from orchestrator.api.validate import Checked, Request, check
    from orchestrator.api.validate_many import Outcomes, RecipeOutcome, check_many

_HOMES = {
    "Checked": "validate",
    "EndpointFacts": "model_list",
    "Exported": "exporting",
    "FormatFacts": "format_list",
    "Mended": "mend_files",
    "KindFacts": "model_list",
    "ModelsFacts": "model_list",
    "Outcomes": "validate_many",
    "ParamFacts": "stage_list",
    "Part": "selection",
    "ProviderFacts": "model_list",
    "RecipeOutcome": "validate_many",
    "Request": "validate",
    "ResourceFacts": "library_list",
    "Run": "result",
    "Session": "session",
    "StageFacts": "stage_list",
    "TextToImage": "text_to_image",
    "Watch": "request",
    "Written": "exporting",
    "check": "validate",
    "check_many": "validate_many",
    "check_request": "request",
    "command_line_request": "request",
    "distrust": "trust_file",
    "explain": "explain_code",
    "explained": "explain_code",
    "format_facts": "format_list",
    "formats": "format_list",
    "listed_formats": "format_list",
    "listed_resources": "library_list",
    "listed_stages": "stage_list",
    "mend_many": "mend_files",
    "models": "model_list",
    "new": "new_recipe",
    "output_folder": "outputs",
    "pipeline": "new_pipeline",
    "run": "run_recipe",
    "run_document": "result",
    "schema": "recipe_schema",
    "stage_facts": "stage_list",
    "stages": "stage_list",
    "trust": "trust_file",
    "trusted": "trust_file",
    "write_text": "text_file",
}

__all__ = [
    "Checked",
    "EndpointFacts",
    "Exported",
    "FormatFacts",
    "KindFacts",
    "Mended",
    "ModelsFacts",
    "Outcomes",
    "ParamFacts",
    "Part",
    "ProviderFacts",
    "RecipeOutcome",
    "Request",
    "ResourceFacts",
    "Run",
    "Session",
    "StageFacts",
    "TextToImage",
    "Watch",
    "Written",
    "check",
    "check_many",
    "check_request",
    "command_line_request",
    "distrust",
    "explain",
    "explained",
    "format_facts",
    "formats",
    "listed_formats",
    "listed_resources",
    "listed_stages",
    "mend_many",
    "models",
    "new",
    "output_folder",
    "pipeline",
    "run",
    "run_document",
    "schema",
    "stage_facts",
    "stages",
    "trust",
    "trusted",
    "write_text",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'orchestrator.api' has no attribute {name!r}")
    return getattr(import_module(f"orchestrator.api.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
