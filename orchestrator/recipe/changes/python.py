"""What Python says over a recipe: items and models as objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from os import PathLike, fspath
from typing import Final, TypeAlias, cast

from orchestrator.errors import PYTHON, Span
from orchestrator.errors.collector import Findings
from orchestrator.errors.phrases import shown
from orchestrator.recipe.changes.overrides import choice_of, kind_of_role, no_such_role, with_choice
from orchestrator.recipe.model import ModelChoice, Recipe
from orchestrator.recipe.source import HANDED_IN
from orchestrator.text import Entry, Node

Members: TypeAlias = Sequence[object] | Mapping[str, object] | int
"""Members of a dimension, a table as a recipe names it, or the number of variants."""
_DEEPEST: Final = 32


def items_text(items: Mapping[str, Members]) -> str:
    """The text that the spans of given items count in: a line for each member."""
    return "\n".join(shown(member, 2_000) for members in items.values() for member in _members(members))


def count_of(members: Members) -> int:
    """How many lines the members of a dimension take there."""
    return len(_members(members))


def item_entries(items: Mapping[str, Members], file: str) -> dict[str, Entry]:
    """The dimensions as entries of `items:`, their places in a file of this name."""
    entries: dict[str, Entry] = {}
    line = 1
    for name, members in items.items():
        entries[name] = _entry(members, Span.point(file, line))
        line += count_of(members)
    return entries


def models_text(models: Mapping[str, object]) -> str:
    """The text that the spans of given models count in: a line for each role."""
    return "\n".join(f"{role}: {shown(model, 200)}" for role, model in models.items())


def with_models(recipe: Recipe, given: Mapping[str, object], line: int, findings: Findings) -> Recipe:
    """The recipe with roles filled from Python; `line` is where the first of them stands."""
    for at, (role, model) in enumerate(given.items(), start=line):
        choice = _choice(recipe, role, model, Span(PYTHON, at, 1, at, max(2, len(role) + 1)), findings)
        recipe = recipe if choice is None else with_choice(recipe, choice)
    return recipe


def _choice(recipe: Recipe, role: str, model: object, span: Span, findings: Findings) -> ModelChoice | None:
    if isinstance(model, PathLike):
        return choice_of(recipe, role, _folder(cast("PathLike[str]", model)), (span, span), findings)
    if isinstance(model, str):
        return choice_of(recipe, role, model, (span, span), findings)
    kind = kind_of_role(recipe, role)
    if kind is None:
        if not recipe.is_unknown("models", role):
            no_such_role(recipe, role, span, findings)
        return None
    return ModelChoice(role, kind, HANDED_IN, span, given=model)


def _folder(path: PathLike[str]) -> str:
    text = fspath(path).replace("\\", "/")
    return text if "/" in text else f"./{text}"


def _members(members: Members) -> Sequence[object]:
    return [members] if isinstance(members, (int, str, Mapping)) else list(members)


def _entry(members: Members, span: Span) -> Entry:
    if isinstance(members, (int, str, Mapping)):
        return Entry(span, _node(members, span))
    lines = (Span.point(span.file, span.line + offset) for offset in range(len(members)))
    return Entry(
        span, Node(tuple(_node(member, line) for member, line in zip(members, lines, strict=True)), span)
    )


def _node(value: object, span: Span, depth: int = 0) -> Node:
    """A Python value as if it had been read; what no recipe can say becomes its text."""
    if depth > _DEEPEST:
        return Node("…", span)
    if isinstance(value, Mapping):
        entries = cast("Mapping[object, object]", value)
        return Node(
            {str(key): Entry(span, _node(member, span, depth + 1)) for key, member in entries.items()}, span
        )
    if isinstance(value, (list, tuple)):
        return Node(tuple(_nodes(cast("Sequence[object]", value), span, depth + 1)), span)
    if value is None or isinstance(value, (str, bool, int, float)):
        return Node(value, span)
    return Node(str(value), span)


def _nodes(values: Sequence[object], span: Span, depth: int) -> Iterator[Node]:
    return (_node(value, span, depth) for value in values)
