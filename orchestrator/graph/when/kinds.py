"""Types of a `when:`: what its references and its parts are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Literal, cast, get_args, get_origin

from orchestrator.frozen import Frozen
from orchestrator.graph.annotations import fields_of_model, kinds_in, words_of
from orchestrator.stage import Picture
from orchestrator.stage.params import resource_class, role_class
from orchestrator.text import Cell

PICTURE_FIELDS: Mapping[str, str] = {"width": "number", "height": "number", "mode": "text"}


class Kind(Frozen):
    """`name` is text, number, truth, list, cell or mixed; `words` are all that a text can be, if known.

    A cell of a table is whatever the other side of a comparison is.
    """

    name: str
    words: tuple[str, ...] = ()
    inner: Kind | None = None

    def __str__(self) -> str:
        return "a list" if self.name == "list" else f"a {self.name}"


TEXT, NUMBER, TRUTH, MIXED = Kind("text"), Kind("number"), Kind("truth"), Kind("mixed")


def kind_of_value(value: object) -> Kind:
    """The kind of a plain value."""
    if isinstance(value, Cell):
        return Kind("cell")
    if isinstance(value, bool):
        return TRUTH
    if isinstance(value, (int, float)):
        return NUMBER
    if isinstance(value, str):
        return TEXT
    if isinstance(value, (list, tuple)):
        return Kind("list", inner=joined([kind_of_value(each) for each in cast("Sequence[object]", value)]))
    return MIXED


def joined(kinds: Sequence[Kind]) -> Kind:
    """What values of these kinds are together."""
    names = {kind.name for kind in kinds}
    if len(names) != 1:
        return MIXED
    if names == {"text"} and all(kind.words for kind in kinds):
        return Kind("text", tuple(dict.fromkeys(word for kind in kinds for word in kind.words)))
    return kinds[0]


def kind_of_annotation(annotation: object) -> Kind | None:
    """The kind of a field; None for one that is no single value."""
    if role_class(annotation) is not None or resource_class(annotation) is not None:
        return TEXT
    kinds = [_plain_kind(each) for each in kinds_in(annotation) if each is not type(None)]
    known = [kind for kind in kinds if kind is not None]
    return joined(known) if known and len(known) == len(kinds) else None


def fields_of(owner: object) -> tuple[str, ...]:
    """The fields of an artifact, of params, or of what an annotation names; () where any name goes."""
    for kind in kinds_in(owner):
        if _is_picture(kind):
            return tuple(PICTURE_FIELDS)
        if fields := fields_of_model(kind):
            return tuple(fields)
    return ()


def inside(owner: object, name: str) -> object:
    """The annotation of a field of it; None where there is none."""
    for kind in kinds_in(owner):
        if _is_picture(kind) and name in PICTURE_FIELDS:
            return str if PICTURE_FIELDS[name] == "text" else int
        if name in (fields := fields_of_model(kind)):
            return fields[name].annotation
        origin = get_origin(kind)
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return get_args(kind)[1]
    return None


def _is_picture(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Picture)


def _plain_kind(kind: object) -> Kind | None:
    if get_origin(kind) is Literal:
        words = get_args(kind)
        found = joined([kind_of_value(word) for word in words])
        return Kind("text", tuple(words)) if found == TEXT else found
    if get_origin(kind) in (list, tuple):
        inner = kind_of_annotation(get_args(kind)[0])
        return None if inner is None else Kind("list", inner=inner)
    if not isinstance(kind, type):
        return None
    if issubclass(kind, Enum):
        values = words_of(kind)
        return _plain_kind(Literal[values]) if values else None
    names = ((bool, TRUTH), ((int, float), NUMBER), (str, TEXT))
    return next((found for types_, found in names if issubclass(kind, types_)), None)
