"""What is known of a model before it is loaded: its card, its identity, its folder. No torch here."""

from __future__ import annotations

from pathlib import Path

from orchestrator.backends.diffusion.describe import describe_painter
from orchestrator.config import Settings
from orchestrator.errors import Diagnostic, ModelUnavailable, did_you_mean
from orchestrator.recipe.model import ModelChoice
from orchestrator.stage import Description

KINDS = ("clip", "diffusion", "llm")


def describe(choice: ModelChoice, settings: Settings, base: Path) -> Description:
    """Describes the model of a role; `base` is the folder against which a relative folder counts.

    Raises:
        ModelUnavailable: with the finding, at the place where the recipe names the model.
    """
    if choice.kind == "diffusion":
        return describe_painter(choice, settings, base)
    if choice.kind == "llm":
        from orchestrator.backends.llm.describe import describe_writer

        return describe_writer(choice, settings, base)
    if choice.kind == "clip":
        from orchestrator.backends.clip.describe import describe_scorer

        return describe_scorer(choice, settings, base)
    raise ModelUnavailable(_unknown_kind(choice))


def _unknown_kind(choice: ModelChoice) -> Diagnostic:
    near = did_you_mean(choice.kind, KINDS)
    return Diagnostic(
        code="E120",
        message=f"`{choice.kind}` is no kind of model",
        span=choice.span,
        why=f"The kinds that have a backend are: {', '.join(KINDS)}.",
        help=f"did you mean `{near}`?" if near else "llm for a language model, diffusion for a painter",
        fix=f"{choice.role}: {{{near or 'diffusion'}: {choice.source}}}",
    )
