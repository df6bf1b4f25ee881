"""What the annotation of a field is made of: types, the words of a choice, the fields of a model."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin


def kinds_in(annotation: object) -> Iterator[object]:
    """The types that an annotation is made of: of `int | None` both."""
    if get_origin(annotation) is Annotated:
        yield from kinds_in(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, types.UnionType):
        for member in get_args(annotation):
            yield from kinds_in(member)
    else:
        yield annotation


def words_of(kind: object) -> tuple[object, ...]:
    """The values of a Literal or an Enum."""
    if get_origin(kind) is Literal:
        return get_args(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple(cast("Any", member).value for member in kind)
    return ()


def fields_of_model(kind: object) -> Mapping[str, Any]:
    """The fields of a class of ours, or of a model of pydantic's within."""
    return cast("Mapping[str, Any]", getattr(kind, "model_fields", {})) if isinstance(kind, type) else {}
