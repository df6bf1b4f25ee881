"""The exceptions a caller can meet.

OrchestratorError
├── InvalidInput         findings in a recipe, an argument or the command line (exit code 2)
│   └── UnknownRecipe    no file and no ready recipe of that name
├── StageDeclarationError  a @stage function is declared wrongly (raised at import)
├── StageFailure         one item cannot be made; raised inside a stage, recorded with the item
├── ModelUnavailable     a model cannot be loaded (raised while loading; carries its finding)
└── Cancelled            the user asked to stop; what is finished stays
"""

from __future__ import annotations

from dataclasses import replace

from orchestrator.errors.diagnostic import Diagnostic, Span, in_order_of_place


class OrchestratorError(Exception):
    """Root of all errors that this package raises on purpose."""


class InvalidInput(OrchestratorError):  # noqa: N818 - named for the caller's situation, as httpx does
    """Input with findings; nothing was run.

    `sources` maps file names to their text, so that a renderer can show the lines.
    """

    def __init__(
        self, findings: list[Diagnostic] | tuple[Diagnostic, ...], sources: dict[str, str] | None = None
    ) -> None:
        self.findings = in_order_of_place(list(findings))
        self.sources = dict(sources or {})
        super().__init__("; ".join(f"{finding.code}: {finding.message}" for finding in self.findings))

    def placed(self, span: Span) -> tuple[Diagnostic, ...]:
        """The findings; one without a place of its own stands at this one."""
        return tuple(each if each.span else replace(each, span=span) for each in self.findings)


class UnknownRecipe(InvalidInput):
    """Neither a file nor a ready recipe has this name."""


class StageDeclarationError(OrchestratorError):
    """A function under @stage has a wrong signature; the message prints it, `lineno` is its line."""

    def __init__(self, message: str, lineno: int = 1) -> None:
        super().__init__(message)
        self.lineno = lineno


class StageFailure(OrchestratorError):  # noqa: N818 - it names what happened to the item
    """One item cannot be made. `code` is a stable diagnostic code."""

    def __init__(self, message: str, *, code: str = "E501", help: str = "") -> None:  # noqa: A002 - the field's word
        super().__init__(message)
        self.code = code
        self.help = help


class ModelUnavailable(OrchestratorError):  # noqa: N818 - it names the model's state
    """A model cannot be had; carries the finding that says why and what to do."""

    def __init__(self, finding: Diagnostic) -> None:
        super().__init__(finding.message)
        self.finding = finding


class Cancelled(OrchestratorError):  # noqa: N818 - not a fault
    """The user asked to stop."""
