"""Collects the findings of one reading, so that all are told at once and each cause once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from orchestrator.errors.diagnostic import Diagnostic, Label, Span
from orchestrator.errors.tree import InvalidInput

_MOST: Final = 200


class Findings:
    """Collects findings; a place that the YAML reader has complained of is not complained of again."""

    def __init__(self, earlier: Iterable[Diagnostic] = ()) -> None:
        self._all: list[Diagnostic] = list(earlier)
        self._taken = {finding.span for finding in self._all}

    def __len__(self) -> int:
        return len(self._all)

    @property
    def full(self) -> bool:
        """Whether there are so many that no reader wants more."""
        return len(self._all) >= _MOST

    def add(self, finding: Diagnostic) -> None:
        """Keeps a finding, unless its place is broken already for another reason."""
        if not self.full and finding.span not in self._taken:
            self._all.append(finding)

    def read(self, found: Iterable[Diagnostic]) -> None:
        """Adds what the YAML reader found in a further file."""
        for finding in found:
            self.add(finding)
            self._taken.add(finding.span)

    def error(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        why: str = "",
        help: str = "",  # noqa: A002 - the field's word
        fix: str = "",
        labels: tuple[Label, ...] = (),
    ) -> None:
        """Adds an error."""
        self.add(Diagnostic(code, message, span, why=why, help=help, fix=fix, labels=labels))

    def all(self) -> list[Diagnostic]:
        """What was found, in the order of finding."""
        return list(self._all)

    def raise_if_any(self, sources: dict[str, str]) -> None:
        """Raises InvalidInput with all findings, if there is one."""
        if self._all:
            raise InvalidInput(self._all, sources)
