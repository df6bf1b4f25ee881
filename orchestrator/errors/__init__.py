"""Findings as data, their renderers, and the tree of exceptions."""

from orchestrator.errors.collector import Findings
from orchestrator.errors.diagnostic import (
    COMMAND_LINE,
    PYTHON,
    Diagnostic,
    Edit,
    Label,
    Severity,
    Span,
    Topic,
    has_errors,
    in_order_of_place,
)
from orchestrator.errors.suggest import did_you_mean
from orchestrator.errors.tree import (
    Cancelled,
    InvalidInput,
    ModelUnavailable,
    OrchestratorError,
    StageDeclarationError,
    StageFailure,
    UnknownRecipe,
)
from orchestrator.errors.unknown import unknown

__all__ = [
    "COMMAND_LINE",
    "PYTHON",
    "Cancelled",
    "Diagnostic",
    "Edit",
    "Findings",
    "InvalidInput",
    "Label",
    "ModelUnavailable",
    "OrchestratorError",
    "Severity",
    "Span",
    "StageDeclarationError",
    "StageFailure",
    "Topic",
    "UnknownRecipe",
    "did_you_mean",
    "has_errors",
    "in_order_of_place",
    "unknown",
]
