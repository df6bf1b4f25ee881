"""What other tools read in a prompt and nobody here does: taken out for reading, and told.

Ids, seeds and file names come from the text as it was written; this is for reading alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from orchestrator.frozen import Frozen

_FOREIGN_MARKS: Final = str.maketrans("。、【】「」『』〈〉《》“”„«»‘’‚`´", '.,[]"""""""""""""\'\'\'\'\'')
_JOINERS: Final = "\u200c\u200d"
_LORA: Final = re.compile(
    r"<(?:lora|lyco|locon|hypernet|embedding)\s*:\s*([^<>:]{1,80})[^<>]{0,40}>", re.IGNORECASE
)
_NEGATIVE_LINE: Final = re.compile(r"[,.;]?\s*\bnegative prompt\s*:\s*(.*)$", re.IGNORECASE)
_NO: Final = re.compile(r"(?:^|\s)--no\s+((?:(?!\s--)[^\n])+)")
_FLAG: Final = re.compile(
    r"(?:^|\s)--[a-z][\w-]*(?:\s+(?!--)[\w.:%/-]*\d[\w.:%/-]*|\s+(?:raw|cute|fast|relax|turbo))?",
    re.IGNORECASE,
)
_SCHEDULE: Final = re.compile(r"\[([^\[\]:]{0,60}):([^\[\]:]{0,60}):\s*\d*\.?\d+\s*\]")
_WEIGHT: Final = re.compile(r"[(\[]+\s*([^()\[\]:]{1,200}?)\s*:\s*-?\d*\.?\d+\s*[)\]]+")
_AFTER: Final = re.compile(r"\(([^()]{1,200})\)\s*(?:\d\.\d+|[+-]{1,5}(?=[\s,]|$))")
_SIGNS: Final = re.compile(r"(?<=\w)(?:\+{2,5}|-{2,5})(?=[\s,]|$)")
_PARTS: Final = re.compile(r"::\s*-?\d*\.?\d*")
_NESTED: Final = re.compile(r"\({2,}\s*([^()]{1,200}?)\s*\){2,}|\[+\s*([^\[\]|]{1,200}?)\s*\]+")
_FIRST: Final = re.compile(r"^\(([^()]{1,200})\)(?=\s*\w)")
_BREAK: Final = re.compile(r"\s*\bBREAK\b\s*,?")
_QUALITY: Final = frozenset(
    (
    "masterpiece", "best quality", "high quality", "highest quality", "top quality", "good quality",
    "amazing quality", "ultra quality", "very aesthetic", "aesthetic", "absurdres", "highres",
    "high res", "hires", "hi res", "lowres", "high resolution", "ultra high resolution", "uhd", "hd",
    "ultra hd", "full hd", "4k", "8k", "16k", "2k", "8k uhd", "4k uhd", "8k resolution",
    "4k resolution", "hdr", "ultra detailed", "extremely detailed", "highly detailed", "super detailed",
    "insanely detailed", "intricate details", "intricate detail", "hyper detailed", "hyperdetailed",
    "ultra-detailed", "hyperrealistic", "hyper realistic", "hyper-realistic", "photorealistic",
    "ultra realistic", "award winning", "award-winning", "sharp focus", "trending on artstation",
    "artstation", "deviantart", "unreal engine", "unreal engine 5", "octane render", "professional",
    "perfect", "stunning", "newest", "official art", "very detailed", "high detail", "raw photo",
    "beautiful detailed", "detailed", "original",
)
)  # fmt: skip
_SCORE: Final = re.compile(r"(?:score|rating|source)_\w+")
_BLANKS: Final = re.compile(r"\s+(?=[,.;:!?)])|(?<=\()\s+")


class Marked(Frozen):
    """An idea as it is read.

    Attributes:
        text: without marks.
        negative: what marks said to keep out (`--no text`).
        told: one sentence for each kind of mark, each naming what was found.
    """

    text: str
    negative: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


def read_marks(idea: str) -> Marked:
    """Takes the marks of other tools out of an idea; where nothing is left, it stays as it is."""
    plain = normalised(idea)
    if not _MAY_MARK.search(plain) and "," not in plain:
        return Marked(plain)
    told: list[str] = []
    text, negative = plain, list[str]()
    for pattern in (_NEGATIVE_LINE, _NO):
        found = pattern.search(text)
        if found is not None:
            negative += [part.strip() for part in found[1].split(",") if part.strip()]
            told.append(f"`{found[0].strip(' ,.;')[:40]}` is read as what must not be seen")
            text = text[: found.start()] + text[found.end() :]
    for pattern, kept, sentence in _KINDS:
        text = _without(text, pattern, kept, sentence, told)
    text = _BLANKS.sub("", _without_quality(text, told))
    text = " ".join(text.split()).strip(" ,")
    return Marked(text, tuple(negative), tuple(told)) if any(map(str.isalnum, text)) else Marked(plain)


def normalised(text: str) -> str:
    """NFKC on one line, single blanks, plain quotes and brackets; characters that show nothing are gone.

    Joiners stay where they belong: among letters of scripts that shape, and inside an emoji.
    """
    composed = unicodedata.normalize("NFKC", text).translate(_FOREIGN_MARKS)
    shown = "".join(
        " " if character.isspace() else character
        for at, character in enumerate(composed)
        if character.isspace() or unicodedata.category(character)[0] != "C" or _joins(composed, at)
    )
    return " ".join(shown.split())


def _joins(text: str, at: int) -> bool:
    """Whether a joiner stands between two characters that it may join."""
    if text[at] not in _JOINERS or not 0 < at < len(text) - 1:
        return False
    before, after = text[at - 1], text[at + 1]
    shaped = unicodedata.category(before)[0] in "LM" and not before.isascii() and not after.isascii()
    return (shaped and unicodedata.category(after)[0] in "LM") or (_is_emoji(before) and _is_emoji(after))


def _is_emoji(character: str) -> bool:
    return unicodedata.category(character) in {"So", "Sk"} or character == "\ufe0f"


def _without(
    text: str, pattern: re.Pattern[str], kept: Callable[[re.Match[str]], str], sentence: str, told: list[str]
) -> str:
    found = [match[0].strip() for match in pattern.finditer(text)]
    if found and sentence:
        told.append(sentence.format(", ".join(f"`{each[:40]}`" for each in dict.fromkeys(found))))
    return pattern.sub(kept, text)


def _without_quality(text: str, told: list[str]) -> str:
    clauses = [clause.strip() for clause in text.split(",")]
    kept = [clause for clause in clauses if not _is_quality(clause)]
    if not any(kept) or len(kept) == len(clauses):
        return text
    dropped = ", ".join(f"`{clause}`" for clause in clauses if clause and clause not in kept)
    if dropped:
        told.append(f"{dropped}: words of praise are left out, every picture is meant to be good")
    return ", ".join(clause for clause in kept if clause)


def _is_quality(clause: str) -> bool:
    folded = clause.casefold().strip(" .")
    return folded in _QUALITY or _SCORE.fullmatch(folded) is not None


def _inside(match: re.Match[str]) -> str:
    return next((group for group in match.groups() if group is not None), "")


def _last(match: re.Match[str]) -> str:
    return match[2] or match[1]


def _nothing(match: re.Match[str]) -> str:
    del match
    return " "


def _end(match: re.Match[str]) -> str:
    del match
    return ""


_WEIGHTS: Final = "{}: weights are not read"
_KINDS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str], str], ...]] = (
    (_LORA, _nothing, "{}: a LoRA is part of a model: give the role `painter` a model that holds it"),
    (_FLAG, _nothing, "{}: flags are not read; `plan` has `width`, `height`, `steps` and `style`"),
    (_SCHEDULE, _last, "{}: words that change while drawing are not read"),
    (_WEIGHT, _inside, _WEIGHTS),
    (_AFTER, _inside, _WEIGHTS),
    (_SIGNS, _end, _WEIGHTS),
    (_PARTS, _nothing, _WEIGHTS),
    (_NESTED, _inside, "{}: brackets for weight are not read"),
    (_BREAK, _nothing, "{}: it parts nothing here"),
    (_FIRST, _inside, ""),
)  # fmt: skip
_MAY_MARK: Final = re.compile(r"[<\[(:+]|--|BREAK|_|[Nn]egative")
