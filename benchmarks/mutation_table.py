"""Seeded mistakes in ready recipes: how many are reported at the exact line, with a help that mends them.

`python -m benchmarks.mutation_table` prints the table into `benchmarks/RESULTS-recipes.md`; `--misses` lists
what was not reported or not mended.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.mending import pasted
from benchmarks.mutants import Mutant, mutants
from orchestrator.api.locate import Located
from orchestrator.api.validate import Request, check_located
from orchestrator.config import settings_from
from orchestrator.errors import Diagnostic, InvalidInput
from orchestrator.library import ready_recipes

RESULTS = Path(__file__).parent / "RESULTS-recipes.md"
SEED = 13


@dataclass
class Tally:
    """Counts by operator."""

    made: Counter[str] = field(default_factory=Counter[str])
    placed: Counter[str] = field(default_factory=Counter[str])
    mended: Counter[str] = field(default_factory=Counter[str])
    misses: list[str] = field(default_factory=list[str])

    def add(self, mutant: Mutant, base: Path) -> None:
        """Checks a mutant, and pastes what its findings offer."""
        findings = findings_of(mutant.text, mutant.recipe, base)
        if not findings and mutant.operator in {"deleted", "rewired"}:
            return  # another recipe, and a good one: a chain of pictures does without one of its links
        here = [f for f in findings if f.span is not None and f.span.line in mutant.lines]
        mended = any(_mends(mutant, finding, base) for finding in here)
        self.made[mutant.operator] += 1
        self.placed[mutant.operator] += bool(here)
        self.mended[mutant.operator] += mended
        if not mended:
            said = "; ".join(_said(finding) for finding in findings) or "nothing"
            at = f"(lines {sorted(mutant.lines)})"
            self.misses.append(f"{mutant.recipe} {mutant.operator} {mutant.what} {at}: {said}")


def _said(finding: Diagnostic) -> str:
    line = finding.span.line if finding.span else "-"
    return f"{finding.code} at {line}: {finding.message} [{finding.help} | {finding.fix!r}]"


def findings_of(text: str, file: str, base: Path) -> tuple[Diagnostic, ...]:
    """All findings of a recipe's text, warnings too."""
    try:
        return check_located(Located(text.encode(), file, base), Request(), settings_from()).findings
    except InvalidInput as error:
        return tuple(error.findings)


def _mends(mutant: Mutant, finding: Diagnostic, base: Path) -> bool:
    return any(not findings_of(text, mutant.recipe, base) for text in pasted(mutant.text, finding))


def measure() -> Tally:
    """Every mutant of every ready recipe."""
    tally = Tally()
    for name, path in sorted(ready_recipes().items()):
        text = path.read_text(encoding="utf-8")
        before = findings_of(text, path.name, path.parent)
        if before:
            continue  # a recipe whose model is not on this machine has a finding of its own
        for mutant in mutants(path.name, text, SEED):
            tally.add(mutant, path.parent)
        print(name, sum(tally.made.values()), "mutants so far", file=sys.stderr)
    return tally


def table(tally: Tally) -> str:
    """The tally in Markdown."""
    lines = ["| mistake | mutants | reported at the line | mended by its help |", "| --- | --- | --- | --- |"]
    for name, made in tally.made.items():
        lines.append(f"| {name} | {made} | {tally.placed[name]} | {tally.mended[name]} |")
    made, placed, mended = (sum(count.values()) for count in (tally.made, tally.placed, tally.mended))
    lines.append(f"| all | {made} | {placed} ({placed / made:.1%}) | {mended} ({mended / made:.1%}) |")
    return "\n".join(lines)


if __name__ == "__main__":
    result = measure()
    head = "# Seeded mistakes in the ready recipes\n\nWritten by `make mutants`; the bar is 95 %.\n\n"
    rest = RESULTS.read_text(encoding="utf-8").partition("\n## ")
    RESULTS.write_text(head + table(result) + "\n" + "".join(rest[1:]), encoding="utf-8")
    print(table(result))
    if "--misses" in sys.argv:
        print("\n".join(result.misses))
