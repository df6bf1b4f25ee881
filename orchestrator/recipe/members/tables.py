"""Members of a dimension out of files: `{csv: FILE}`, `{jsonl: FILE}`, `{glob: PATTERN}`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from orchestrator.errors import Findings, Span
from orchestrator.errors.phrases import listed, shown
from orchestrator.frozen import Frozen
from orchestrator.recipe.findings import unknown_key, wrong_kind
from orchestrator.recipe.members import findings as told
from orchestrator.recipe.members.csv_cells import Row, parse_rows
from orchestrator.recipe.members.json_lines import parse_lines
from orchestrator.recipe.members.records import SOURCES
from orchestrator.recipe.names import is_name, slug
from orchestrator.recipe.reach import Reach
from orchestrator.text import Entry, Node, Text

_KEYS: Final = {"csv": ("csv", "id", "value"), "jsonl": ("jsonl", "id", "value"), "glob": ("glob",)}


def members_of(
    dimension: str, node: Node, entries: Mapping[str, Entry], reach: Reach
) -> Sequence[Node] | None:
    """The members that a source gives, as if they stood in the recipe; None where a finding says why not."""
    named = [key for key in SOURCES if key in entries]
    if len(named) > 1:
        what, help_ = f"the dimension `{dimension}`", "members come from one of them"
        wrong_kind(reach.findings, node, what, f"one of {listed(SOURCES)}", help=help_)
        return None
    (kind,) = named
    for key, entry in entries.items():
        if key not in _KEYS[kind]:
            unknown_key(reach.findings, key, entry.key_span, f"`{dimension}`", _KEYS[kind])
    place = entries[kind].node
    name = reach.sound(place, f"`{kind}:` of `{dimension}`", pattern=kind == "glob")
    if name is None:
        return None
    if kind == "glob":
        return _pictures(name, place, reach)
    read = reach.text(name, place.span)
    columns = _columns(entries, reach.findings)
    if read is None or columns is None:
        return None
    return (_from_csv if kind == "csv" else _from_jsonl)(_Table(*read, place.span, columns, reach))


class _Table(Frozen):
    file: str
    text: str
    span: Span
    columns: Mapping[str, tuple[str, Span]]
    reach: Reach


def _columns(entries: Mapping[str, Entry], findings: Findings) -> Mapping[str, tuple[str, Span]] | None:
    """Which columns `id:` and `value:` name."""
    found: dict[str, tuple[str, Span]] = {}
    sound = True
    for key in ("id", "value"):
        if key not in entries:
            continue
        node = entries[key].node
        if isinstance(node.value, (str, int)) and not isinstance(node.value, bool):
            found[key] = (field_name(str(node.value)), node.span)
        else:
            wrong_kind(findings, node, f"`{key}:`", "the name of a column")
            sound = False
    return found if sound else None


def field_name(header: str) -> str:
    """The field that a column's header becomes: lower case, every other character `_`."""
    return re.sub(r"[^a-z0-9_]", "_", header.strip().lower())[:64]


def _pictures(pattern: str, place: Node, reach: Reach) -> Sequence[Node] | None:
    before = len(reach.findings)
    files = reach.matches(pattern, place.span)
    if not files and len(reach.findings) == before:
        told.no_match(pattern, place.span, reach.findings)
    if not files:
        return None
    ids = _ids_of(files)
    return [_record(place.span, {"id": ids[file], "value": file}) for file in files]


def _ids_of(files: Sequence[str]) -> Mapping[str, str]:
    """An id for each file: that of its name; of those alike, with as many folders before it as part them."""
    ids = {file: _stem_id(file) for file in files}
    for folders in range(1, 1 + max(file.count("/") for file in files)):
        alike = _alike(ids)
        if not alike:
            break
        ids |= {file: _stem_id(file, folders) for file in alike}
    return ids


def _alike(ids: Mapping[str, str]) -> list[str]:
    counted = Counter(id_.casefold() for id_ in ids.values())
    return [file for file, id_ in ids.items() if counted[id_.casefold()] > 1]


def _stem_id(file: str, folders: int = 0) -> str:
    """The id of a file's name, with the last of its folders before it."""
    *above, last = file.split("/")
    stem = last.rpartition(".")[0] or last
    return slug("-".join([*(above[-folders:] if folders else ()), stem])) or last


def _record(span: Span, fields: Mapping[str, str]) -> Node:
    return Node({name: Entry(span, Node(value, span)) for name, value in fields.items()}, span)


