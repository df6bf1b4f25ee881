"""What could be pasted in place of a value that does not fit, or above a stage that lacks an input."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import cast, get_args

from orchestrator.errors import did_you_mean
from orchestrator.errors.suggest import nearest
from orchestrator.frozen import Frozen
from orchestrator.graph.annotations import words_of
from orchestrator.stage import Artifact, Idea, Params, StageSpec
from orchestrator.stage.params import resource_class
from orchestrator.stage.registry import Registry
from orchestrator.stage.validated import as_plain

Names = Callable[[str], tuple[str, ...]]
"""The names in a shelf of the library."""
_PLAIN = r"[A-Za-z\u0080-\uffff][\w ./-]*(?<! )"
_WORDS_OF_YAML = frozenset({"true", "false", "null", "True", "False", "Null", "TRUE", "FALSE", "NULL"})


class Proposal(Frozen):
    """A value as YAML, "" where none fits; `clear` where it is the one that was given, written otherwise."""

    text: str
    clear: bool = False


def fitting(params: type[Params], name: str, values: Mapping[str, object], names: Names) -> Proposal:
    """The nearest value of a param that its model takes beside the others.

    Nearest first: the same thing as another type, the limit, the name that was meant, the default.
    """
    given = values.get(name)
    for candidate in _same(given):
        if _is_taken(params, {**values, name: candidate}):
            return Proposal(as_yaml(candidate), clear=True)
    for candidate in _candidates(params, name, given, names):
        if _is_taken(params, {**values, name: candidate}):
            return Proposal(as_yaml(candidate), clear=_is_meant(params, name, given, candidate, names))
    return Proposal("")


def _is_meant(params: type[Params], name: str, given: object, candidate: object, names: Names) -> bool:
    """Whether a word is clearly the misspelt one."""
    if not isinstance(given, str):
        return False
    found = nearest(given, _words(params, name, names))
    return found is not None and found.clear and found.name == candidate


def _words(params: type[Params], name: str, names: Names) -> list[str]:
    """The words that a param may be."""
    declared = params.model_fields[name]
    return [str(word) for word in (*_members(declared.annotation), *_resources(declared.annotation, names))]


def as_yaml(value: object) -> str:
    """A value as it may stand in a flow mapping."""
    if isinstance(value, str) and re.fullmatch(_PLAIN, value) and value not in _WORDS_OF_YAML:
        return value
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(as_yaml(member) for member in cast('Iterable[object]', value))}]"
    return json.dumps(value, ensure_ascii=False)


def givers(registry: Registry, kind: type[Artifact], above: Iterable[type[Artifact]]) -> tuple[str, ...]:
    """Registered stages that give a type; those whose inputs stand above already come first."""
    there = {Idea, *above}
    found = [spec for name in registry.names() if (spec := registry.find(name)) and spec.output is kind]
    return tuple(spec.name for spec in sorted(found, key=lambda spec: (not _is_fed(spec, there), spec.name)))


def _is_fed(spec: StageSpec, there: set[type[Artifact]]) -> bool:
    return all(port.optional or port.type in there for port in spec.inputs)


def _is_taken(params: type[Params], values: Mapping[str, object]) -> bool:
    try:
        params.checked(values)
    except ValueError:
        return False
    return True


def _candidates(params: type[Params], name: str, given: object, names: Names) -> Iterator[object]:
    declared = params.model_fields[name]
    if isinstance(given, float):
        yield round(given)
    limits = [limit for limit in _limits(declared.metadata) if limit is not None]
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        yield from limits
    allowed = [*_members(declared.annotation), *_resources(declared.annotation, names)]
    if isinstance(given, str):
        yield from (near for near in [did_you_mean(given, _words(params, name, names))] if near)
    if not declared.is_required():
        from pydantic_core import to_jsonable_python

        default = to_jsonable_python(as_plain(declared.get_default(call_default_factory=True)))
        yield from [] if default is None else [default]
    yield from (*allowed, *limits, 1)


def _same(given: object) -> Iterator[object]:
    """`[4]` is 4, `"4"` is 4, 4 is "4" and [4]."""
    if isinstance(given, list):
        members = cast("list[object]", given)
        if len(members) == 1:
            yield members[0]
            yield from _same(members[0])
    elif isinstance(given, str):
        try:
            yield json.loads(given)
        except ValueError:
            yield [given]
    elif isinstance(given, (int, float)) and not isinstance(given, bool):
        yield from ([round(given)] if given == round(given) else [])
        yield from (str(given), [given])


def _limits(metadata: Iterable[object]) -> Iterator[int | float | None]:
    for limit in metadata:
        for bound, step in (("ge", 0), ("le", 0), ("gt", 1), ("lt", -1), ("multiple_of", 0)):
            edge = getattr(limit, bound, None)
            yield None if edge is None else edge + step


def _members(annotation: object) -> Iterator[object]:
    """The words of a Literal or an Enum, also within `X | None`."""
    for kind in (annotation, *get_args(annotation)):
        yield from words_of(kind)


def _resources(annotation: object, names: Names) -> tuple[str, ...]:
    kind = resource_class(annotation)
    return names(kind.shelf) if kind is not None else ()
