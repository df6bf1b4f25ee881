"""Params: a stage's settings, declared once as a typed model; and the params that name models and files.

`Role`, `Template`, `Glossary`, `Lexicon` and `Style` are written as plain names in a recipe. Before planning
each is resolved to the digest of every byte that will be read; stages read them through the context only.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar, cast, get_args

from orchestrator.stage.canonical import canonical_json
from orchestrator.stage.kinds import kinds_of
from orchestrator.stage.validated import Field, FieldFacts, Validated

M = TypeVar("M")


class Params(Validated):
    """Base of a stage's params: frozen, unknown names refused, types strict (`"25"` is no number)."""

    model_config: ClassVar[Mapping[str, Any]] = {"frozen": True, "extra": "forbid", "strict": True}

    @classmethod
    def checked(cls, values: Mapping[str, object]) -> Self:
        """From a recipe's plain values; raises pydantic.ValidationError."""
        return cls.model_validate_json(canonical_json(dict(values)))


class _Named(Validated):
    """A name that stands for something outside the recipe."""

    name: str = ""

    @classmethod
    def called(cls, name: str = "") -> Self:
        """As `cls(name=name)`, for defaults: it is sound as it stands, so no validator is built for it."""
        return cls.model_construct(name=name) if name else cls.model_construct()

    @classmethod
    def _read(cls, value: Any, mode: str) -> Any:
        """A recipe names it by a text alone, so that it cannot claim a digest."""
        if isinstance(value, str):
            return {"name": value}
        if mode == "json":
            raise ValueError("a name is a text")
        return value


class Role(_Named, Generic[M]):
    """The role of a model. Left out, it is the one of its kind nearest up the wires, or the only one."""

    protocol: ClassVar[object] = None
    """What stands in the brackets."""
    origin: ClassVar[Any] = None
    """The class without them."""

    def __class_getitem__(cls, protocol: Any) -> Any:
        """A subclass that knows its Protocol; pydantic's own generics would build a validator here."""
        return cls if isinstance(protocol, TypeVar) else _role_of(cast("type", cls), protocol)

    @classmethod
    def kinds(cls) -> tuple[str, ...]:
        """The kinds of model that fit (`llm`, `diffusion` …), from the Protocol in brackets."""
        return kinds_of(cls.protocol)

    def _written(self) -> object:
        return self.name

    def __reduce__(self) -> tuple[Any, ...]:
        return _named_role, (self.origin or type(self), self.protocol, self.name)


@cache
def _role_of(role: type, protocol: object) -> type:
    name = f"{role.__name__}[{getattr(protocol, '__name__', protocol)}]"
    held = {"protocol": protocol, "origin": role, "__doc__": role.__doc__}
    held |= {"__qualname__": name, "__module__": role.__module__}
    return types.new_class(name, (role,), exec_body=lambda namespace: namespace.update(held))


def _named_role(role: type[Role[Any]], protocol: object, name: str) -> Role[Any]:
    """What a pickle makes of a role: a class with brackets has no name to be found by."""
    kind: Any = role if protocol is None else _role_of(cast("type", role), protocol)
    return kind.called(name)


class CardRole(Role[M]):
    """A role of which the stage reads the card alone: its key counts the card, and nothing is loaded."""


class Resource(_Named):
    """A file that a stage reads; `digest` covers every byte that will be read, "" until resolved."""

    shelf: ClassVar[str] = ""
    digest: str = ""

    def identity(self) -> str:
        """What enters a key: the digest, never the name."""
        return self.digest


class Template(Resource):
    """A Jinja prompt template of `prompts/` (`game-icon`), with all that it extends."""

    shelf: ClassVar[str] = "template"


class Glossary(Resource):
    """A table of words of another language and what they are called in English."""

    shelf: ClassVar[str] = "glossary"


class Lexicon(Resource):
    """Tables of words: colours, materials, categories, synonyms, is-a chains, detail banks."""

    shelf: ClassVar[str] = "lexicon"


class Style(Resource):
    """A style preset of `prompts/styles/` (`pixel`)."""

    shelf: ClassVar[str] = "style"


class File(Resource):
    """A file under the recipe's folder (`refs/knight.png`), or `package:PATH` of one that comes with us."""

    shelf: ClassVar[str] = "file"


class TemplateText(Protocol):
    """A compiled template."""

    def render(self, variables: Mapping[str, object]) -> str:
        """The text; raises StageFailure when a variable is missing or a budget is exceeded."""
        ...


class StylePreset(Validated):
    """What a style means: words for the prompt, words to avoid, and the grid of a pixel look (0: none)."""

    name: str
    description: str = ""
    words: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    also: tuple[str, ...] = Field(default=(), description="words of an idea that mean this style")
    pixel_cells: int = 0
    pixel_colours: int = 24


def earlier_names(declared: FieldFacts) -> tuple[str, ...]:
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
