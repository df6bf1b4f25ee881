"""The hand-written lists, and the senses and is-a chains that follow from them and from WordNet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from training.lexicon.wordnet import WordNet

HERE = Path(__file__).parent
THINGS = frozenset(
    (
        "animal",
        "artifact",
        "food",
        "plant",
        "object",
        "body",
        "substance",
        "phenomenon",
        "possession",
        "shape",
    )
)
"""Lexicographer files of what one can draw. Persons count only under an anchor (a knight, a witch)."""

_BLOOM = re.compile(r"\b(?:flowers?|flowered|blossoms?|blooms?)\b")
_PARENTHESIS = re.compile(r"\([^)]*\)")
_WORD = re.compile(r"[a-z]+|[,;:]")
_AFTER_THE_GENUS = frozenset(
    ", ; : of with that which used to for in having from made or and on at by whose where worn who".split()  # noqa: SIM905 - words
)
_NAMED = frozenset({"food", "artifact"})
_RARE = 0.2
_TOO_FEW = 5
"""A lemma that texts tagged no oftener than that has no order of senses to rely on."""
_FIRST_SENSES = 3


@dataclass(frozen=True, slots=True)
class Anchors:
    """The nouns a painter may know, by the meanings that each stands for."""

    nouns: tuple[str, ...]
    by_meaning: Mapping[int, tuple[str, ...]]


def read_anchors(net: WordNet, extra: Iterable[str] = ()) -> Anchors:
    """`anchors.txt`, and further nouns under their first sense that one can touch."""
    lines = dict(entry for entry in _entries(HERE / "anchors.txt"))
    lines = {**dict.fromkeys(extra, ()), **lines}
    by_meaning: dict[int, tuple[str, ...]] = {}
    for noun, references in lines.items():
        for reference in _meanings(net, noun, references):
            by_meaning[reference] = (*by_meaning.get(reference, ()), noun)
    return Anchors(tuple(lines), by_meaning)


def _meanings(net: WordNet, noun: str, references: tuple[str, ...]) -> tuple[int, ...]:
    if references:
        return tuple(net.sense(reference) for reference in references if reference != "-")
    touched = (
        offset for offset in net.senses.get(noun, ()) if net.synsets[offset].file in {*THINGS, "person"}
    )
    return tuple(offset for offset, _ in zip(touched, range(1), strict=False))


def read_synonyms() -> dict[str, tuple[str, ...]]:
    """`synonyms.txt` turned round: for each word its nouns, the best first."""
    nouns: dict[str, tuple[str, ...]] = {}
    for noun, words in _entries(HERE / "synonyms.txt"):
        for word in words:
            nouns[word] = (*nouns.get(word, ()), noun)
    return nouns


def read_refused() -> frozenset[str]:
    """`refused.txt`."""
    lines = (HERE / "refused.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def chain(net: WordNet, anchors: Anchors, lemma: str) -> tuple[str, ...]:
    """The anchors above a lemma, the nearest first; those of its first sense before those of the next.

    Where no sense has one, the thing that the gloss begins with counts: a foal is "a young horse".
    """
    senses = usual_senses(net, lemma)
    found = [noun for offset in senses for noun in _above(net, anchors, offset)]
    if found:
        return tuple(dict.fromkeys(found))
    return next(filter(None, (_genus(net, anchors, offset) for offset in senses)), ())


def _above(net: WordNet, anchors: Anchors, offset: int) -> list[str]:
    """The anchors above a meaning, the nearest first; a plant that blooms is a flower before it is a leaf."""
    found = [noun for above, _ in net.ancestors(offset) for noun in anchors.by_meaning.get(above, ())]
    blooms = ["flower"] if _flowers(net, offset) and "tree" not in found else []
    return sorted([*found, *blooms], key=lambda noun: noun == "leaf")


def _genus(net: WordNet, anchors: Anchors, offset: int) -> tuple[str, ...]:
    """Anchors of the same kind above the noun with which a gloss begins."""
    kind = net.synsets[offset].file
    words = _WORD.findall(_PARENTHESIS.sub("", net.synsets[offset].gloss).lower())
    until = next((at for at, word in enumerate(words) if word in _AFTER_THE_GENUS), len(words))
    head = words[until - 1] if until else ""
    if kind not in THINGS or head not in net.senses:
        return ()
    meant = next((sense for sense in net.senses[head] if net.synsets[sense].file == kind), None)
    above = net.ancestors(meant) if meant is not None else ()
    return tuple(dict.fromkeys(noun for meaning, _ in above for noun in anchors.by_meaning.get(meaning, ())))


def _flowers(net: WordNet, offset: int) -> bool:
    """Whether a plant is known for its flowers: WordNet files most of them as herbs and shrubs."""
    synset = net.synsets[offset]
    return synset.file == "plant" and _BLOOM.search(synset.gloss) is not None


def usual_senses(net: WordNet, lemma: str) -> list[int]:
    """Senses that a reader thinks of: the first, and those that texts use nearly as often; no proper names.

    A fruit or an animal goes before the plant of its name (`plum`), and so does an idea (`honesty`).
    """
    counts = [net.counts.get((lemma, offset), 0) for offset in net.senses[lemma]]
    usual = [
        offset
        for place, (offset, count) in enumerate(zip(net.senses[lemma], counts, strict=True))
        if place == 0
        or count >= max(1.0, _RARE * max(counts))
        or (max(counts) <= _TOO_FEW and place < _FIRST_SENSES)
    ]
    common = [offset for offset in usual if _is_common(net, lemma, offset)]
    no_plant = any(net.synsets[offset].file in {"food", "animal"} for offset in common) or (
        bool(common) and net.synsets[common[0]].file not in THINGS
    )
    return [offset for offset in common if not no_plant or net.synsets[offset].file != "plant"]


def _is_common(net: WordNet, lemma: str, offset: int) -> bool:
    """Whether the meaning is no proper name; foods and kinds of things may have one (`Parmesan`)."""
    synset = net.synsets[offset]
    written = {word.lower() if synset.file in _NAMED else word for word in synset.words}
    return not synset.instance and lemma in written


def _entries(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            noun, _, rest = line.partition(":")
            yield noun.strip(), tuple(rest.split())
