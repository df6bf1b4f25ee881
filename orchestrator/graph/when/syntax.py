"""The text of a `when:` as a tree, every part with its place in the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from orchestrator.frozen import Frozen
from orchestrator.graph.cells import as_number

Plain: TypeAlias = str | int | float | bool
Expression: TypeAlias = "Literal | Reference | Group | Not | Both | Comparison"

COMPARISONS: Final = ("==", "!=", "<=", ">=", "<", ">", "in", "not in")
_DEEPEST: Final = 32
_LONGEST: Final = 2000
_TOKEN: Final = re.compile(
    r"""\s*(?:
    (?P<text>'(?:[^']|'')*'|"(?:[^"\\]|\\.)*")
    |(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w.]))
    |(?P<name>\$?[^\W\d]\w*(?:\.\w+)*)
    |(?P<sign>==|!=|<=|>=|[<>()\[\],])
    |(?P<other>&&|\|\||[^\s])
    )""",
    re.VERBOSE,
)
_MEANT: Final = {"=": "==", "&&": "and", "||": "or", "!": "not", "&": "and", "|": "or"}
_WORDS: Final = {"and", "or", "not", "in", "true", "false"}


class Stretch(Frozen):
    """A stretch of the text, from `start` to before `end`."""

    start: int
    end: int


class Literal(Frozen):
    """A text, number or truth value as it was written."""

    value: Plain
    place: Stretch


class Reference(Frozen):
    """`$item.a.b`, `$vars.x`, `params.x`, `port.field`."""

    name: str
    place: Stretch


class Group(Frozen):
    """A list in brackets."""

    members: tuple[Expression, ...]
    place: Stretch


class Not(Frozen):
    """`not …`."""

    part: Expression
    place: Stretch


class Both(Frozen):
    """Parts joined by `and` or `or`."""

    word: str
    parts: tuple[Expression, ...]
    place: Stretch


class Comparison(Frozen):
    """`left sign right`; the sign is one of COMPARISONS."""

    left: Expression
    sign: str
    right: Expression
    place: Stretch


class SyntaxProblem(Exception):  # noqa: N818 - it says what is wrong with a text
    """What cannot be read, where, and what was meant ("" if that is not clear)."""

    def __init__(self, message: str, place: Stretch, meant: str = "") -> None:
        super().__init__(message)
        self.message, self.place, self.meant = message, place, meant


def parse(text: str) -> Expression:
    """The tree of a condition; SyntaxProblem where it cannot be read."""
    if len(text) > _LONGEST:
        raise SyntaxProblem(f"it has more than {_LONGEST:,} characters", Stretch(_LONGEST, len(text)))
    return _Parser(text).whole()


class _Token(Frozen):
    kind: str
    text: str
    place: Stretch


class _Parser:
    """Descends from `or` over `and`, `not` and comparisons to single values."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [*_tokens(text), _Token("end", "", Stretch(len(text), len(text) + 1))]
        self._at = self._depth = 0

    def whole(self) -> Expression:
        found = self._joined("or")
        if self._now.kind != "end":
            raise self._unexpected()
        return found

    @property
    def _now(self) -> _Token:
        return self._tokens[self._at]

    def _take(self, *texts: str) -> _Token | None:
        if self._now.text in texts and self._now.kind in {"name", "sign"}:
            self._at += 1
            return self._tokens[self._at - 1]
        return None

    def _joined(self, word: str) -> Expression:
        inner = self._negated if word == "and" else lambda: self._joined("and")
        parts = [inner()]
        while self._take(word):
            parts.append(inner())
        return parts[0] if len(parts) == 1 else Both(word, tuple(parts), _around(parts[0], parts[-1]))

    def _negated(self) -> Expression:
        sign = self._take("not")
        if sign is None:
            return self._compared()
        with_in = self._deeper(self._negated)
        return Not(with_in, Stretch(sign.place.start, with_in.place.end))

    def _compared(self) -> Expression:
        left = self._value()
        sign = self._take("==", "!=", "<=", ">=", "<", ">", "in", "not")
        if sign is None:
            return left
        word = sign.text
        if word == "not":
            if self._take("in") is None:
                raise self._unexpected()
            word = "not in"
        right = self._value()
        return Comparison(left, word, right, _around(left, right))

    def _value(self) -> Expression:
        token = self._now
        self._at += 1
        if token.kind == "text":
            return Literal(_unquoted(token.text), token.place)
        if token.kind == "number":
            return Literal(as_number(token.text) or 0, token.place)
        if token.kind == "name" and token.text not in _WORDS:
            return Reference(token.text, token.place)
        if token.text in {"true", "false"}:
            return Literal(token.text == "true", token.place)
        if token.text == "(":
            inner = self._deeper(lambda: self._joined("or"))
            self._expect(")", token)
            return inner
        if token.text == "[":
            return self._list(token)
        self._at -= 1
        raise self._unexpected()

    def _list(self, opening: _Token) -> Group:
        members: list[Expression] = []
        while self._now.text != "]" and self._now.kind != "end":
            members.append(self._deeper(self._value))
            if self._take(",") is None:
                break
        closing = self._expect("]", opening)
        return Group(tuple(members), Stretch(opening.place.start, closing.place.end))

    def _expect(self, text: str, opening: _Token) -> _Token:
        found = self._take(text)
        if found is None:
            if self._now.kind == "end":
                raise SyntaxProblem(f"{opening.text!r} is never closed", opening.place)
            raise self._unexpected()
        return found

    def _deeper(self, read: Callable[[], Expression]) -> Expression:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise SyntaxProblem(f"it is nested more than {_DEEPEST} deep", self._now.place)
        try:
            return read()
        finally:
            self._depth -= 1

    def _unexpected(self) -> SyntaxProblem:
        token = self._now
        if token.kind == "end":
            end = len(self._text)
            return SyntaxProblem("it ends where a value is expected", Stretch(max(0, end - 1), end))
        return SyntaxProblem(f"{token.text!r} is not expected here", token.place, _MEANT.get(token.text, ""))


def _tokens(text: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or ""
        yield _Token(kind, found[kind], Stretch(found.start(kind), found.end(kind)))


def _unquoted(text: str) -> str:
    if text[0] == "'":
        return text[1:-1].replace("''", "'")
    return re.sub(r"\\(.)", r"\1", text[1:-1])


def _around(first: Expression, last: Expression) -> Stretch:
    return Stretch(first.place.start, last.place.end)
