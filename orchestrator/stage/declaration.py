"""`@stage`: a stage is a function; its inputs, params and output are its annotations."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from orchestrator.errors import StageDeclarationError
from orchestrator.frozen import Frozen
from orchestrator.stage.artifacts import Document, Picture
from orchestrator.stage.context import Context
from orchestrator.stage.gathered import Batch, Gathered
from orchestrator.stage.many import Artifact, Many, many_of
from orchestrator.stage.params import Params

F = TypeVar("F", bound=Callable[..., Any])
Missing = Literal["skip", "refuse"]
_ATTRIBUTE = "__orchestrator_stage__"


class Port(Frozen):
    """An input: its artifact type, whether it takes all members, and whether it may stay unwired."""

    name: str
    type: type[Artifact]
    gathered: bool = False
    optional: bool = False

    @property
    def type_name(self) -> str:
        """As a person writes it: `Image`, `Gathered[Image]`."""
        return f"Gathered[{self.type.__name__}]" if self.gathered else self.type.__name__


class StageSpec(Frozen):
    """All that the graph and the runtime know of a stage.

    Of one out of a stage file: `source` is the digest of all that it is made of, `home` the file's folder,
    and `opens` the names of the files in it that its calls may open: those that it declares as `files`, and
    those that were opened when it was imported.
    """

    name: str
    version: int
    function: Callable[..., Any]
    inputs: tuple[Port, ...]
    params: type[Params]
    output: type[Artifact]
    variants: bool = False
    seeded: bool = False
    batch: bool = False
    missing: Missing = "refuse"
    was: tuple[str, ...] = ()
    gate: bool = False
    source: str = ""
    files: tuple[str, ...] = ()
    home: str = ""
    opens: frozenset[str] = frozenset()
    extra: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def first_name(self) -> str:
        """The name that enters keys and seeds: the first one it was ever registered under."""
        return self.was[0] if self.was else self.name

    @property
    def gathered(self) -> frozenset[str]:
        """Its ports that take a whole gather."""
        return frozenset(port.name for port in self.inputs if port.gathered)

    @property
    def summary(self) -> str:
        """First line of the docstring of the params, else of the function."""
        text = (self.params.__doc__ if self.params is not Params else "") or self.function.__doc__ or ""
        return text.strip().splitlines()[0] if text.strip() else ""


def stage(
    name: str,
    *,
    version: int,
    variants: bool = False,
    seeded: bool = False,
    batch: bool = False,
    missing: Missing = "refuse",
    was: tuple[str, ...] = (),
    gate: bool = False,
    files: Iterable[str] = (),
) -> Callable[[F], F]:
    """Declares the decorated function a stage; returns the function itself.

    Args:
        name: registered name, lower case, words joined by hyphens, a studio's own after a dot.
        version: raise it whenever the same input would give another output.
        variants: the stage runs once for each variant of the recipe.
        seeded: the seed of the item enters its identity.
        batch: arguments are `Batch[T]`, the result a sequence of results or `Failure`s.
        missing: what a missing member of a gathered input means.
        was: earlier names, oldest first.
        files: files below the folder of its stage file that a call opens, `["looks/warm.json"]`; their bytes
            count like its code.
        gate: an item passes only where the review file approves its picture; the rest waits.

    Raises:
        StageDeclarationError: naming function and port, at import.
    """

    def declare(function: F) -> F:
        inputs, params = _ports(function, batch=batch)
        spec = StageSpec(
            name=name, version=version, function=function, inputs=inputs, params=params,
            output=_output(function, batch=batch), variants=variants, seeded=seeded, batch=batch,
            missing=missing, was=was, gate=gate, files=tuple(files),
        )  # fmt: skip
        setattr(function, _ATTRIBUTE, spec)
        return function

    return declare


def spec_of(value: object) -> StageSpec | None:
    """The declaration on a function, if it is a stage."""
    return cast("StageSpec | None", getattr(value, _ATTRIBUTE, None))


def specs_in(namespace: Mapping[str, object]) -> list[StageSpec]:
    """The stages that a module declares."""
    found = (spec_of(value) for value in namespace.values())
    return [spec for spec in found if spec is not None]


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    try:
        return get_type_hints(function)
    except NameError as error:
        raise _wrong(function, f"its annotations name something that is not defined: {error}") from error


def _ports(function: Callable[..., Any], *, batch: bool) -> tuple[tuple[Port, ...], type[Params]]:
    hints = _hints(function)
    ports: list[Port] = []
    params: type[Params] = Params
    for name in inspect.signature(function).parameters:
        annotation = hints.get(name)
        if annotation is None:
            raise _wrong(function, f"the argument {name!r} has no annotation")
        if isinstance(annotation, type) and issubclass(annotation, Params):
            params = annotation
        elif annotation is not Context:
            ports.append(_port(function, name, annotation, batch=batch))
    return tuple(ports), params


def _port(function: Callable[..., Any], name: str, annotation: Any, *, batch: bool) -> Port:
    optional = get_origin(annotation) in (Union, types.UnionType) and type(None) in get_args(annotation)
    if optional:
        (annotation,) = (member for member in get_args(annotation) if member is not type(None))
    gathered = get_origin(annotation) is Gathered
    if gathered or (batch and get_origin(annotation) is Batch):
        (annotation,) = get_args(annotation)
    elif batch:
        raise _wrong(function, f"with batch=True the port {name!r} must be Batch[...], not {annotation!r}")
    if not _is_artifact(annotation):
        raise _wrong(function, f"the port {name!r} must be an artifact type, not {annotation!r}")
    return Port(name, annotation, gathered=gathered, optional=optional)


def _output(function: Callable[..., Any], *, batch: bool) -> type[Artifact]:
    annotation: Any = _hints(function).get("return")
    if batch:
        members = [
            member for argument in get_args(annotation) for member in (get_args(argument) or (argument,))
        ]
        annotation = next((member for member in members if _is_artifact(member)), annotation)
    if get_origin(annotation) is Many and _is_artifact(get_args(annotation)[0]):
        return many_of(get_args(annotation)[0])
    if not _is_artifact(annotation):
        raise _wrong(function, f"the return type must be an artifact type, not {annotation!r}")
    return cast("type[Artifact]", annotation)


def _is_artifact(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, (Document, Picture))


def _wrong(function: Callable[..., Any], problem: str) -> StageDeclarationError:
    code = function.__code__
    signature = f"{function.__name__}{inspect.signature(function)}"
    return StageDeclarationError(
        f"{code.co_filename}:{code.co_firstlineno}: stage function {signature}: {problem}",
        code.co_firstlineno,
    )
