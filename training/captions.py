"""Captions of a subject: tag lists, sentences, and the rich form that the product's planner writes."""

from __future__ import annotations

import random
from typing import NamedTuple

from training import words
from training.materials import MATERIALS
from training.vocabulary import ATTRIBUTES, COLOURS, NOUNS, SYNONYMS, TAKEN

FREE = {
    name: tuple(w for w in getattr(words, name) if w not in TAKEN)
    for name in ("FILLERS", "MODIFIERS", "HELD_OUT")
}
"""The banks without words that are nouns: a plain caption says the noun nowhere else."""


class Subject(NamedTuple):
    """What a picture shows; `colour` "" means the natural ones, `material` "" the usual one."""

    noun: str
    style: str
    colour: str
    background: str
    material: str = ""

    @property
    def thing(self) -> str:
        """Colour, material and noun, as they stand in the planner's head."""
        return " ".join(word for word in (self.colour, self.material, self.noun) if word)


def subject(row: list[int]) -> Subject:
    """From the indexes of noun, colour, background, style, material."""
    noun, colour, background, style, material = (values[k] for values, k in zip(ATTRIBUTES, row, strict=True))
    return Subject(noun, style, colour, background, material)


def head(subject: Subject) -> str:
    """The planner's words for a subject, before the first comma."""
    return f"{subject.style} style icon of {_article(subject.thing)} {subject.thing}"


def short(subject: Subject) -> str:
    """The short caption of a subject, in the planner's form."""
    return f"{head(subject)}, {subject.background} background"


def noun_text(noun: str) -> str:
    """The caption of a noun alone, also the one for zero-shot reading."""
    return f"{_article(noun)} {noun} icon"


RICH = 0.5
"""Part of the captions in the planner's form."""

SYLLABLE = (
    (
        "",
        "b",
        "c",
        "d",
        "f",
        "g",
        "gl",
        "h",
        "j",
        "l",
        "m",
        "n",
        "p",
        "pr",
        "qu",
        "r",
        "s",
        "st",
        "t",
        "v",
        "w",
        "wh",
    ),
    ("a", "e", "i", "o", "u", "ea", "ai", "ou", "ie"),
    ("", "", "b", "d", "l", "m", "n", "nt", "r", "rd", "s", "st", "t", "x", "z", "zz"),
)


def caption(subject: Subject, rng: random.Random, held_out: bool = False, invent: bool = True) -> str:
    """A caption by chance.

    `held_out` uses wording that no training caption has, and names all attributes; `invent` mixes words in
    that no one knows.
    """
    invent = invent and not held_out
    if rng.random() < RICH:
        return rich(subject, rng, held_out, invent)
    return plain(subject, rng, held_out, invent)


def rich(subject: Subject, rng: random.Random, held_out: bool = False, invent: bool = False) -> str:
    """The planner's form: what stands before the first comma is the truth."""
    noun, background, material = subject.noun, subject.background, subject.material
    parts = [head(subject), _idea(noun, material, rng, held_out, invent) if rng.random() < 0.85 else ""]
    parts.append(_material(material, rng) if rng.random() < 0.6 else "")
    parts.append(rng.choice(words.LIGHTS) if rng.random() < 0.6 else "")
    parts.append(rng.choice(words.VIEWS) if rng.random() < 0.6 else "")
    parts.append(f"{background} background")
    bank = words.DETAILS + (words.HELD_OUT_DETAILS * 4 if held_out else ())
    parts += rng.sample(bank, rng.choice((0, 1, 2, 2, 3)))
    return ", ".join(part for part in parts if part)


def _article(word: str) -> str:
    return "an" if word[:1] in "aeiou" else "a"


def _material(named: str, rng: random.Random) -> str:
    """A material that is mere wording; the one of the head, more often than not, where that names one."""
    material = named if named and rng.random() < 0.6 else rng.choice(words.MATERIALS)
    return f"{rng.choice(words.FINISHES)} {material}" if rng.random() < 0.4 else material


def _idea(noun: str, material: str, rng: random.Random, held_out: bool, invent: bool) -> str:
    """What a user may have typed: the noun or a synonym among other nouns, colours, modifiers; or neither."""
    word = rng.choice(SYNONYMS[noun]) if noun in SYNONYMS and rng.random() < 0.3 else noun
    if rng.random() < 0.08:
        word = rng.choice(words.SUBJECT_WORDS)
    made = [rng.choice(MATERIALS[material].words)] if material and rng.random() < 0.7 else []
    return " ".join([*_modifiers(rng, held_out, invent), *made, word, *_ending(rng)])


