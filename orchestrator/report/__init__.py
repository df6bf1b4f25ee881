"""Progress, summary, page and notebook: made from data and events alone."""

from orchestrator.report.document import as_document, run_json
from orchestrator.report.model import (
    FailureReport,
    ModelReport,
    PictureReport,
    PromptReport,
    ReviewReport,
    RunReport,
    named,
)
from orchestrator.report.notebook import notebook
from orchestrator.report.page import page
from orchestrator.report.progress import JsonProgress, PlainProgress, Progress, TerminalProgress
from orchestrator.report.summary import prompts_text, summary
from orchestrator.report.warnings import Warnings

__all__ = [
    "FailureReport",
    "JsonProgress",
    "ModelReport",
    "PictureReport",
    "PlainProgress",
    "Progress",
    "PromptReport",
    "ReviewReport",
    "RunReport",
    "TerminalProgress",
    "Warnings",
    "as_document",
    "named",
    "notebook",
    "page",
    "prompts_text",
    "run_json",
    "summary",
]
