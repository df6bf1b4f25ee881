"""From the lists, WordNet and the embedding to one table: word → nouns that may be drawn for it, best first.

A noun is written with the reason before it: `=` a synonym by hand, `>` is-a, `~` near by embedding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from training.lexicon.embedding import Embedding
from training.lexicon.sources import THINGS, Anchors, chain, usual_senses
from training.lexicon.wordnet import WordNet

_NEAR = 0.64
"""Below it, by eye, more than every second word meant something else."""
_MOST = 6


@dataclass(frozen=True, slots=True)
class Sources:
    """What the table is made from."""

    net: WordNet
    anchors: Anchors
    synonyms: Mapping[str, tuple[str, ...]]
    refused: frozenset[str]


def make_table(sources: Sources, embedding: Embedding) -> dict[str, object]:
    """The whole table; the same from the same sources."""
    words = {word: _reasoned(sources, word) for word in sorted({*sources.net.senses, *sources.synonyms})}
    words = {word: nouns for word, nouns in words.items() if nouns}
    words |= {word: (f"~{noun}",) for word, noun in _near(sources, embedding, words).items()}
    words |= dict.fromkeys(sources.refused, ())
    written = {word: " ".join(_with_fallbacks(words, word, nouns)) for word, nouns in words.items()}
    kept = {word: text for word, text in written.items() if "_" not in word} | _odd_compounds(
        sources, written
    )
    kept |= _joined(kept, written, embedding.common)
    chains = sorted(set(kept.values()))
    place = {text: at for at, text in enumerate(chains)}
    return {
        "from": "WordNet 3.1 (see drawable.LICENSE), training/lexicon; made by `python -m training.lexicon`",
        "chains": chains,
        "words": {word: place[kept[word]] for word in sorted(kept)},
    }


def _reasoned(sources: Sources, word: str) -> tuple[str, ...]:
    by_hand = [f"={noun}" for noun in sources.synonyms.get(word, ())]
    is_a = chain(sources.net, sources.anchors, word) if word in sources.net.senses else ()
    return _first_of_each([*by_hand, *(f">{noun}" for noun in is_a)], word)


def _with_fallbacks(
    words: Mapping[str, tuple[str, ...]], word: str, nouns: tuple[str, ...]
) -> tuple[str, ...]:
    """After a word's own nouns, those that stand for these nouns, under the reason that led there."""
    further = [reason[0] + noun[1:] for reason in nouns for noun in words.get(reason[1:], ())]
    return _first_of_each([*nouns, *further], word)[:_MOST]


def _first_of_each(reasons: Iterable[str], word: str) -> tuple[str, ...]:
    by_noun: dict[str, str] = {}
    for reason in reasons:
        by_noun.setdefault(reason[1:], reason)
    by_noun.pop(word, None)
    return tuple(by_noun.values())


def _joined(kept: Mapping[str, str], written: Mapping[str, str], common: frozenset[str]) -> dict[str, str]:
    """Compounds of common words as people write them together: `chainmail`, `landmine`."""
    joined: dict[str, str] = {}
    for word, nouns in written.items():
        parts = word.split("_")
        if len(parts) > 1 and common.issuperset(parts) and "".join(parts) not in kept:
            joined["".join(parts)] = nouns
    return joined


def _odd_compounds(sources: Sources, written: Mapping[str, str]) -> dict[str, str]:
    """Compounds that are not drawn as their last word is: `sea lion` is no lion, `hot dog` no dog."""
    odd: dict[str, str] = {}
    for word in sorted({*sources.net.senses, *sources.synonyms}):
        head = word.rpartition("_")[2]
        nouns = written.get(word, "")
        drawable = head in written or head in sources.anchors.nouns
        if (
            "_" in word
            and (nouns or drawable)
            and nouns != written.get(head, "")
            and not _is_a(sources, word, head, nouns)
        ):
            odd[word] = nouns
    return odd


def _is_a(sources: Sources, word: str, head: str, nouns: str) -> bool:
    """Whether the compound is a kind of what its last word names (an `orchid cactus`), or a proper name."""
    net = sources.net
    if word in sources.synonyms:
        return False
    meanings = usual_senses(net, word)
    return (
        not meanings
        or (
            not nouns
            and (
                net.synsets[meanings[0]].file in {"plant", "animal"} or head in net.synsets[meanings[0]].gloss
            )
        )
        or any(head in net.synsets[above].words for above, distance in net.ancestors(meanings[0]) if distance)
    )


def _near(sources: Sources, embedding: Embedding, decided: Mapping[str, object]) -> dict[str, str]:
    """Common things that no chain decides, and the noun of their kind whose word and gloss are nearest."""
    net = sources.net
    asked = {
        word: usual_senses(net, word)[0] for word in net.senses if _is_open(sources, embedding, word, decided)
    }
    nouns = {
        noun: meaning for meaning, nouns in reversed(sources.anchors.by_meaning.items()) for noun in nouns
    }
    nearness = sum(
        embedding.embed([form(net, *entry) for entry in asked.items()])
        @ embedding.embed([form(net, *entry) for entry in nouns.items()]).T
        for form in (_word, _word_and_gloss)
    )
    found: dict[str, str] = {}
    for row, (word, meaning) in zip((nearness / 2).tolist(), asked.items(), strict=True):
        kind = net.synsets[meaning].file
        same_kind = [
            (near, noun)
            for near, noun in zip(row, nouns, strict=True)
            if net.synsets[nouns[noun]].file == kind
        ]
        near, noun = max(same_kind, default=(0.0, ""))
        found |= {word: noun} if near >= _NEAR else {}
    return found


def _is_open(sources: Sources, embedding: Embedding, word: str, decided: Mapping[str, object]) -> bool:
    if "_" in word or word in decided or word in sources.refused or word in sources.anchors.nouns:
        return False
    net, meaning = sources.net, next(iter(usual_senses(sources.net, word)), None)
    if meaning is None or net.synsets[meaning].file not in THINGS:
        return False
    return word in embedding.common or any(net.counts.get((word, sense), 0) for sense in net.senses[word])


def _word(net: WordNet, word: str, meaning: int) -> str:
    del net, meaning
    return word


def _word_and_gloss(net: WordNet, word: str, meaning: int) -> str:
    return f"{word}: {net.synsets[meaning].gloss.partition(';')[0]}"
