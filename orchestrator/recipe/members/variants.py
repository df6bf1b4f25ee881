"""Variant syntax in an idea: `{red|blue}`, `{2$$a|b|c}`, `__colour__`; every combination, in a stable order.

`dynamicprompts` 0.31 reads the same syntax. It is not used: it does not tell which words were chosen (an id
needs them); a missing wildcard stays in the text, repeated without end; `}` that closes nothing is kept; what
stands behind a `#` is dropped; 300 braces are a RecursionError; it opens the wildcard files by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from math import comb, prod
from typing import Final, TypeAlias

from orchestrator.errors import Span
from orchestrator.errors.phrases import shown
from orchestrator.recipe.members.wildcards import Wildcards
from orchestrator.recipe.reach import Reach
from orchestrator.text import Node, capped

_TOKEN: Final = re.compile(
    r"\\[\\{}|_]|\$\{|[{}|]"
    r"|__(?P<name>[^\W_](?:[\w/-]| (?! ))*?(?<! ))__"
    r"|__(?P<strange>[^\s_](?:(?!__)[^\n{}|]){0,80})__"
)
_SEVERAL: Final = re.compile(
    r"\s*+(?P<count>\d{1,3})\$\$(?:(?P<between>[^|{}$]{0,20}|\s{0,9}[|$]\s{0,9})\$\$)?"
)
_SAMPLER: Final = re.compile(r"[~@!](?=[^\s}])")
_RANGE: Final = re.compile(r"\s*+-?\d++\s*+\.\.\s*+-?\d++\s*+")
_WEIGHED: Final = re.compile(r"\s*+\d++(?:\.\d++)?::")
_OTHER_BRACKETS: Final = re.compile(r"[\[<](?P<options>[^\[\]<>{}|\n]*\|[^\[\]<>{}\n]*)[\]>]")
_MARKS: Final = re.compile(r"\s*+(?:\d*+\s*+-\s*+\d*+\$\$|\d++(?:\.\d++)?::)")
_NO_WILDCARD: Final = (
    "`__colour__` stands for each line of `wildcards/colour.txt`; patterns, signs and arguments are not read"
)
_DEEPEST: Final = 16
_COUNTED: Final = 10**12


@dataclass(frozen=True, slots=True)
class _Choice:
    """One of its options, or `take` of them in their order, with `between` among them."""

    options: tuple[_Sequence, ...]
    take: int = 1
    between: str = ", "


_Sequence: TypeAlias = "tuple[str | _Choice, ...]"


class _Broken(Exception):  # noqa: N818 - it ends the parsing, and says where
    def __init__(self, at: int, what: str, help_: str, fix: str = "") -> None:
        super().__init__(what)
        self.at, self.what, self.help, self.fix = at, what, help_, fix


def expand(idea: str, node: Node, reach: Reach) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each idea that a text stands for, with the words that were chosen for it, outermost choices only.

    Nothing where the syntax is broken, a wildcard is missing, or there are too many; a finding says why.
    """
    try:
        _refuse_other_brackets(idea)
        parts = _Parser(idea, Wildcards(reach, node.span)).whole()
    except _Broken as broken:
        _tell(broken, idea, node, reach)
        return
    if parts is None:
        return
    count = _count(parts)
    if count > reach.caps.choices:
        help_ = "take options out, or write two ideas"
        number = f"{count:,}" if count < _COUNTED else "too many"
        what = f"the idea stands for {number} ideas"
        reach.findings.add(capped("choices", reach.caps.choices, what, node.span, help=help_))
        return
    yield from _texts(parts, count > 1)


def _refuse_other_brackets(idea: str) -> None:
    """`[a|b]` and `<a|b>` choose in other tools; here they would be drawn as they stand."""
    found = _OTHER_BRACKETS.search(idea)
    if found is not None and "{" not in idea:
        what = f"`{shown(found.group(), 40)}` is no choice"
        braced = f"{idea[: found.start()]}{{{found['options']}}}{idea[found.end() :]}"
        help_ = "a choice stands in braces; for the sign itself write `\\|`"
        raise _Broken(found.start(), what, help_, _quoted(braced))


