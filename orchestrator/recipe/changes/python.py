"""What Python says over a recipe: items and models as objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from os import PathLike, fspath
from typing import Final, cast

from orchestrator.errors import Span
from orchestrator.errors.collector import Findings
from orchestrator.errors.phrases import shown
from orchestrator.recipe.changes.overrides import choice_of, kind_of_role, no_such_role, with_choice
from orchestrator.recipe.files import Files
from orchestrator.recipe.members.dimensions import VARIANT, read_dimension
from orchestrator.recipe.members.product import refuse_too_many
from orchestrator.recipe.model import Dimension, ModelChoice, Recipe
from orchestrator.recipe.reach import Reach, top_of
from orchestrator.recipe.source import HANDED_IN
from orchestrator.text import DEFAULT_CAPS, Caps, Entry, Node

PYTHON: Final = "<python>"
_DEEPEST: Final = 32


def items_text(items: Mapping[str, Sequence[object] | Mapping[str, object] | int]) -> str:
    """The text that the spans of given items count in: a line for each member."""
    return "\n".join(shown(member, 2_000) for members in items.values() for member in _members(members))


def with_items(
    recipe: Recipe,
    items: Mapping[str, Sequence[object] | Mapping[str, object] | int],
    file: str,
    caps: Caps = DEFAULT_CAPS,
    files: Files | None = None,
) -> Recipe:
    """The recipe with the members of dimensions replaced; a new dimension is added.

    Args:
        recipe: as it was read.
        items: members by dimension: texts, numbers, records `{"id": …, "value": …}`; for `variant` a number;
            or a table as in a recipe, `{"csv": "ideas.csv"}`.
        file: what findings show in place of a file, `<command line>` or `<python>`.
        caps: the operator's limits.
        files: who reads the wildcards that an idea names.

    Raises:
        InvalidInput: with all findings.
    """
    findings = Findings()
    reach = Reach(findings, files, caps, top_of(recipe.file))
    read: dict[str, Dimension] = {}
    line = 1
    for name, members in items.items():
        dimension = read_dimension(name, _entry(members, Span.point(file, line)), reach)
        line += len(_members(members))
        if dimension is not None:
            read[name] = replace(dimension, given=True)
    findings.raise_if_any({**reach.texts, file: items_text(items)})
    merged = {**{dimension.name: dimension for dimension in recipe.dimensions}, **read}
    ordered = sorted(merged.values(), key=lambda dimension: dimension.name == VARIANT)
    remarks = (*recipe.remarks, *reach.remarks)
    sources = {**recipe.sources, **reach.texts}
    changed = replace(recipe, dimensions=tuple(ordered), sources=sources, remarks=remarks)
    refuse_too_many(changed, findings, caps)
    findings.raise_if_any({**reach.texts, file: items_text(items)})
    return changed


def with_models(recipe: Recipe, given: Mapping[str, object]) -> Recipe:
    """The recipe with roles filled from Python.

    Args:
        recipe: as it was read.
        given: by role: a source as in a recipe, a path of a folder, or a model object.

    Raises:
        InvalidInput: with all findings.
    """
    findings = Findings()
    roles = list(given)
    for line, (role, model) in enumerate(given.items(), start=1):
        choice = _choice(recipe, role, model, Span(PYTHON, line, 1, line, max(2, len(role) + 1)), findings)
        recipe = recipe if choice is None else with_choice(recipe, choice)
    findings.raise_if_any({PYTHON: "\n".join(f"{role}: {shown(given[role], 200)}" for role in roles)})
    return recipe


def _choice(recipe: Recipe, role: str, model: object, span: Span, findings: Findings) -> ModelChoice | None:
    if isinstance(model, PathLike):
        return choice_of(recipe, role, _folder(cast("PathLike[str]", model)), (span, span), findings)
    if isinstance(model, str):
        return choice_of(recipe, role, model, (span, span), findings)
    kind = kind_of_role(recipe, role)
    if kind is None:
        no_such_role(recipe, role, span, findings)
        return None
    return ModelChoice(role, kind, HANDED_IN, span, given=model)


def _folder(path: PathLike[str]) -> str:
    text = fspath(path).replace("\\", "/")
    return text if "/" in text else f"./{text}"


def _members(members: Sequence[object] | Mapping[str, object] | int) -> Sequence[object]:
    return [members] if isinstance(members, (int, str, Mapping)) else list(members)


def _entry(members: Sequence[object] | Mapping[str, object] | int, span: Span) -> Entry:
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
