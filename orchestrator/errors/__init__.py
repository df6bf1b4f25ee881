"""Findings as data, their renderers, and the tree of exceptions."""

from orchestrator.errors.diagnostic import (
    Diagnostic,
    Label,
    Severity,
    Span,
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

__all__ = [
    "Cancelled",
    "Diagnostic",
    "InvalidInput",
    "Label",
    "ModelUnavailable",
    "OrchestratorError",
    "Severity",
    "Span",
    "StageDeclarationError",
    "StageFailure",
    "UnknownRecipe",
    "did_you_mean",
    "has_errors",
    "in_order_of_place",
]
