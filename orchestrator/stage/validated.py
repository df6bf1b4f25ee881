"""`Validated`: frozen data that pydantic checks, with pydantic imported when a value is first checked.

Importing pydantic's models and building validators takes as long as all the rest of `orchestrator validate`,
which most often has nothing to check but a few numbers and names (see `plain_check`). So a class is declared
as a pydantic model is, with `Field` and pydantic's own decorators, and its model is made from the declaration
on first use. Values are instances of the declared class, never of that model.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, field
from dataclasses import Field as Declared
from functools import cache
from inspect import currentframe, get_annotations
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, cast, dataclass_transform, get_type_hints

from orchestrator.frozen import Frozen, FrozenType

if TYPE_CHECKING:
    from typing import TypedDict, Unpack

    from pydantic import BaseModel, GetCoreSchemaHandler
    from pydantic_core.core_schema import CoreSchema, ValidationInfo, ValidatorFunctionWrapHandler

    class Words(TypedDict, total=False):
        """What may be said of a field, as in pydantic."""

        ge: float
        gt: float
        le: float
        lt: float
        multiple_of: float
        min_length: int
        max_length: int
        pattern: str
        allow_inf_nan: bool
        strict: bool
        description: str
        title: str
        examples: list[Any]
        deprecated: str | bool
        json_schema_extra: dict[str, Any]
        validate_default: bool
        discriminator: str


LIMITS = frozenset({"ge", "gt", "le", "lt", "multiple_of", "min_length", "max_length"})
_WORDS = LIMITS | {
    "pattern", "allow_inf_nan", "strict", "description", "title", "examples", "deprecated",
    "json_schema_extra", "validate_default", "discriminator",
}  # fmt: skip


def Field(  # noqa: N802 - pydantic's name
    default: Any = MISSING, *, default_factory: Callable[[], Any] | None = None, **said: Unpack[Words]
) -> Any:
    """A field, with what pydantic's own `Field` is told of it.

    Raises:
        TypeError: a word that pydantic does not know; its own `Field` would pass over it.
    """
    if not said.keys() <= _WORDS:
        raise TypeError(f"Field() takes no {', '.join(sorted(said.keys() - _WORDS))}")
    if default_factory is not None:
        return field(default_factory=default_factory, metadata=dict(said))
    return field(default=MISSING if default is ... else default, metadata=dict(said))


class FieldFacts(Frozen):
    """A field as it was declared; the names are those of pydantic's FieldInfo.

    Attributes:
        metadata: a limit each, as an attribute of its name (`ge`, `max_length` …).
        said: everything given to `Field`.
    """

    annotation: Any
    default: Any
    default_factory: Any
    metadata: tuple[object, ...]
    said: Mapping[str, Any]

    @property
    def description(self) -> str | None:
        """What it means, for people."""
        return self.said.get("description")

    @property
    def deprecated(self) -> str | bool | None:
        """Whether it goes away, or what is said of that."""
        return self.said.get("deprecated")

    @property
    def json_schema_extra(self) -> Mapping[str, Any] | None:
        """What is of no concern to pydantic."""
        return self.said.get("json_schema_extra")

    def is_required(self) -> bool:
        """Whether it has no default."""
        return self.default is MISSING and self.default_factory is MISSING

    def get_default(self, *, call_default_factory: bool = True) -> Any:
        """The default; None where there is none."""
        if self.default_factory is not MISSING:
            return self.default_factory() if call_default_factory else None
        return None if self.default is MISSING else self.default


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(Field, field))
class _ValidatedType(FrozenType):
    """Remembers where a class is declared, so that its annotations can be read when they are needed."""

    declared_in: Mapping[str, Any]
    """What a function knows that declares a class; {} for one of a module."""

    def __new__(  # noqa: PYI034 - a metaclass has no Self
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]
    ) -> _ValidatedType:
        for key in namespace.get("__annotations__", {}):
            if type(namespace.get(key)).__name__ == "FieldInfo":
                namespace[key] = _from_pydantic(namespace[key])
        caller = currentframe() if "<locals>" in namespace["__qualname__"] else None
        namespace["declared_in"] = caller.f_back.f_locals if caller and caller.f_back else {}
        return cast("_ValidatedType", super().__new__(cls, name, bases, namespace))

    @property
    def model_fields(self) -> Mapping[str, FieldFacts]:
        """The fields by name, those of bases first."""
        return _facts_of(self)


def _from_pydantic(info: Any) -> Any:
    """A field for which pydantic's own `Field` was used."""
    from pydantic_core import PydanticUndefined

    said = {"pydantic": info, "description": info.description, "json_schema_extra": info.json_schema_extra}
    if info.default_factory is not None:
        return field(default_factory=info.default_factory, metadata=said)
    return field(default=MISSING if info.default is PydanticUndefined else info.default, metadata=said)


