"""Values that are plainly sound: seen without building a validator, which takes longer than a whole check.

It never refuses anything: what it does not know for certain is for the params' own model to judge.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen

from orchestrator.stage import params as known
from orchestrator.stage.params import Params

_EXACT = 2**53
"""Up to here a whole number is a float, too."""
_VALIDATORS = ("validators", "field_validators", "root_validators", "model_validators")
_LIMITS: Mapping[type, Callable[[Any, Any], bool]] = {
    Ge: lambda limit, value: value >= limit.ge,
    Gt: lambda limit, value: value > limit.gt,
    Le: lambda limit, value: value <= limit.le,
    Lt: lambda limit, value: value < limit.lt,
    MaxLen: lambda limit, value: len(value) <= limit.max_length,
    MinLen: lambda limit, value: len(value) >= limit.min_length,
}
_OVERRIDABLE = ("checked", "__init__", "model_post_init", "__get_pydantic_core_schema__")


def plainly_sound(params: type[Params], values: Mapping[str, object]) -> bool:
    """True only where `params.checked(values)` would take them."""
    fields = params.model_fields
    if not _is_plain(params) or not values.keys() <= fields.keys():
        return False
    return all(
        _fits(field, values[name]) if name in values else not (field.is_required() or field.validate_default)
        for name, field in fields.items()
    )


def _is_plain(params: type[Params]) -> bool:
    """Whether nothing but its fields decides about values."""
    decorators = params.__pydantic_decorators__
    return (
        params.model_config == Params.model_config
        and params.__pydantic_fields_complete__
        and not any(getattr(decorators, kind) for kind in _VALIDATORS)
        and not any(_of(params, name) is not _of(Params, name) for name in _OVERRIDABLE)
    )


def _of(params: type[Params], name: str) -> object:
    member = getattr(params, name)
    return getattr(member, "__func__", member)


def _fits(field: Any, value: object) -> bool:
    if field.alias is not None or field.validation_alias is not None or field.discriminator is not None:
        return False
    annotation = field.annotation
    if get_origin(annotation) in (Union, types.UnionType):
        if value is None:
            return type(None) in get_args(annotation)
        annotation, *others = (option for option in get_args(annotation) if option is not type(None))
        if others:
            return False
    return _is_of(annotation, value) and all(_holds(limit, value) for limit in field.metadata)


def _is_of(annotation: Any, value: object) -> bool:
    if type(value) is str:
        return _takes_text(annotation, value)
    if type(value) is int:
        return annotation is int or (annotation is float and abs(value) < _EXACT)
    return (annotation is bool and type(value) is bool) or (annotation is float and type(value) is float)


def _takes_text(annotation: Any, text: str) -> bool:
    if get_origin(annotation) is Literal:
        return any(type(option) is str and option == text for option in get_args(annotation))
    named = isinstance(annotation, type) and getattr(annotation, "room", getattr(annotation, "kinds", None))
    return text.isprintable() and (
        annotation is str or (bool(named) and annotation.__module__ == known.__name__)
    )


def _holds(limit: object, value: Any) -> bool:
    """Whether a value keeps to a limit; one of another kind is for pydantic to judge."""
    holds = _LIMITS.get(type(limit))
    return holds is not None and holds(limit, value)
