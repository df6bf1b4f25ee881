"""Two mistakes in one recipe, at independent places: both are told in one round, and nothing that follows.

`python -m benchmarks.pairs` puts its lines into `benchmarks/RESULTS-recipes.md`; `--misses` lists what was
not told, or told beside.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.mutants import Mutant, mutants
from benchmarks.mutation_table import RESULTS, SEED, findings_of
from orchestrator.errors import Diagnostic
from orchestrator.library import ready_recipes
from orchestrator.text import read_tree

PAIRS = 300
HEAD = "\n## Two mistakes at once\n\n"
FOUR = """\
recipe: 1
name: item icons/v2
items:
  idea: [fire sword]
stages:
  expand: {use: expand}
  plan: {use: plan, with: {style: pixl, steps: many}}
  render: {use: render}
  other: {use: render, inputs: {plan: plan}}
  cut: {use: remove-background}
"""
"""A bad name, a bad param, two open ends and an unknown style."""
OF_FOUR = {("E117", 2), ("E203", 7), ("E220", 7), ("E209", 10)}

Told = tuple[str, int]
"""Code and line of a finding."""


@dataclass(frozen=True)
class Mistake:
    """One mutant as a change of the original text, with what is told of it alone.

    `units` are the members of `items:`, `stages:` … in which it stands or something is told of it.
    """

    what: str
    start: int
    end: int
    new: str
    old: str
    told: frozenset[Told]
    units: frozenset[int]

    @property
    def line(self) -> int:
        """Where it begins in the original."""
        return self.old.count("\n", 0, self.start) + 1

    @property
    def last_line(self) -> int:
        """Where it ends in the original."""
        return self.old.count("\n", 0, self.end) + 1

    @property
    def lines_more(self) -> int:
        """How many lines the text gains by it."""
        return self.new.count("\n") - self.old.count("\n", self.start, self.end)

    def in_original(self, line: int) -> int:
        """The line of the original behind a line of the mutant."""
        below = line > self.last_line + self.lines_more
        return line - self.lines_more if below else min(line, self.last_line)


@dataclass
class Tally:
    """What came of the pairs."""

    made: int = 0
    both: int = 0
    misses: list[str] = field(default_factory=list[str])

    def add(self, recipe: str, base: Path, one: Mistake, other: Mistake) -> None:
        """Checks a recipe with two mistakes."""
        told = {*_moved(one, other), *_moved(other, one)}
        found = _errors(findings_of(with_both(one, other), recipe, base))
        self.made += 1
        self.both += told == found
        if told != found:
            lacking, more = sorted(told - found), sorted(found - told)
            self.misses.append(f"{recipe}: {one.what} | {other.what}: lacking {lacking}, more {more}")


def with_both(one: Mistake, other: Mistake) -> str:
    """The text with two changes."""
    first, second = sorted((one, other), key=lambda mistake: mistake.start)
    old = one.old
    return old[: first.start] + first.new + old[first.end : second.start] + second.new + old[second.end :]


def mistakes(recipe: str, text: str, base: Path, rng: random.Random, most: int) -> Iterator[Mistake]:
    """Mutants of a recipe that are told as errors, by chance; those of whole sections are left out."""
    starts = _units(recipe, text)
    found = list(mutants(recipe, text, SEED))
    rng.shuffle(found)
    made = 0
    for mutant in found:
        told = _errors(findings_of(mutant.text, recipe, base))
        if told and mutant.what not in {"recipe", "stages", "items"}:
            yield _mistake(mutant, text, told, starts)
            made += 1
        if made == most:
            return


def independent(one: Mistake, other: Mistake) -> bool:
    """Whether neither stands, or is told, where the other does."""
    return not one.units & other.units and (one.end < other.start or other.end < one.start)


def _mistake(mutant: Mutant, text: str, told: frozenset[Told], starts: list[int]) -> Mistake:
    start = next((at for at, (a, b) in enumerate(zip(text, mutant.text, strict=False)) if a != b), len(text))
    most = min(len(text), len(mutant.text)) - start
    same = next((n for n in range(most) if text[-1 - n] != mutant.text[-1 - n]), most)
    end = len(text) - same
    new = mutant.text[start : len(mutant.text) - same]
    alone = Mistake(mutant.what, start, end, new, text, told, frozenset())
    lines = [*range(alone.line, alone.last_line + 1), *(alone.in_original(line) for _, line in told)]
    units = frozenset(sum(line >= first for first in starts) for line in lines)
    return Mistake(mutant.what, start, end, new, text, told, units)


def _units(recipe: str, text: str) -> list[int]:
    """The lines on which a key of the recipe or a member of one of its sections begins."""
    root = read_tree(text, recipe).root
    top = root.value if root is not None and isinstance(root.value, Mapping) else {}
    lines = [entry.key_span.line for entry in top.values()]
    for entry in top.values():
        if isinstance(entry.node.value, Mapping):
            lines += [member.key_span.line for member in entry.node.value.values()]
        elif isinstance(entry.node.value, tuple):
            lines += [member.span.line for member in entry.node.value]
    return sorted(set(lines))


def _errors(findings: Iterable[Diagnostic]) -> frozenset[Told]:
    errors = (each for each in findings if each.severity == "error")
    return frozenset((each.code, each.span.line) for each in errors if each.span is not None)


def _moved(one: Mistake, other: Mistake) -> Iterator[Told]:
    """What is told of one mistake alone, at its lines in the text with both."""
    for code, line in one.told:
        yield code, line + (other.lines_more if one.in_original(line) > other.last_line else 0)


def measure(pairs: int = PAIRS, most: int = 40, seed: int = SEED) -> Tally:
    """As many pairs, evenly from the ready recipes that have no finding themselves."""
    rng, tally = random.Random(seed), Tally()
    sound = {
        name: (path.name, text, path.parent)
        for name, path in sorted(ready_recipes().items())
        if not findings_of(text := path.read_text(encoding="utf-8"), path.name, path.parent)
    }
    for number, (recipe, text, base) in enumerate(sound.values()):
        found = list(mistakes(recipe, text, base, rng, most))
        fitting = [
            (one, other) for at, one in enumerate(found) for other in found[:at] if independent(one, other)
        ]
        share = pairs * (number + 1) // len(sound) - tally.made
        for one, other in rng.sample(fitting, min(share, len(fitting))):
            tally.add(recipe, base, one, other)
        print(recipe, tally.made, "pairs so far", file=sys.stderr)
    return tally


def of_four() -> int:
    """How many of the four mistakes of `FOUR` are told in one round; 0 where anything else is told."""
    found = _errors(findings_of(FOUR, "recipe.yaml", Path()))
    return len(found) if found <= OF_FOUR else 0


def lines(tally: Tally) -> str:
    """The result in Markdown."""
    return (
        "| recipe | told in one round |\n| --- | --- |\n"
        f"| a bad name, a bad param, two open ends, an unknown style | {of_four()} of 4 |\n"
        f"| {tally.made} pairs of independent mistakes: both told, and nothing that only follows "
        f"| {tally.both} ({tally.both / tally.made:.1%}; the bar is 98 %) |\n"
    )


if __name__ == "__main__":
    result = measure()
    before = RESULTS.read_text(encoding="utf-8").partition(HEAD)[0]
    RESULTS.write_text(before.rstrip("\n") + "\n" + HEAD + lines(result), encoding="utf-8")
    print(lines(result))
    if "--misses" in sys.argv:
        print("\n".join(result.misses))
