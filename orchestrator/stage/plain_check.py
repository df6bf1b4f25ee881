"""Values that are plainly sound: seen without building a validator, which takes longer than a whole check.

It never refuses anything: what it does not know for certain is for the params' own model to judge.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, Union, get_args, get_origin

from orchestrator.stage import params as known
from orchestrator.stage.params import Params
from orchestrator.stage.validated import FieldFacts, Validated

_EXACT = 2**53
"""Up to here a whole number is a float, too."""
_HOLDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "ge": lambda value, bound: value >= bound,
    "gt": lambda value, bound: value > bound,
    "le": lambda value, bound: value <= bound,
    "lt": lambda value, bound: value < bound,
    "max_length": lambda value, bound: len(value) <= bound,
    "min_length": lambda value, bound: len(value) >= bound,
}
_SAYS_NOTHING = frozenset({"description", "deprecated", "json_schema_extra", "title", "examples"})
_OVERRIDABLE = ("checked", "model_validate_json", "__init__", "__get_pydantic_core_schema__")


def plainly_sound(params: type[Params], values: Mapping[str, object]) -> bool:
    """True only where `params.checked(values)` would take them."""
    fields = params.model_fields
    if not is_plain(params) or not values.keys() <= fields.keys():
        return False
    return all(
        _fits(declared, values[name])
        if name in values
        else not (declared.is_required() or "validate_default" in declared.said)
        for name, declared in fields.items()
    )


def is_plain(params: type[Params]) -> bool:
    """Whether nothing but its fields decides about values."""
    return (
        params.model_config == Params.model_config
        and not any(type(member).__name__ == "PydanticDescriptorProxy" for member in _members(params))
        and not any(_of(params, name) is not _of(Params, name) for name in _OVERRIDABLE)
    )


def _members(params: type[Params]) -> Iterator[object]:
    for base in params.__mro__:
        yield from vars(base).values() if issubclass(base, Validated) else ()


def _of(params: type[Params], name: str) -> object:
    member = getattr(params, name)
    return getattr(member, "__func__", member)


def _fits(declared: FieldFacts, value: object) -> bool:
    """Whether a field takes a value; what its declaration says beyond limits is for pydantic to judge."""
    annotation = declared.annotation
    if not declared.said.keys() <= _HOLDS.keys() | _SAYS_NOTHING:
        return False
    if get_origin(annotation) in (Union, types.UnionType):
        if value is None:
            return type(None) in get_args(annotation)
        annotation, *others = (option for option in get_args(annotation) if option is not type(None))
        if others:
            return False
    limits = ((limit, bound) for limit, bound in declared.said.items() if limit in _HOLDS)
    return _is_of(annotation, value) and all(_HOLDS[limit](value, bound) for limit, bound in limits)


def _is_of(annotation: Any, value: object) -> bool:
    if type(value) is str:
        return _takes_text(annotation, value)
    if type(value) is int:
        return annotation is int or (annotation is float and abs(value) < _EXACT)
    return (annotation is bool and type(value) is bool) or (annotation is float and type(value) is float)


def _takes_text(annotation: Any, text: str) -> bool:
    if get_origin(annotation) is Literal:
        return any(type(option) is str and option == text for option in get_args(annotation))
    named = isinstance(annotation, type) and getattr(annotation, "shelf", getattr(annotation, "kinds", None))
    return text.isprintable() and (
        annotation is str or (bool(named) and annotation.__module__ == known.__name__)
    )