class Validated(Frozen, metaclass=_ValidatedType):
    """Base of data that pydantic checks; `model_config` is pydantic's."""

    model_config: ClassVar[Mapping[str, Any]] = {"frozen": True, "extra": "forbid"}

    def __init__(self, **values: Any) -> None:
        self._take(_model_of(type(self))(**values))

    @classmethod
    def model_construct(cls, **values: Any) -> Self:
        """From values that are known to be sound; nothing is checked."""
        made = cls.__new__(cls)
        made._fill((), values)  # noqa: SLF001 - our own
        return made

    @classmethod
    def model_validate(cls, value: object) -> Self:
        """From plain values; raises pydantic.ValidationError."""
        return value if isinstance(value, cls) else cls._made(_model_of(cls).model_validate(value))

    @classmethod
    def model_validate_json(cls, data: str | bytes) -> Self:
        """From JSON; raises pydantic.ValidationError."""
        return cls._made(_model_of(cls).model_validate_json(data))

    @classmethod
    def model_json_schema(cls) -> dict[str, Any]:
        """The JSON Schema of what it takes."""
        return _model_of(cls).model_json_schema()

    def model_copy(self, *, update: Mapping[str, object] | None = None) -> Self:
        """A copy with other values, which are not checked."""
        held = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return self.model_construct(**{**held, **(update or {})})

    def model_dump(
        self, *, mode: Literal["python", "json"] = "python", exclude: Collection[str] = ()
    ) -> dict[str, Any]:
        """The values as plain data; with `json` of the kinds that JSON has."""
        names = (name for name in self.__dataclass_fields__ if name not in exclude)
        held = {name: as_plain(getattr(self, name)) for name in names}
        if mode == "python":
            return held
        from pydantic_core import to_jsonable_python

        return cast("dict[str, Any]", to_jsonable_python(held))

    def model_dump_json(self) -> str:
        """The values as JSON."""
        from pydantic_core import to_json

        return to_json(self.model_dump()).decode()

    @classmethod
    def _read(cls, value: Any, mode: str) -> Any:
        """What stands for a value in a field of another model; may raise ValueError."""
        del mode
        return value

    def _written(self) -> object:
        """What stands for it in what another model writes."""
        return self.model_dump()

    @classmethod
    def _made(cls, checked: BaseModel) -> Self:
        made = cls.__new__(cls)
        made._take(checked)  # noqa: SLF001 - our own
        return made

    def _take(self, checked: BaseModel) -> None:
        fields = vars(checked)  # by the names, where a deprecated one would warn each time
        for name, put in self._setters:
            put(self, fields[name])

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """In a field of another model: checked as that class is, and an instance of it."""
        from pydantic_core import core_schema

        def read(value: Any, check: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Self:
            return value if isinstance(value, cls) else cls._made(check(cls._read(value, info.mode)))

        return core_schema.with_info_wrap_validator_function(
            read,
            handler.generate_schema(_model_of(cls)),
            serialization=core_schema.plain_serializer_function_ser_schema(as_plain),
        )


def as_plain(value: Any) -> Any:
    """A value with all that stands in it as plain data."""
    if isinstance(value, Validated):
        return value._written()  # noqa: SLF001 - our own  # pyright: ignore[reportPrivateUsage]
    if isinstance(value, dict):
        return {key: as_plain(member) for key, member in cast("dict[object, object]", value).items()}
    if type(value) in {list, tuple}:
        return type(value)(as_plain(member) for member in value)
    return value


def problems_in(error: ValueError) -> list[tuple[str, str]]:
    """Path and message of each problem that pydantic found; one without a path for another error."""
    details = getattr(error, "errors", None)
    if details is None:
        return [("", str(error))]
    found: list[dict[str, Any]] = details(include_url=False, include_input=False, include_context=False)
    return [
        (".".join(str(part) for part in one["loc"]), one["msg"].removeprefix("Value error, "))
        for one in found
    ]


def _fields(kind: type) -> Mapping[str, Declared[Any]]:
    return cast("Any", kind).__dataclass_fields__


@cache
def _facts_of(kind: type) -> Mapping[str, FieldFacts]:
    hints = _hints(kind)
    return {
        name: FieldFacts(
            annotation=hints[name],
            default=declared.default,
            default_factory=declared.default_factory,
            metadata=tuple(
                SimpleNamespace(**{limit: declared.metadata[limit]})
                for limit in declared.metadata
                if limit in LIMITS
            ),
            said=declared.metadata,
        )
        for name, declared in _fields(kind).items()
    }


def _hints(kind: type) -> dict[str, Any]:
    """The annotation of each field, read where its class stands."""
    hints: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        if isinstance(base, _ValidatedType):
            own = {name: text for name, text in get_annotations(base).items() if name in _fields(kind)}
            written = SimpleNamespace(__annotations__=own)
            space, local = vars(sys.modules[base.__module__]), {**base.declared_in, base.__name__: base}
            hints |= get_type_hints(written, space, local, include_extras=True)
    return hints


def _model_of(kind: type[Validated]) -> type[BaseModel]:
    """The pydantic model of a declaration, made on first use."""
    return _made_model(cast("type", kind))


@cache
def _made_model(kind: type) -> type[BaseModel]:
    from pydantic import ConfigDict, create_model

    hints = _hints(kind)
    validators = {
        name: member
        for base in reversed(kind.__mro__)
        for name, member in vars(base).items()
        if type(member).__name__ == "PydanticDescriptorProxy"
    }
    fields: dict[str, Any] = {
        name: (hints[name], _pydantic_field(declared)) for name, declared in _fields(kind).items()
    }
    return create_model(
        kind.__name__,
        __config__=cast("ConfigDict", dict(cast("type[Validated]", kind).model_config)),
        __doc__=kind.__doc__,
        __module__=kind.__module__,
        __validators__=validators,
        **fields,
    )


def _pydantic_field(declared: Declared[Any]) -> Any:
    from pydantic import fields

    if "pydantic" in declared.metadata:
        return declared.metadata["pydantic"]
    if declared.default_factory is not MISSING:
        return fields.Field(default_factory=declared.default_factory, **declared.metadata)
    return fields.Field(... if declared.default is MISSING else declared.default, **declared.metadata)