def _from_csv(table: _Table) -> Sequence[Node] | None:
    findings = table.reach.findings
    rows = parse_rows(table.text, table.file, table.reach)
    if rows is None:
        return None
    if not rows:
        what = f"`{shown(table.file, 80)}` has no header"
        help_ = "the first line names the columns, such as `id,value`"
        findings.error("E158", what, table.span, help=help_)
        return None
    header = _header(rows[0], table)
    if header is None or not _are_columns(table, [name for name in header if name]):
        return None
    _tell_passed_over(rows, header, table)
    value = table.columns.get("value", (_usual_value(table, header), table.span))[0]
    id_ = table.columns.get("id", ("id", table.span))[0]
    before = len(findings)
    records = [_csv_record(row, header, id_, value) for row in rows[1:] if _fits(row, header, findings)]
    return None if not records and len(findings) > before else records


def _usual_value(table: _Table, header: Sequence[str]) -> str:
    """The column `value`, else the first one that is not the id."""
    if "value" in header:
        return "value"
    id_ = table.columns.get("id", ("id", table.span))[0]
    return next((name for name in header if name and name != id_), "")


def _header(row: Row, table: _Table) -> tuple[str, ...] | None:
    """The fields that the columns become; "" for one that is for people, and is passed over."""
    names = [field_name(cell) for cell in row.cells]
    findings, sound = table.reach.findings, True
    if len(names) == 1 and re.search(r"[;\t]", row.cells[0]):
        what, why = "the columns are not parted by commas", "A csv is parted by `,` on every machine."
        help_ = "save the table again with commas"
        findings.error("E158", what, row.cells[0].span, why=why, help=help_)
        return None
    for at, (name, cell) in enumerate(zip(names, row.cells, strict=True)):
        if not is_name(name) and _has_value(names, at, table):
            names[at] = ""
        elif not is_name(name):
            told.no_field(cell, at, findings)
            sound = False
        elif name in names[:at]:
            told.field_twice(name, cell.span, findings)
            sound = False
    return tuple(names) if sound else None


def _has_value(names: Sequence[str], at: int, table: _Table) -> bool:
    """Whether it is known which column is the value, so that the one at a place may be passed over."""
    if "value" in table.columns or "value" in names:
        return True
    id_ = table.columns.get("id", ("id", table.span))[0]
    return any(is_name(name) and name != id_ for name in names[:at])


def _tell_passed_over(rows: Sequence[Row], header: Sequence[str], table: _Table) -> None:
    """W610 for each column without a field that holds something; spreadsheets save empty ones too."""
    for at, name in enumerate(header):
        if name == "" and any(at < len(row.cells) and row.cells[at] for row in rows):
            table.reach.remarks.append(told.for_people(rows[0].cells[at]))


def _are_columns(table: _Table, known: Sequence[str]) -> bool:
    sound = True
    for key, (name, span) in table.columns.items():
        if name not in known:
            table.reach.findings.add(told.no_column(table.file, key, Text(name, span), known))
            sound = False
    return sound


def _fits(row: Row, header: Sequence[str], findings: Findings) -> bool:
    if len(row.cells) == len(header):
        return True
    span = row.cells[len(header)].span if len(row.cells) > len(header) else row.span
    told.other_cells(row.cells, len(header), span, findings)
    return False


def _csv_record(row: Row, header: Sequence[str], id_: str, value: str) -> Node:
    """An empty cell gives no field."""
    fields = {
        name: Entry(cell.span, Node(cell, cell.span))
        for name, cell in zip(header, row.cells, strict=True)
        if cell and name
    }
    return Node(_with_roles(fields, id_, value), row.span)


def _with_roles(fields: dict[str, Entry], id_: str, value: str) -> dict[str, Entry]:
    given = {"id": fields.get(id_), "value": fields.get(value)}
    plain = {name: entry for name, entry in fields.items() if name not in given}
    return {**{name: entry for name, entry in given.items() if entry is not None}, **plain}


def _from_jsonl(table: _Table) -> Sequence[Node] | None:
    before = len(table.reach.findings)
    nodes = parse_lines(table.text, table.file, table.reach)
    if nodes is None or (not nodes and len(table.reach.findings) > before):
        return None
    if not nodes:
        what = f"`{shown(table.file, 80)}` holds no record"
        help_ = 'a line is a record, `{"id": "flat", "value": "flat"}`, or a text'
        table.reach.findings.error("E134", what, table.span, help=help_)
        return None
    known = {name for node in nodes if isinstance(node.value, Mapping) for name in node.value}
    if table.columns and not _are_columns(table, sorted(known)):
        return None
    roles = {key: table.columns.get(key, (key, table.span))[0] for key in ("id", "value")}
    return [_with_names(node, roles["id"], roles["value"]) for node in nodes]


def _with_names(node: Node, id_: str, value: str) -> Node:
    if not isinstance(node.value, Mapping):
        return node
    return Node(_with_roles(dict(node.value), id_, value), node.span)
