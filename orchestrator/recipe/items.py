"""`items:`: dimensions and their records."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from orchestrator.errors import Label, Span
from orchestrator.recipe.caps import Caps
from orchestrator.recipe.findings import Findings, kind_of, missing_key, not_yet, shown, wrong_kind
from orchestrator.recipe.model import Dimension, Entry, Node, Record, Scalar
from orchestrator.recipe.names import is_id, is_name, name_like, slug

VARIANT: Final = "variant"
IDEA: Final = "idea"
_FROM_FILES: Final = ("csv", "jsonl", "glob")
_CHOICES: Final = re.compile(r"\{[^{}|]*\|[^{}]*\}|__[\w/-]+__")

FieldValue = Scalar | list[object] | dict[str, object]


def read_dimensions(entries: Mapping[str, Entry], findings: Findings, caps: Caps) -> tuple[Dimension, ...]:
    """The dimensions in declared order, `variant` last."""
    read = [
        dimension
        for name, entry in entries.items()
        if (dimension := read_dimension(name, entry, findings, caps)) is not None
    ]
    return tuple(sorted(read, key=lambda dimension: dimension.name == VARIANT))


def read_dimension(name: str, entry: Entry, findings: Findings, caps: Caps) -> Dimension | None:
    """One dimension, or None when its name or form is wrong; a broken record is left out."""
    if name == VARIANT:
        return _variants(entry, findings, caps)
    if not is_name(name):
        not_a_name(findings, "a dimension", name, entry.key_span)
        return None
    if not isinstance(entry.node.value, tuple):
        _no_list(name, entry.node, findings)
        return None
    if not entry.node.value:
        _empty(name, entry.node.span, findings)
        return None
    reader = _Records(name, findings, caps)
    records = [record for node in entry.node.value if (record := reader.record(node)) is not None]
    return Dimension(name, tuple(records), entry.key_span)


def not_a_name(findings: Findings, what: str, name: str, span: Span) -> None:
    """E115: names become parts of references, so they are plain words."""
    near = name_like(name)
    findings.error(
        "E115",
        f"`{shown(name)}` cannot be the name of {what}",
        span,
        why="Names are lower-case ASCII letters, digits and `_`, a letter first, at most 64: they stand in "
        "references (`$item.style`) and in `--set`.",
        help=f"call it `{near}`" if near else "choose such a name",
        fix=near,
    )


def _variants(entry: Entry, findings: Findings, caps: Caps) -> Dimension | None:
    count = entry.node.value
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= caps.variants:
        findings.error(
            "E116",
            f"`variant:` is a whole number from 1 to {caps.variants:,}, not {kind_of(entry.node)}",
            entry.node.span,
            why="It says how many pictures each item gets, which differ by their noise alone.",
            help="write how many you want to choose from",
            fix="variant: 4",
        )
        return None
    records = (
        Record(str(number), {"id": str(number), "value": number}, entry.node.span)
        for number in range(1, count + 1)
    )
    return Dimension(VARIANT, tuple(records), entry.key_span)


def _no_list(name: str, node: Node, findings: Findings) -> None:
    if isinstance(node.value, Mapping) and any(key in node.value for key in _FROM_FILES):
        not_yet(findings, f"taking a dimension from a file (`{next(iter(node.value))}:`)", node.span)
        return
    scalar = node.value is not None and not isinstance(node.value, Mapping)
    wrong_kind(
        findings,
        node,
        f"the dimension `{name}`",
        "a list",
        help="write its members in brackets, or each on a line that begins with `- `",
        fix=f"{name}: [{shown(node.value)}]" if scalar else f"{name}: [first, second]",
    )


def _empty(name: str, span: Span, findings: Findings) -> None:
    findings.error(
        "E134",
        f"the dimension `{name}` has no members",
        span,
        why="Items are the product of all dimensions, so an empty one leaves nothing to draw.",
        help="add a member, or take the dimension out",
    )


@dataclass(slots=True)
class _Seen:
    id: str
    span: Span


class _Records:
    """Reads the members of one dimension and keeps their ids apart."""

    def __init__(self, name: str, findings: Findings, caps: Caps) -> None:
        self._name, self._findings, self._caps = name, findings, caps
        self._seen: dict[str, _Seen] = {}

    def record(self, node: Node) -> Record | None:
        fields = self._fields(node)
        if fields is None:
            return None
        if self._name == IDEA:
            idea = self._idea(fields, node)
            if idea is None:
                return None
            fields["value"] = idea
        id_ = self._id(node, fields)
        if id_ is None or not self._is_new(id_, node, fields):
            return None
        return Record(
            id_, {"id": id_, **{name: value for name, value in fields.items() if name != "id"}}, node.span
        )

    def _fields(self, node: Node) -> dict[str, FieldValue] | None:
        if isinstance(node.value, Mapping):
            return self._written_fields(node, node.value)
        if isinstance(node.value, tuple) or (node.value is None and self._name != IDEA):
            wrong_kind(
                self._findings,
                node,
                f"a member of `{self._name}`",
                "a text, a number or a record",
                help="a record is `{id: NAME, value: VALUE}`, with any further fields",
                fix="{id: first, value: 1}",
            )
            return None
        return {"value": _normal(node.value)}

    def _written_fields(self, node: Node, entries: Mapping[str, Entry]) -> dict[str, FieldValue] | None:
        if any("|" in key for key in entries):
            self._choices_as_mapping(node, entries)
            return None
        for name, entry in entries.items():
            if not is_name(name):
                not_a_name(self._findings, "a field", name, entry.key_span)
        self._refuse_bad_inner_names(node)
        if "value" not in entries and (self._name == IDEA or "id" not in entries):
            missing_key(
                self._findings,
                "value" if self._name == IDEA else "id",
                f"a record of `{self._name}`",
                node.span,
                fix="{id: fire-sword, value: fire sword}" if self._name == IDEA else "{id: first, value: 1}",
            )
            return None
        return {name: _normal(entry.node.plain()) for name, entry in entries.items() if is_name(name)}

    def _refuse_bad_inner_names(self, node: Node) -> None:
        for name, entry in _inner_entries(node):
            if not is_name(name):
                not_a_name(self._findings, "a field", name, entry.key_span)

    def _choices_as_mapping(self, node: Node, entries: Mapping[str, Entry]) -> None:
        text = ", ".join(entries)
        self._findings.error(
            "E103",
            "words in braces must stand in quotes",
            node.span,
            why="`{` opens a mapping in YAML.",
            help="put the whole text in quotes",
            fix=f'"{{{shown(text, 60)}}}"',
        )

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
            self._no_text(value, span)
        else:
            return self._short(value.strip(), span)
        return None

    def _no_text(self, value: object, span: Span) -> None:
        scalar = isinstance(value, (int, float))
        text = shown(str(value).lower() if isinstance(value, bool) else value)
        self._findings.error(
            "E135",
            f"an idea is a text, not {'a number or a truth value' if scalar else 'a list or a mapping'}",
            span,
            why="Ideas are put into words for the model.",
            help="put it in quotes if it is meant as text" if scalar else "write one text",
            fix=f'"{text}"' if scalar else "",
        )

    def _short(self, idea: str, span: Span) -> str | None:
        if len(idea) > self._caps.idea:
            self._findings.error(
                "E131",
                f"an idea has {len(idea):,} characters; the cap is {self._caps.idea:,}",
                span,
                why="An idea is terse; the language stage turns it into a full prompt.",
                help="keep what the picture shows, and leave the rest to `expand` and its template",
            )
            return None
        if choices := _CHOICES.search(idea):
            not_yet(self._findings, f"variant syntax in an idea (`{shown(choices.group())}`)", span)
            return None
        return idea

    def _id(self, node: Node, fields: Mapping[str, FieldValue]) -> str | None:
        if "id" in fields:
            return self._explicit_id(node, fields["id"])
        value = fields["value"]
        if isinstance(value, (list, dict)) or not (id_ := slug(_text(value))):
            self._findings.error(
                "E133",
                f"no id can be made from `{shown(_text(value))}`",
                node.span,
                why="An id names files and seeds; it is made of the letters and digits of the value.",
                help="give an id yourself",
                fix=f"{{id: first, value: {_flow(value)}}}",
            )
            return None
        return id_

    def _explicit_id(self, node: Node, value: FieldValue) -> str | None:
        text = _text(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
        if is_id(text):
            return text
        near = slug(text)
        self._findings.error(
            "E133",
            f"`{shown(value)}` cannot be an id",
            _entry_span(node, "id"),
            why="An id names files on every system: letters and digits of any script with `-` between them, "
            "at most 80 bytes, and no device name of Windows.",
            help=f"write `{near}`" if near else "write letters or digits",
            fix=f"id: {near}" if near else "",
        )
        return None

    def _is_new(self, id_: str, node: Node, fields: Mapping[str, FieldValue]) -> bool:
        first = self._seen.setdefault(id_.casefold(), _Seen(id_, node.span))
        if first.span is node.span:
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
            help="take one of them out, or give this one an id of its own",
            fix=f"{{id: {self._free(id_)}, value: {_flow(fields.get('value'))}}}",
            labels=(Label(first.span, "the first one"),),
        )
        return False

    def _free(self, id_: str) -> str:
        return next(
            free for number in range(2, 10_000) if (free := f"{id_}-{number}").casefold() not in self._seen
        )


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
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_normal(member) for member in cast("list[object]", value)]
    if isinstance(value, dict):
        return {name: _normal(member) for name, member in cast("dict[str, object]", value).items()}
    return cast("FieldValue", value)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _flow(value: object) -> str:
    """A value as it may stand inside braces."""
    text = shown(_text(value))
    return f'"{text}"' if isinstance(value, str) and re.search(r"[\[\]{},:#\"'&*!|>%@`]", text) else text