def _texts(parts: _Sequence, chosen: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
    places = [each for each in parts if not isinstance(each, str)]
    for picks in product(*(_options(place) for place in places)):
        remaining = iter(picks)
        text = "".join(each if isinstance(each, str) else next(remaining) for each in parts)
        yield " ".join(text.split()), picks if chosen else ()


def _options(choice: _Choice) -> list[str]:
    """What one choice may become, as texts."""
    if choice.take == 1:
        return [text for option in choice.options for text in _all(option)]
    return [
        choice.between.join(text.strip() for text in texts)
        for picked in combinations(choice.options, choice.take)
        for texts in product(*(_all(option) for option in picked))
    ]


def _all(parts: _Sequence) -> list[str]:
    choices = [[each] if isinstance(each, str) else _options(each) for each in parts]
    return ["".join(picked) for picked in product(*choices)]


def _count(parts: _Sequence) -> int:
    return prod(_count_choice(each) for each in parts if not isinstance(each, str))


def _count_choice(choice: _Choice) -> int:
    """Combinations of `take` options, each counted with what it stands for (elementary symmetric sums)."""
    counts = [_count(option) for option in choice.options]
    if choice.take == 1:
        return sum(counts)
    if set(counts) == {1}:
        return comb(len(counts), choice.take)
    sums = [1] + [0] * choice.take
    for count in counts:
        for size in range(choice.take, 0, -1):
            sums[size] += sums[size - 1] * count
    return sums[choice.take]


class _Parser:
    def __init__(self, text: str, wildcards: Wildcards, depth: int = 0) -> None:
        self._text, self._wildcards, self._depth = text, wildcards, depth
        self._at = 0
        self._sound = True

    def whole(self) -> _Sequence | None:
        """The text to its end; None where a wildcard has a finding."""
        parts = self._sequence(top=True)
        return parts if self._sound else None

    def _sequence(self, *, top: bool) -> _Sequence:
        """Up to the `|` or `}` that ends it, which is left."""
        parts: list[str | _Choice] = []
        while found := _TOKEN.search(self._text, self._at):
            if found.start() > self._at:
                parts.append(self._text[self._at : found.start()])
            sign = found.group()
            if sign in "|}" and not top:
                self._at = found.start()
                return tuple(parts)
            self._at = found.end()
            parts.append(self._part(sign, found))
        parts.append(self._text[self._at :])
        self._at = len(self._text)
        return tuple(each for each in parts if each != "")

    def _part(self, sign: str, found: re.Match[str]) -> str | _Choice:
        if sign.startswith("\\"):
            return sign[1]
        if sign == "${":
            what, help_ = "variables of a prompt are not read", "write the words out, or name a wildcard"
            raise _Broken(found.start(), what, f"{help_}; for the signs themselves write `$\\{{`")
        if found["strange"] is not None:
            raise _Broken(found.start(), f"`{shown(sign, 40)}` names no wildcard", _NO_WILDCARD)
        if sign == "{":
            return self._choice(found.start())
        if sign == "|":
            return "|"
        if sign == "}":
            help_ = "take it out, or write `\\}` for the sign"
            raise _Broken(found.start(), "a `}` closes nothing", help_, _without(self._text, found.start()))
        return self._wildcard(found["name"], found.start())

    def _choice(self, opened: int) -> _Choice:
        self._deeper(opened)
        take, between = self._marks()
        first = self._at
        options: list[_Sequence] = []
        while True:
            options.append(self._sequence(top=False))
            end = self._text[self._at : self._at + 1]
            if not end:
                help_ = "close it, or write `\\{` for the sign"
                raise _Broken(opened, "a `{` is never closed", help_, _quoted(self._text + "}"))
            self._at += 1
            if end == "}":
                break
        self._depth -= 1
        if "$$" in self._text[first : self._at] and "\\" not in self._text:
            help_ = "`2$$` and `2$$ and $$` stand before the first option alone"
            raise _Broken(opened, "`$$` has no place among options", help_)
        _refuse_lone_option(self._text, opened, self._at, options)
        if not 1 <= take <= len(options):
            what = f"{take} of {len(options)} options cannot be chosen"
            raise _Broken(opened, what, "write a number from 1 to the number of options")
        return _Choice(tuple(options), take, between)

    def _deeper(self, at: int) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _Broken(at, f"choices more than {_DEEPEST} deep", "write the inner ones out")

    def _marks(self) -> tuple[int, str]:
        """`2$$` and `2$$ and $$` before the options."""
        if (found := _SEVERAL.match(self._text, self._at)) is not None:
            self._at = found.end()
            return int(found["count"]), found["between"] if found["between"] is not None else ", "
        if (found := _SAMPLER.match(self._text, self._at)) is not None:
            what, help_ = (
                f"`{{{found.group()}` has no place in a recipe",
                "every combination is drawn, in order",
            )
            fix = _without(self._text, found.start())
            raise _Broken(self._at, what, f"{help_}; for the sign itself put a blank before it", fix)
        if (found := _MARKS.match(self._text, self._at)) is not None:
            what = f"`{found.group().strip()}` has no place in a recipe"
            help_ = "every combination is drawn, so there are no weights and no ranges; `2$$` takes two"
            raise _Broken(self._at, what, help_, _without(self._text, found.start(), found.end()))
        return 1, ", "

    def _wildcard(self, name: str, at: int) -> str | _Choice:
        self._deeper(at)
        lines = self._wildcards.lines(name)
        options: list[_Sequence] = []
        for line in lines or ():
            if (weight := _WEIGHED.match(line)) is not None:
                what = f"in `__{name}__`: `{weight.group().strip()}` is a weight, which is not read"
                help_ = (
                    f"every line is drawn; take it out of `{shown(line)}` in `{self._wildcards.file(name)}`"
                )
                raise _Broken(at, what, help_)
            inner = _Parser(line, self._wildcards, self._depth)
            try:
                parts = inner.whole()
            except _Broken as broken:
                help_ = f"mend the line `{shown(line)}` of `{self._wildcards.file(name)}`"
                raise _Broken(at, f"in `__{name}__`: {broken.what}", help_) from broken
            options.append(parts or ())
            self._sound = self._sound and parts is not None
        self._wildcards.done(name)
        self._depth -= 1
        self._sound = self._sound and lines is not None
        return _Choice(tuple(options)) if options else ""


def _refuse_lone_option(text: str, opened: int, end: int, options: list[_Sequence]) -> None:
    """Braces with one option are taken for another tool's range, list or placeholder where they look so."""
    if len(options) > 1:
        return
    inside = text[opened + 1 : end - 1]
    if _RANGE.fullmatch(inside):
        raise _Broken(opened, f"`{{{inside.strip()}}}` is no range", "write the numbers out, apart by `|`")
    if "," in inside and not {"{", "\\"} & set(inside):
        fix = _quoted(
            f"{text[:opened]}{{{'|'.join(part.strip() for part in inside.split(','))}}}{text[end:]}"
        )
        raise _Broken(opened, "a choice without `|`", "options are apart by `|`, not by commas", fix)
    if inside.startswith("{") and inside.endswith("}") and len(options[0]) == 1 and "|" not in inside:
        help_ = "name the word itself, or a wildcard; for the sign itself write `\\{`"
        raise _Broken(opened, f"`{{{shown(inside, 40)}}}` is a placeholder of templates", help_)


def _tell(broken: _Broken, idea: str, node: Node, reach: Reach) -> None:
    reach.findings.error(
        "E160",
        broken.what,
        place_in(node, idea, broken.at),
        why="Words in braces are a choice, `{red|blue}`, and each combination is an idea of its own.",
        help=broken.help,
        fix=broken.fix,
    )


def _quoted(text: str) -> str:
    """The whole idea, as it may be pasted in place of the old one."""
    return "'" + shown(text, 200).replace("'", "''") + "'"


def _without(text: str, start: int, end: int | None = None) -> str:
    return _quoted(text[:start] + text[start + 1 if end is None else end :])


def place_in(node: Node, text: str, at: int) -> Span:
    """The place of a character of a text; the whole text where its quotes or line breaks hide it."""
    span = node.span
    before = len(node.value) - len(node.value.lstrip()) if isinstance(node.value, str) else 0
    width = span.end_column - span.column
    hidden = width - len(node.value) if isinstance(node.value, str) else -1
    if span.line != span.end_line or hidden not in {0, 2} or not isinstance(node.value, str):
        return span
    if node.value.strip() != text:
        return span
    return Span.point(span.file, span.line, span.column + hidden // 2 + before + at)
