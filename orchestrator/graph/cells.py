"""Cells of a table, which are texts until the param that they feed says what they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, cast, get_args, get_origin

from orchestrator.graph.annotations import fields_of_model, kinds_in, words_of
from orchestrator.text import Cell, NumberTooLarge, meaning_of

_TRUTH: Final = {"true": True, "false": False}


def typed(value: object, annotation: object) -> object:
    """A plain value whose cells have become what the annotation takes; one that does not fit stays text."""
    if isinstance(value, Cell):
        return _typed_cell(str(value), annotation)
    if isinstance(value, list):
        members = cast("list[object]", value)
        return [typed(member, _inside(annotation, at)) for at, member in enumerate(members)]
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        return {name: typed(member, _field(annotation, name)) for name, member in fields.items()}
    return value


def as_number(text: str) -> int | float | None:
    """A number by the rules of recipes (YAML 1.2's core schema); None for anything else."""
    try:
        meaning = meaning_of(text)
    except NumberTooLarge:
        return None
    return meaning if isinstance(meaning, (int, float)) and not isinstance(meaning, bool) else None


def cells_in(value: object) -> Iterator[Cell]:
    """Every cell in a plain value."""
    return (leaf for leaf in leaves(value) if isinstance(leaf, Cell))


def _typed_cell(text: str, annotation: object) -> object:
    kinds = list(kinds_in(annotation))
    words = [word for kind in kinds for word in words_of(kind)]
    if text in words:
        return text
    found = as_number(text)
    if bool in kinds and text in _TRUTH:
        return _TRUTH[text]
    if isinstance(found, int) and (int in kinds or found in words):
        return found
    if found is not None and float in kinds:
        return found
    return None if not text and type(None) in kinds and str not in kinds else text


def _inside(annotation: object, at: int) -> object:
    """The annotation of a member of a list or tuple."""
    for kind in kinds_in(annotation):
        members = [member for member in get_args(kind) if member is not Ellipsis]
        if get_origin(kind) is tuple and Ellipsis not in get_args(kind):
            return members[at] if at < len(members) else str
        if get_origin(kind) is not None and members:
            return members[0]
    return str


def _field(annotation: object, name: str) -> object:
    """The annotation of a field of a model, or of the values of a mapping."""
    for kind in kinds_in(annotation):
        if name in (fields := fields_of_model(kind)):
            return fields[name].annotation
        origin = get_origin(kind)
        if isinstance(origin, type) and issubclass(origin, Mapping) and get_args(kind):
            return get_args(kind)[1]
    return str


def leaves(value: object) -> Iterator[object]:
    """Every leaf, depth first; a value that is no list and no mapping is its own."""
    if isinstance(value, list):
        for member in cast("list[object]", value):
            yield from leaves(member)
    elif isinstance(value, dict):
        for member in cast("dict[str, object]", value).values():
            yield from leaves(member)
    else:
        yield value