def _modifiers(rng: random.Random, held_out: bool, invent: bool) -> list[str]:
    banks: list[tuple[str, ...]] = [
        words.SUBJECT_WORDS,
        words.MODIFIERS,
        tuple(NOUNS),
        tuple(COLOURS),
    ]
    weights = [5, 4, 5, 2]
    if invent:
        banks, weights = [*banks, (invented(rng),)], [*weights, 3]
    if held_out:
        banks, weights = [*banks, words.HELD_OUT], [*weights, 12]
    count = rng.choice((0, 1, 1, 2, 2, 3))
    return [rng.choice(bank) for bank in rng.choices(banks, weights, k=count)]


def _ending(rng: random.Random) -> list[str]:
    if rng.random() < 0.75:
        return []
    return [rng.choice(words.ENDINGS)] if rng.random() < 0.8 else [f"of the {rng.choice(list(NOUNS))}"]


def plain(subject: Subject, rng: random.Random, held_out: bool = False, invent: bool = False) -> str:
    """A tag list or a sentence with zero to six fillers; may leave out style or background in training."""
    noun, style, colour, background, _ = subject
    material = rng.choice((subject.material, *MATERIALS[subject.material].words)) if subject.material else ""
    if not held_out:
        noun = rng.choice(SYNONYMS[noun]) if noun in SYNONYMS and rng.random() < 0.12 else noun
        if rng.random() < 0.03:
            return rng.choice((f"{material} {noun}".strip(), f"a {f'{material} {noun}'.strip()} icon"))
        style = style if rng.random() < 0.92 else ""
        background = background if rng.random() < 0.94 else ""
    bank = FREE["FILLERS"] + (FREE["HELD_OUT"] * 3 if held_out else FREE["MODIFIERS"])
    fillers = [_filler(bank, rng, invent) for _ in range(rng.choice((0, 0, 1, 1, 2, 3, 4, 6)))]
    make = _tags if rng.random() < 0.5 else _sentence
    return make(f"{material} {noun}".strip(), style, colour, background, fillers, rng)


def _filler(bank: tuple[str, ...], rng: random.Random, invent: bool) -> str:
    """A word of the bank, or an invented one, so that unknown words come to mean nothing."""
    return invented(rng) if invent and rng.random() < 0.35 else rng.choice(bank)


def invented(rng: random.Random) -> str:
    """A word that is none, of two to four syllables."""
    syllables = ["".join(rng.choice(part) for part in SYLLABLE) for _ in range(rng.choice((1, 2, 2, 3)))]
    return "".join(syllables) + rng.choice(
        ("", "", "al", "ed", "ing", "ous", "y", "ish", "ic", "able", "ful", "ive")
    )


def _tags(noun: str, style: str, colour: str, background: str, fillers: list[str], rng: random.Random) -> str:
    thing = [f"{colour} {noun}".strip()] if rng.random() < 0.6 else [noun, colour]
    ground = rng.choice(("on {} background", "{} background", "on a {} background")).format(background)
    tags = [tag for tag in (style, *thing, ground if background else "", *fillers) if tag]
    rng.shuffle(tags)
    return rng.choice((" ", ", ", ", ")).join(tags)


def _sentence(
    noun: str, style: str, colour: str, background: str, fillers: list[str], rng: random.Random
) -> str:
    half = len(fillers) // 2
    before, after = " ".join(fillers[:half]), ", ".join(fillers[half:])
    icon = rng.choice((" icon", "", " game icon", " sprite"))
    ground = rng.choice((" on a {} background", " on {} background", ", {} background", " on {}")).format(
        background
    )
    ground = ground if background else ""
    text = rng.choice(
        (
            f"a {before} {colour} {style} {noun}{icon}{ground}",
            f"a {colour} {before} {noun}{icon}{f', {style} style' if style else ''}{ground}",
            f"{style} icon of a {before} {colour} {noun}{ground}",
            f"{colour} {noun}, {style} {before}{ground}",
            f"the {style} {before} {colour} {noun}{icon}{ground}",
        )
    )
    text = " ".join((text + (f", {after}" if after else "")).split())
    return text.replace(" ,", ",").replace(",,", ",")
