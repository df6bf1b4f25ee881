"""Seeded mistakes in ready recipes: how many are reported at the line, and what `--fix` makes of them.

`python -m benchmarks.mutation_table` prints the table into `benchmarks/RESULTS-recipes.md`; `--misses` lists
what was not reported, and what was not brought back.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

from benchmarks.mending import findings_of, mended
from benchmarks.mutants import Mutant, mutants
from orchestrator.errors import Diagnostic, Span
from orchestrator.frozen import Frozen
from orchestrator.library import ready_recipes
from orchestrator.recipe import read_recipe

RESULTS = Path(__file__).parent / "RESULTS-recipes.md"
SEED = 13
MISSPELT: Final = ("letter gone", "letter doubled", "letters exchanged")
BACK, SAME, UNTOUCHED, OTHER = "the original text", "another text, one meaning", "nothing changed", "other"
HEAD: Final = """\
# Seeded mistakes in the ready recipes

Written by `make mutants`. What `orchestrator validate --fix` makes of each. The bars: 93 % of the misspelt
names come back to the original text, and of all mistakes none becomes a recipe that means something else.

"""


@dataclass
class Tally:
    """Counts by operator; `ends` by operator and what came of `--fix`."""

    made: Counter[str] = field(default_factory=Counter[str])
    placed: Counter[str] = field(default_factory=Counter[str])
    ends: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    misses: list[str] = field(default_factory=list[str])

    def add(self, mutant: Mutant, original: str, path: Path) -> None:
        """Checks a mutant, and mends it."""
        findings = findings_of(mutant.text, str(path), path.parent)
        if not findings and mutant.operator in {"deleted", "rewired"}:
            return  # another recipe, and a good one: a chain of pictures does without one of its links
        here = [f for f in findings if f.span is not None and f.span.line in mutant.lines]
        end = end_of(mutant, original, path)
        self.made[mutant.operator] += 1
        self.placed[mutant.operator] += bool(here)
        self.ends[mutant.operator, end] += 1
        if not here or end == OTHER or (mutant.operator in MISSPELT and end != BACK):
            said = "; ".join(map(_said, findings)) or "nothing"
            at = f"(lines {sorted(mutant.lines)})"
            self.misses.append(f"{path.name} {mutant.operator} {mutant.what} {at}: {end}: {said}")


def end_of(mutant: Mutant, original: str, path: Path) -> str:
    """What came of mending a mutant."""
    text = mended(mutant.text, str(path), path.parent)
    if text == original:
        return BACK
    if text == mutant.text:
        return UNTOUCHED
    if any(finding.severity == "error" for finding in findings_of(text, str(path), path.parent)):
        return OTHER
    return SAME if _meaning(text, path) == _meaning(original, path) else OTHER


def _meaning(text: str, path: Path) -> object:
    from orchestrator.api.recipe_files import RecipeFiles

    recipe = read_recipe(text, str(path), files=RecipeFiles(path.parent))
    return without_places({name: getattr(recipe, name) for name in recipe.__match_args__ if name != "text"})


def without_places(value: object) -> object:
    """What a part of a recipe says, without where it says so."""
    if isinstance(value, Span):
        return None
    if isinstance(value, Frozen):
        parts = {name: getattr(value, name) for name in value.__match_args__}
        return (type(value).__name__, without_places(parts))
    if isinstance(value, Mapping):
        members = cast("Mapping[str, object]", value).items()
        return {name: without_places(member) for name, member in members}
    if isinstance(value, (tuple, list)):
        return [without_places(member) for member in cast("tuple[object, ...]", value)]
    return value


def _said(finding: Diagnostic) -> str:
    line = finding.span.line if finding.span else "-"
    return f"{finding.code} at {line}: {finding.message} [{finding.help} | {finding.fix!r} | {finding.edits}]"


def measure() -> Tally:
    """Every mutant of every ready recipe."""
    tally = Tally()
    for name, path in sorted(ready_recipes().items()):
        text = path.read_text(encoding="utf-8")
        if findings_of(text, str(path), path.parent):
            continue  # a recipe whose model is not on this machine has a finding of its own
        for mutant in mutants(path.name, text, SEED):
            tally.add(mutant, text, path)
        print(name, sum(tally.made.values()), "mutants so far", file=sys.stderr)
    return tally


def table(tally: Tally) -> str:
    """The tally in Markdown."""
    columns = (BACK, SAME, UNTOUCHED, OTHER)
    lines = [f"| mistake | mutants | reported at the line | {' | '.join(columns)} |"]
    lines.append("| --- " * (3 + len(columns)) + "|")
    rows = [(name, [name]) for name in tally.made]
    rows += [("all misspelt", list(MISSPELT)), ("all", list(tally.made))]
    for title, names in rows:
        made, placed = (sum(count[name] for name in names) for count in (tally.made, tally.placed))
        ends = (sum(tally.ends[name, end] for name in names) for end in columns)
        shown = " | ".join(f"{end} ({end / made:.1%})" for end in ends)
        lines.append(f"| {title} | {made} | {placed} ({placed / made:.1%}) | {shown} |")
    return "\n".join(lines)


if __name__ == "__main__":
    result = measure()
    rest = RESULTS.read_text(encoding="utf-8").partition("\n## ")
    RESULTS.write_text(HEAD + table(result) + "\n" + "".join(rest[1:]), encoding="utf-8")
    print(table(result))
    if "--misses" in sys.argv:
        print("\n".join(result.misses))
