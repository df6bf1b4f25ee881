"""Params: a stage's settings, declared once as a typed model; and the params that name models and files.

`Role`, `Template`, `Glossary`, `Lexicon` and `Style` are written as plain names in a recipe. Before planning
each is resolved to the digest of every byte that will be read; stages read them through the context only.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar, cast, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, model_serializer, model_validator
from pydantic.fields import FieldInfo

from orchestrator.stage.canonical import canonical_json

M = TypeVar("M")


class Params(BaseModel):
    """Base of a stage's params: frozen, unknown names refused, types strict (`"25"` is no number)."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    @classmethod
    def checked(cls, values: Mapping[str, object]) -> Self:
        """From a recipe's plain values; raises pydantic.ValidationError."""
        return cls.model_validate_json(canonical_json(dict(values)))


class _Named(BaseModel):
    """A name that stands for something outside the recipe."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    name: str = ""

    @classmethod
    def called(cls, name: str = "") -> Self:
        """As `cls(name=name)`, for defaults: it is sound as it stands, so no validator is built for it."""
        return cls.model_construct(name=name) if name else cls.model_construct()

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any, info: ValidationInfo) -> Any:
        """A recipe names it by a text alone, so that it cannot claim a digest."""
        if isinstance(value, str):
            return {"name": value}
        if info.mode == "json":
            raise ValueError("a name is a text")
        return value


class Role(_Named, Generic[M]):
    """The role of a model. Left out, it is the one of its kind nearest up the wires, or the only one."""

    protocol: ClassVar[object] = None
    """What stands in the brackets."""

    def __class_getitem__(cls, protocol: Any) -> Any:
        """A subclass that knows its Protocol; pydantic's own generics would build a validator here."""
        return cls if isinstance(protocol, TypeVar) else _role_of(cls, protocol)

    @classmethod
    def kinds(cls) -> tuple[str, ...]:
        """The kinds of model that fit (`llm`, `diffusion` …), from the Protocol in brackets."""
        return tuple(getattr(cls.protocol, "kinds", ()))

    @model_serializer
    def _as_name(self) -> str:
        return self.name


@cache
def _role_of(role: type[Role[Any]], protocol: object) -> type[Role[Any]]:
    name = f"{role.__name__}[{getattr(protocol, '__name__', protocol)}]"
    held = {"protocol": protocol, "__module__": role.__module__, "__doc__": role.__doc__}
    return types.new_class(name, (role,), exec_body=lambda namespace: namespace.update(held))


class CardRole(Role[M]):
    """A role of which the stage reads the card alone: its key counts the card, and nothing is loaded."""


class Resource(_Named):
    """A file that a stage reads; `digest` covers every byte that will be read, "" until resolved."""

    room: ClassVar[str] = ""
    digest: str = ""

    def identity(self) -> str:
        """What enters a key: the digest, never the name."""
        return self.digest


class Template(Resource):
    """A Jinja prompt template of `prompts/` (`game-icon`), with all that it extends."""

    room: ClassVar[str] = "template"


class Glossary(Resource):
    """A table of words of another language and what they are called in English."""

    room: ClassVar[str] = "glossary"


class Lexicon(Resource):
    """Tables of words: colours, materials, categories, synonyms, is-a chains, detail banks."""

    room: ClassVar[str] = "lexicon"


class Style(Resource):
    """A style preset of `prompts/styles/` (`pixel`)."""

    room: ClassVar[str] = "style"


class File(Resource):
    """A file under the recipe's folder (`refs/knight.png`), or `package:PATH` of one that comes with us."""

    room: ClassVar[str] = "file"


class TemplateText(Protocol):
    """A compiled template."""

    def render(self, variables: Mapping[str, object]) -> str:
        """The text; raises StageFailure when a variable is missing or a budget is exceeded."""
        ...


class StylePreset(BaseModel):
    """What a style means: words for the prompt, words to avoid, and the grid of a pixel look (0: none)."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    name: str
    description: str = ""
    words: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    also: tuple[str, ...] = Field(default=(), description="words of an idea that mean this style")
    pixel_cells: int = 0
    pixel_colours: int = 24


def earlier_names(declared: FieldInfo) -> tuple[str, ...]:
    """Names that a param had before, oldest first: `Field(json_schema_extra={"was": ["thickness"]})`."""
    extra = declared.json_schema_extra
    was = cast("dict[str, object]", extra).get("was") if isinstance(extra, dict) else None
    return tuple(str(name) for name in cast("list[object]", was)) if isinstance(was, list) else ()


def resource_class(annotation: object) -> type[Resource] | None:
    """The Resource subclass in an annotation (`Template`, `Style | None`), if there is one."""
    for candidate in (annotation, *get_args(annotation)):
        if isinstance(candidate, type) and issubclass(candidate, Resource):
            return candidate
    return None


def role_class(annotation: object) -> type[Role[Any]] | None:
    """The Role class in an annotation, if there is one."""
    for candidate in (annotation, *get_args(annotation)):
        if isinstance(candidate, type) and issubclass(candidate, Role):
            return candidate  # pyright: ignore[reportUnknownVariableType]
    return None
