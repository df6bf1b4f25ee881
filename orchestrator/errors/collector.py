"""Collects the findings of one reading, so that all are told at once and each cause once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from orchestrator.errors.diagnostic import Diagnostic, Edit, Label, Span
from orchestrator.errors.tree import InvalidInput

_MOST: Final = 200


class Findings:
    """Collects findings; a place that the YAML reader has complained of is not complained of again.

    `told` counts what was said, kept or not, so that who hands it on knows whether anything was wrong.
    """

    def __init__(
        self, earlier: Iterable[Diagnostic] = (), *, taken: Callable[[Diagnostic], bool] | None = None
    ) -> None:
        self._all: list[Diagnostic] = list(earlier)
        self._errors = sum(finding.severity == "error" for finding in self._all)
        self._taken = {finding.span for finding in self._all}
        self._is_kept = taken
        self.told = 0

    def __len__(self) -> int:
        return len(self._all)

    @property
    def full(self) -> bool:
        """Whether there are so many errors that no reader wants more."""
        return self._errors >= _MOST

    @classmethod
    def muted(cls) -> Findings:
        """A collector that keeps nothing: for what only follows from a finding, or was told before."""
        return cls(taken=_nothing)

    def only_at(self, span: Span) -> Findings:
        """A collector that hands on what is said of one place."""
        return self._through(lambda finding: finding.span == span)

    def not_at(self, span: Span) -> Findings:
        """A collector that hands on all but what is said of one place."""
        return self._through(lambda finding: finding.span != span)

    def changed(self, change: Callable[[Diagnostic], Diagnostic]) -> Findings:
        """A collector that hands on every finding as `change` makes it."""

        def hand_on(finding: Diagnostic) -> bool:
            self.add(change(finding))
            return False

        return Findings(taken=hand_on)

    def _through(self, wanted: Callable[[Diagnostic], bool]) -> Findings:
        def hand_on(finding: Diagnostic) -> bool:
            if wanted(finding):
                self.add(finding)
            return False

        return Findings(taken=hand_on)

    def add(self, finding: Diagnostic) -> None:
        """Keeps a finding, unless its place is broken already for another reason."""
        self.told += 1
        if self.full or finding.span in self._taken:
            return
        if self._is_kept is None or self._is_kept(finding):
            self._all.append(finding)
            self._errors += finding.severity == "error"

    def add_all(self, findings: Iterable[Diagnostic]) -> None:
        """Keeps several."""
        for finding in findings:
            self.add(finding)

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
        edits: tuple[Edit, ...] = (),
    ) -> None:
        """Adds an error."""
        self.add(Diagnostic(code, message, span, why=why, help=help, fix=fix, labels=labels, edits=edits))

    @property
    def has_errors(self) -> bool:
        """Whether any finding is more than a warning."""
        return self._errors > 0

    def all(self) -> list[Diagnostic]:
        """What was found, in the order of finding."""
        return list(self._all)

    def raise_if_any(self, sources: dict[str, str]) -> None:
        """Raises InvalidInput with all findings, if there is one."""
        if self._all:
            raise InvalidInput(self._all, sources)


def _nothing(finding: Diagnostic) -> bool:
    del finding
    return False
