"""Sources as a recipe writes them, for tests."""

from __future__ import annotations

from orchestrator.errors import Span
from orchestrator.errors.collector import Findings
from orchestrator.recipe import HANDED_IN, HandedIn, ModelChoice, Source
from orchestrator.recipe.source import source_of


def source(text: str) -> Source | HandedIn:
    """What a recipe means by a text; `<python>` stands for an object."""
    findings = Findings()
    written = text.replace(chr(92), "/")  # a folder of this machine, which may be Windows
    read = HANDED_IN if text == "<python>" else source_of(written, Span.point("recipe.yaml"), findings)
    findings.raise_if_any({})
    assert read is not None
    return read


def choice(role: str, kind: str, text: str, span: Span, given: object | None = None) -> ModelChoice:
    """A role as a recipe declares it, or as Python hands it in."""
    return ModelChoice(role, kind, HANDED_IN if given is not None else source(text), span, given)
