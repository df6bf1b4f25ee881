"""`Frozen`: frozen dataclasses with slots whose methods are shared instead of generated.

`@dataclass` writes and compiles six functions for each class whenever its module is imported, which was a
quarter of what `orchestrator validate` takes. Here they are written once. To a type checker, to `replace`,
`fields` and `asdict` of `dataclasses`, and to `match`, such a class is a dataclass.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, FrozenInstanceError, field
from operator import attrgetter
from typing import Any, ClassVar, Final, NoReturn, cast, dataclass_transform

_FIELD: Final = vars(dataclasses)["_FIELD"]
"""The mark by which `dataclasses.fields` knows what is a field and no ClassVar."""


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class FrozenType(type):
    """Turns the annotations of a class into slots, and remembers how each is filled."""

    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]
    ) -> FrozenType:
        """The class with a slot for each annotation."""
        own = _fields_in(namespace)
        made = super().__new__(cls, name, bases, namespace)
        _describe(made, own)
        return made


@dataclass_transform(field_specifiers=(field,))
class SlottedType(type):
    """The same for classes whose fields may be set anew."""

    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]
    ) -> SlottedType:
        """The class with a slot for each annotation."""
        own = _fields_in(namespace)
        made = super().__new__(cls, name, bases, namespace)
        _describe(made, own)
        return made


def _fields_in(namespace: dict[str, Any]) -> Mapping[str, Field[Any]]:
    """The fields that a class body declares, which become slots of it."""
    annotations: Mapping[str, object] = namespace.get("__annotations__", {})
    own = {
        name: _declared(name, kind, namespace.pop(name, MISSING))
        for name, kind in annotations.items()
        if not str(kind).startswith("ClassVar")
    }
    namespace["__slots__"] = tuple(own)
    return own


def _declared(name: str, kind: object, default: object) -> Field[Any]:
    declared = cast("Field[Any]", default if isinstance(default, Field) else field(default=default))
    declared.name, declared.type, declared.kw_only = name, cast("Any", kind), False
    setattr(declared, "_field_type", _FIELD)  # noqa: B010 - private to dataclasses, so not in its stubs
    return declared


def _describe(made: Any, own: Mapping[str, Field[Any]]) -> None:
    """What the shared methods read."""
    fields = {**getattr(made, "__dataclass_fields__", {}), **own}
    given = [name for name, declared in fields.items() if declared.init]
    compared = [name for name, declared in fields.items() if declared.compare]
    made.__dataclass_fields__ = fields
    made.__match_args__ = tuple(given)
    made._setters = tuple((name, getattr(made, name).__set__) for name in given)  # noqa: SLF001 - our own
    made._compared = attrgetter(*(compared or ["__class__"]))  # noqa: SLF001 - our own


class _Filled:  # noqa: PLW1641 - a mutable one has no hash
    """What both kinds of class share; the metaclass says what it reads."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    _setters: ClassVar[tuple[tuple[str, Callable[[object, object], None]], ...]]
    _compared: ClassVar[Callable[[object], object]]

    def __init__(self, *values: Any, **named: Any) -> None:
        setters = self._setters
        if len(values) == len(setters) and not named:
            for (_, put), value in zip(setters, values, strict=True):
                put(self, value)
        else:
            self._fill(values, named)
        self.__post_init__()

    def __post_init__(self) -> None:
        """For what is made from the other fields."""

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return type(self)._compared(self) == type(self)._compared(other)

    def __repr__(self) -> str:
        shown = (name for name, declared in self.__dataclass_fields__.items() if declared.repr)
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"

    def _fill(self, values: tuple[object, ...], named: dict[str, object]) -> None:
        """As a generated `__init__` does: by place, by name, by default; TypeError for what does not fit."""
        setters, name_of = self._setters, type(self).__name__
        if len(values) > len(setters):
            raise TypeError(f"{name_of}() takes {len(setters)} values, {len(values)} were given")
        for at, (name, put) in enumerate(setters):
            if at < len(values):
                put(self, values[at])
            else:
                put(self, named.pop(name) if name in named else _default(self, name))
        if named:
            raise TypeError(f"{name_of}() takes no {', '.join(map(repr, named))} here")


class Frozen(_Filled, metaclass=FrozenType):
    """Base class; annotations are fields, and `field(…)` means what it means in `dataclasses`.

    A field with `init=False` is filled in `__post_init__`.
    """

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __hash__(self) -> int:
        return hash(type(self)._compared(self))  # noqa: SLF001 - our own

    def __getstate__(self) -> object:
        return [getattr(self, name) for name in self.__dataclass_fields__]

    def __setstate__(self, state: list[object]) -> None:
        for name, value in zip(self.__dataclass_fields__, state, strict=True):
            object.__setattr__(self, name, value)


class Slotted(_Filled, metaclass=SlottedType):
    """As `Frozen`, for what changes while it lives: fields may be set anew, and it has no hash."""


def _default(filled: _Filled, name: str) -> object:
    declared = filled.__dataclass_fields__[name]
    if declared.default is not MISSING:
        return declared.default
    if declared.default_factory is not MISSING:
        return declared.default_factory()
    raise TypeError(f"{type(filled).__name__}() needs {name!r}")
