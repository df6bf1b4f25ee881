"""YAML resources: plain data, read by YAML 1.2's rules for scalars, so that `no` and `on` stay words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

import yaml

from orchestrator.library.source import Source

_LOADER: Final = cast("type[yaml.SafeLoader]", getattr(yaml, "CSafeLoader", yaml.SafeLoader))
_DEEPEST: Final = 32
_KINDS: Final = (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?(?:0|[1-9][0-9]{0,17})", list("-+0123456789")),
    (
        "float",
        r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+(?:[eE][-+]?[0-9]{1,2})?|[eE][-+]?[0-9]{1,2})",
        list("-+0123456789"),
    ),
)


class _Loader(_LOADER):  # a base that is chosen at import
    """Builds plain data alone; a key that stands twice is an error."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - as the base has it

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: dict[str, yaml.Node] = {}
        for key, _ in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
            if not isinstance(key, yaml.ScalarNode):
                raise _Refused("a key that is no plain text", key.start_mark)
            if key.value in seen:
                raise _Refused(f"the key `{key.value}` stands twice", key.start_mark)
            seen[key.value] = key
        return cast("dict[Any, Any]", super().construct_mapping(node, deep=deep))


for _kind, _pattern, _first in _KINDS:
    _Loader.add_implicit_resolver(  # pyright: ignore[reportUnknownMemberType]
        f"tag:yaml.org,2002:{_kind}", re.compile(f"^(?:{_pattern})$"), _first
    )


class _Refused(yaml.YAMLError):
    def __init__(self, problem: str, mark: yaml.Mark | None) -> None:
        super().__init__(problem)
        self.problem, self.problem_mark = problem, mark


def read_plain(source: Source) -> object:
    """The data of a YAML resource; raises InvalidInput (E411)."""
    try:
        _check_events(_events(source.text))
        return yaml.load(source.text, Loader=_Loader)  # noqa: S506 - a subclass of the safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        line = min(line, max(1, len(source.text.splitlines())))
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise source.refuse(
            "E411",
            f"`{source.name}` is no plain YAML: {problem}",
            line,
            column,
            why="Tables of the library are plain data: no tags, no aliases, no key twice.",
            help="mend the line; quote a text that has `: ` in it or begins with a bracket or a sign",
        ) from error


def _events(text: str) -> Iterator[yaml.Event]:
    return cast("Iterator[yaml.Event]", yaml.parse(text, Loader=_LOADER))  # pyright: ignore[reportUnknownMemberType]


def _check_events(events: Iterator[yaml.Event]) -> None:
    depth = 0
    for event in events:
        if isinstance(event, yaml.AliasEvent):
            raise _Refused("an alias has no place in a table", event.start_mark)
        if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)) and event.tag:
            raise _Refused("a tag has no place in a table", event.start_mark)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise _Refused(f"more than {_DEEPEST} lists and mappings in one another", event.start_mark)


def line_of(source: Source, key: str) -> int:
    """The line on which a top-level key stands; 1 where it stands nowhere."""
    found = re.search(rf"^[\"']?{re.escape(key)}[\"']?\s*:", source.text, re.MULTILINE)
    return 1 if found is None else source.text.count("\n", 0, found.start()) + 1


def entries_of(value: object) -> Mapping[str, object] | None:
    """The value as a mapping with text keys, or None."""
    if not isinstance(value, Mapping):
        return None
    return {str(key): member for key, member in cast("Mapping[object, object]", value).items()}
