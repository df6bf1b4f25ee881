"""The members of a dimension as records, each with an id that names files and seeds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias, cast

from orchestrator.errors import Label, Span
from orchestrator.errors.phrases import near
from orchestrator.frozen import Frozen
from orchestrator.recipe.findings import is_in_table, not_a_name, unknown_key
from orchestrator.recipe.members import findings as told
from orchestrator.recipe.members.findings import flow, plain_text, written
from orchestrator.recipe.model import Record
from orchestrator.recipe.names import is_id, is_name, numbered, slug
from orchestrator.recipe.reach import Reach
from orchestrator.text import Cell, Entry, Node, Scalar, capped

IDEA: Final = "idea"
SOURCES: Final = ("csv", "jsonl", "glob")
_KEYS: Final = ("id", "value")
_MAY_CHOOSE: Final = re.compile(r"[{}]|__|\\[|_]|[\[<][^|\n]*\|")

FieldValue: TypeAlias = Scalar | list[object] | dict[str, object]


class _Seen(Frozen):
    id: str
    node: Node
    value: object


class Records:
    """Reads the members of one dimension and keeps their ids apart."""

    def __init__(self, name: str, reach: Reach) -> None:
        self._name, self._reach = name, reach
        self._findings, self._caps = reach.findings, reach.caps
        self._seen: dict[str, _Seen] = {}
        self._length = 0  # characters that variant syntax has made

    def read(self, nodes: Iterable[Node], span: Span) -> tuple[Record, ...]:
        """The records in their order; a broken one is left out."""
        found: list[Record] = []
        for node in nodes:
            found += self._of(node)
            if (over := self._over(len(found))) is not None:
                self._findings.add(capped(*over, span))
                break
        return tuple(found)

    def _over(self, count: int) -> tuple[str, int, str] | None:
        if count > self._caps.members:
            return "members", self._caps.members, f"the dimension `{self._name}` has too many members"
        if self._length > self._caps.expanded:
            return "expanded", self._caps.expanded, "variant syntax makes too many characters of text"
        return None

    def _of(self, node: Node) -> Iterator[Record]:
        """The record of a member; several where an idea has variant syntax."""
        fields = self._fields(node)
        if fields is None:
            return
        if self._name != IDEA:
            yield from self._one(node, fields)
            return
        idea = self._idea(fields, node)
        if idea is None:
            return
        if not _MAY_CHOOSE.search(idea):
            yield from self._one(node, {**fields, "value": idea})
            return
        from orchestrator.recipe.members.variants import expand

        base = self._explicit_id(node, fields["id"]) if "id" in fields else ""
        if base is None:
            return
        for text, words in expand(idea, self._value(node), self._reach):
            self._length += len(text)
            own = slug("-".join(words))
            more: dict[str, FieldValue] = {"id": f"{base}-{own}" if own else base} if base else {}
            yield from self._one(node, {**fields, "value": text, **more})

    def _one(self, node: Node, fields: dict[str, FieldValue]) -> Iterator[Record]:
        id_ = self._id(node, fields)
        if id_ is not None and self._is_new(id_, node, fields):
            kept = {name: value for name, value in fields.items() if name != "id"}
            yield Record(id_, {"id": id_, **kept}, node.span)

    def _value(self, node: Node) -> Node:
        if isinstance(node.value, Mapping) and "value" in node.value:
            return node.value["value"].node
        return node

    def _fields(self, node: Node) -> dict[str, FieldValue] | None:
        if isinstance(node.value, Mapping):
            return self._written_fields(node, node.value)
        if isinstance(node.value, tuple) or (node.value is None and self._name != IDEA):
            told.no_record(self._name, node, self._findings)
            return None
        return {"value": _normal(node.value)}

    def _written_fields(self, node: Node, entries: Mapping[str, Entry]) -> dict[str, FieldValue] | None:
        if any("|" in key for key in entries):
            told.choices_as_mapping(entries, node.span, self._findings)
            return None
        if len(entries) == 1 and (table := next(iter(entries))) in SOURCES:
            told.table_in_list(self._name, node, table, entries[table].node, self._findings)
            return None
        for name, entry in entries.items():
            if not is_name(name):
                not_a_name(self._findings, "a field", name, entry.key_span)
        self._refuse_bad_inner_names(node)
        if "value" not in entries and (self._name == IDEA or "id" not in entries):
            if (meant := _misspelt(entries)) is not None:
                place, span = f"a record of `{self._name}`", entries[meant].key_span
                unknown_key(self._findings, meant, span, place, _KEYS)
                return None
            self._lacks_a_key(node)
            return None
        return {name: _normal(entry.node.plain()) for name, entry in entries.items() if is_name(name)}

    def _lacks_a_key(self, node: Node) -> None:
        key = "value" if self._name == IDEA else "id"
        fix = "{id: fire-sword, value: fire sword}" if self._name == IDEA else "{id: first, value: 1}"
        told.lacks_a_key(self._name, key, fix, node, self._findings)

    def _refuse_bad_inner_names(self, node: Node) -> None:
        for name, entry in _inner_entries(node):
            if not is_name(name):
                not_a_name(self._findings, "a field", name, entry.key_span)

    def _idea(self, fields: Mapping[str, FieldValue], node: Node) -> str | None:
        span = value_span(node)
        value = fields.get("value")
        if value is None or (isinstance(value, str) and not value.strip()):
            self._findings.error(
                "E130",
                "an idea is empty",
                span,
                why="There is nothing to draw.",
                help="write what the picture shows, or take the line out",
            )
        elif not isinstance(value, str):
            told.no_text(value, span, self._findings)
        else:
            return self._short(value.strip(), span)
        return None

    def _short(self, idea: str, span: Span) -> str | None:
        if len(idea) > self._caps.idea:
            self._findings.add(
                capped(
                    "idea",
                    self._caps.idea,
                    f"an idea has {len(idea):,} characters",
                    span,
                    code="E131",
                    why="An idea is terse; the language stage turns it into a full prompt.",
                    help="keep what the picture shows, and leave the rest to `expand` and its template",
                )
            )
            return None
        return idea

    def _id(self, node: Node, fields: Mapping[str, FieldValue]) -> str | None:
        if "id" in fields:
            return self._explicit_id(node, fields["id"])
        value = fields["value"]
        if isinstance(value, (list, dict)) or not (id_ := slug(plain_text(value))):
            told.no_id_in(value, node.span, self._findings)
            return None
        return id_

    def _explicit_id(self, node: Node, value: FieldValue) -> str | None:
        text = plain_text(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
        if is_id(text):
            return text
        told.no_id(value, text, _entry_span(node, "id"), self._findings)
        return None

    def _is_new(self, id_: str, node: Node, fields: Mapping[str, FieldValue]) -> bool:
        mine = _Seen(id_, node, fields.get("value"))
        first = self._seen.setdefault(id_.casefold(), mine)
        if first is mine:
            return True
        if self._findings.full:
            return False
        self._findings.error(
            "E132",
            f"two members of `{self._name}` have the id `{id_}`"
            if first.id == id_
            else f"the ids `{first.id}` and `{id_}` differ by case alone",
            node.span,
            why="Ids name files and seeds, also where a file system does not tell case apart.",
            help=f"{flow(first.value)} and {flow(mine.value)} both come to it: rename one of them"
            if first.node.span == node.span
            else "take one of them out, or give this one an id of its own",
            fix=self._other_id(mine, first),
            labels=(Label(first.node.span, "the first one"),) if first.node.span != node.span else (),
        )
        return False

    def _other_id(self, mine: _Seen, first: _Seen) -> str:
        """What parts two members, to be pasted; "" where one place of the recipe gives both."""
        if first.node.span == mine.node.span:
            return ""
        free = self._free(mine.id)
        return free if is_in_table(mine.node.span) else f"{{id: {free}, value: {written(mine.value)}}}"

    def _free(self, id_: str) -> str:
        return next(
            free
            for number in range(2, 10_000)
            if (free := numbered(id_, number)).casefold() not in self._seen
        )


def _misspelt(entries: Mapping[str, Entry]) -> str | None:
    """The key that was meant for `value`, if there is one."""
    return next((name for name in entries if name not in _KEYS and near(name, _KEYS) == "value"), None)


def value_span(node: Node) -> Span:
    """Where the value of a record stands."""
    return _entry_span(node, "value")


def _entry_span(node: Node, key: str) -> Span:
    if isinstance(node.value, Mapping) and key in node.value:
        return node.value[key].node.span
    return node.span


def _inner_entries(node: Node) -> Iterator[tuple[str, Entry]]:
    """The entries of mappings inside a record's fields."""
    if not isinstance(node.value, Mapping):
        return
    waiting = [entry.node for entry in node.value.values()]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner.value, Mapping):
            yield from inner.value.items()
            waiting += [entry.node for entry in inner.value.values()]
        elif isinstance(inner.value, tuple):
            waiting += inner.value


def _normal(value: object) -> FieldValue:
    """Texts in NFC."""
    if isinstance(value, Cell):
        normal = unicodedata.normalize("NFC", value)
        return value if normal == value else Cell(normal, value.span)
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_normal(member) for member in cast("list[object]", value)]
    if isinstance(value, dict):
        return {name: _normal(member) for name, member in cast("dict[str, object]", value).items()}
    return cast("FieldValue", value)
