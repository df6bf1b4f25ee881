"""What a YAML text says, as nodes: every value and key with its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self, TypeAlias

from orchestrator.errors import Span
from orchestrator.errors.phrases import shown
from orchestrator.frozen import Frozen

Scalar: TypeAlias = str | int | float | bool | None


class Cell(str):
    """A cell of a csv: a text that gets its type from the param which it feeds; `span` is its place."""

    __slots__ = ("span",)
    span: Span

    def __new__(cls, text: str, span: Span) -> Self:
        """The text with its place."""
        cell = super().__new__(cls, text)
        cell.span = span
        return cell

    def __getnewargs__(self) -> tuple[str, Span]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """What a copy is made of."""
        return str(self), self.span


class Node(Frozen):
    """A YAML value with its place: a scalar, a tuple of nodes, or a mapping of entries."""

    value: Scalar | tuple[Node, ...] | Mapping[str, Entry]
    span: Span

    def plain(self) -> object:
        """The value without places: scalars, lists, dicts."""
        if isinstance(self.value, tuple):
            return [node.plain() for node in self.value]
        if isinstance(self.value, Mapping):
            return {key: entry.node.plain() for key, entry in self.value.items()}
        return self.value


class Entry(Frozen):
    """A key of a mapping, with its place, and the value."""

    key_span: Span
    node: Node


class Text(Frozen):
    """A word with its place."""

    value: str
    span: Span


def kind_of(node: Node) -> str:
    """What a value is, in words."""
    match node.value:
        case None:
            return "nothing"
        case bool():
            return f"`{str(node.value).lower()}`"
        case int() | float():
            return f"the number {shown(node.value)}"
        case str():
            return f"the text `{shown(node.value)}`"
        case tuple():
            return "a list" if node.value else "an empty list"
        case _:
            return "a mapping" if node.value else "an empty mapping"
