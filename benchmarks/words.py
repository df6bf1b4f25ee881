"""`python benchmarks/words.py`: fresh nouns mapped rightly, or rightly refused, by the word table.

Five lists, each written before the table that it judged. At first sight, with the 80 nouns of
`training/vocabulary.py`, it got 84.0 % of the first right, 79.9 % of the second, 85.3 % of the third, and
88.4 % of the fourth; the rules and the synonyms then learned from each, so that what is printed for these is
a regression figure. The fifth came after the last change: 91.2 % of 148, a third of them undrawable (89.5 %
of the 105 that are no synonym by hand).
A word counts as right where the noun drawn is the best one that the painter knows, or where it is refused and
the painter knows none.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from orchestrator.stage.vocabulary import Drawn, nearest_drawable

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "prompts" / "lexicons" / "drawable.json"
CARD = ROOT / "orchestrator" / "backends" / "embedded" / "painter" / "card.json"
FRESH = tuple(Path(__file__).parent / f"words_fresh{number}.txt" for number in ("", "_2", "_3", "_4", "_5"))

THINGS = json.loads(TABLE.with_name("things.json").read_text(encoding="utf-8"))
BAR = 0.9


@dataclass(frozen=True)
class Fresh:
    """A fresh subject, and the nouns that are right for it, in groups: the first known one counts."""

    subject: str
    groups: tuple[tuple[str, ...], ...]

    def right(self, nouns: frozenset[str]) -> frozenset[str]:
        """The right answers of a painter that knows these nouns; none: it is to be refused."""
        known = (frozenset(group) & nouns for group in self.groups)
        return next((group for group in known if group), frozenset())


def fresh_words(path: Path) -> Iterator[Fresh]:
    """The lines `SUBJECT: noun | noun > noun`, `-` for none."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            subject, _, right = line.rpartition(":")
            groups = (tuple(noun.strip() for noun in group.split("|")) for group in right.split(">"))
            yield Fresh(subject.strip(), tuple(group for group in groups if group != ("-",)))


def painter_nouns() -> frozenset[str]:
    """The nouns on the embedded painter's card; before there is one, those that are being trained."""
    if CARD.is_file():
        return frozenset(json.loads(CARD.read_text(encoding="utf-8"))["nouns"])
    sys.path.insert(0, str(ROOT))
    from training.vocabulary import NOUNS

    return frozenset(NOUNS)


def main() -> int:
    """Prints a table for each list; fails when the held-out one is under the bar of 90 %."""
    started = perf_counter()
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    loaded = perf_counter() - started
    nouns = painter_nouns()
    print(f"{len(nouns)} nouns; table {TABLE.stat().st_size / 1024:.0f} KB, loaded in {loaded * 1000:.0f} ms")
    shares = [_report(path, nouns, table) for path in FRESH]
    return 0 if shares[-1] >= BAR else 1


def _report(path: Path, nouns: frozenset[str], table: Mapping[str, object]) -> float:
    answers = [(word, nearest_drawable(word.subject, nouns, THINGS, table)) for word in fresh_words(path)]
    answers = [(word, drawn) for word, drawn in answers if word.subject not in nouns]
    right = [word for word, drawn in answers if _is_right(word, drawn, nouns)]
    print(f"\n| {path.name} | right | of | |\n|---|---|---|---|")
    for name, wanted in (("drawable: mapped to the nearest noun", True), ("undrawable: refused", False)):
        group = [word for word, _ in answers if bool(word.right(nouns)) is wanted]
        _row(name, sum(word in right for word in group), len(group))
    _row("all", len(right), len(answers))
    for how in sorted({drawn.how for _, drawn in answers} - {"unknown"}):
        group = [word for word, drawn in answers if drawn.how == how]
        _row(f"answered by {how}", sum(word in right for word in group), len(group))
    print()
    for word, drawn in answers:
        if word not in right:
            wanted = " or ".join(sorted(word.right(nouns))) or "to be refused"
            print(f"wrong: {word.subject} → {drawn.noun or 'refused'} ({drawn.how}), {wanted}")
    return len(right) / len(answers)


def _is_right(word: Fresh, drawn: Drawn, nouns: frozenset[str]) -> bool:
    right = word.right(nouns)
    return drawn.noun in right if right else drawn.noun is None


def _row(name: str, right: int, of: int) -> None:
    print(f"| {name} | {right} | {of} | {right / max(1, of):.1%} |")


if __name__ == "__main__":
    sys.exit(main())
