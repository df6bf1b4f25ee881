"""Copies that share nothing that can be changed: what a stage does to its inputs, no other stage sees."""

from __future__ import annotations

import copy
from typing import Final, TypeVar, cast

from orchestrator.frozen import Frozen
from orchestrator.stage.artifacts import Picture
from orchestrator.stage.gathered import Gathered
from orchestrator.stage.many import Many

T = TypeVar("T")
_ROWS: Final = frozenset({tuple, list, set, frozenset, Gathered})
_UNCHANGEABLE: Final = frozenset({str, int, float, bool, bytes, type(None)})


def fresh_copy(value: T) -> T:
    """The same value in objects of its own; pixels, which nobody can change, are shared."""
    return cast("T", _copied(value))


def _copied(value: object) -> object:
    kind = type(value)
    if kind in _UNCHANGEABLE:
        return value
    if kind in _ROWS:
        return cast("type[list[object]]", kind)(map(_copied, cast("list[object]", value)))
    if kind is dict:
        entries = cast("dict[object, object]", value)
        return {_copied(key): _copied(member) for key, member in entries.items()}
    return _frozen(value) if isinstance(value, Frozen) else _other(value)


def _other(value: object) -> object:
    if isinstance(value, Picture):
        return copy.copy(value)
    if isinstance(value, Many):
        return cast("Many[object]", value).map_members(_copied)
    return copy.deepcopy(value)


def _frozen(value: Frozen) -> Frozen:
    made = object.__new__(type(value))
    for name in value.__dataclass_fields__:
        if hasattr(value, name):
            object.__setattr__(made, name, _copied(getattr(value, name)))
    return made
