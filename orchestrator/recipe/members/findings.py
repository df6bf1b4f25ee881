"""What is wrong with dimensions, their members and the points that are items, said for who writes recipes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from orchestrator.errors import Diagnostic, Edit, Findings, Label, Span, unknown
from orchestrator.errors.edits import respelt, wrapped
from orchestrator.errors.phrases import listed, shown
from orchestrator.recipe.findings import as_number, is_in_table, missing_key, wrong_kind
from orchestrator.recipe.model import Dimension, Recipe
from orchestrator.recipe.names import slug
from orchestrator.text import Cell, Node, Text, kind_of

_PLAIN: Final = re.compile(r"(?!(?:true|false|null)$)[^\W\d_]+(?:[ -]?\w+)*", re.IGNORECASE)
_NOTHING_TO_DRAW: Final = "Items are the product of all dimensions, so an empty one leaves nothing to draw."
_RECORD: Final = "a text, a number or a record"


def no_list(name: str, node: Node, findings: Findings, *, scalar: bool) -> None:
    """E114: a dimension that is no list."""
    wrong_kind(
        findings,
        node,
        f"the dimension `{name}`",
        "a list",
        help="write its members in brackets, or each on a line that begins with `- `; "
        "or `{csv: FILE}`, `{jsonl: FILE}`, `{glob: PATTERN}`",
        fix=f"{name}: {_as_members(node.value) if scalar else '[first, second]'}",
        edits=_in_members(node) if scalar else (),
    )


def no_members(name: str, span: Span, findings: Findings) -> None:
    """E134: an empty list."""
    what, help_ = f"the dimension `{name}` has no members", "add a member, or take the dimension out"
    findings.error("E134", what, span, why=_NOTHING_TO_DRAW, help=help_)


def no_number_of_variants(node: Node, most: int, findings: Findings) -> None:
    """E116: `variant:` that is no count."""
    findings.error(
        "E116",
        f"`variant:` is a whole number from 1 to {most:,}, not {kind_of(node)}",
        node.span,
        why="It says how many pictures each item gets, which differ by their noise alone.",
        help="write how many you want to choose from",
        fix="variant: 4",
        edits=as_number(node),
    )


def no_match(pattern: str, span: Span, findings: Findings) -> None:
    """E134: a pattern that matches no file."""
    findings.error(
        "E134",
        f"no file matches `{shown(pattern, 80)}`",
        span,
        why=_NOTHING_TO_DRAW,
        help="`*` stands for any letters of a name, `[ab]` for one of these, `**` for any "
        "folders; names count from the recipe's folder, and case counts on every system",
    )


def no_column(file: str, key: str, given: Text, known: Sequence[str]) -> Diagnostic:
    """E159: `id:` or `value:` of a table names no column of it."""
    return unknown(
        "E159",
        f"`{shown(file, 80)}` has no column `{shown(given.value)}`",
        given.value,
        given.span,
        known,
        why=f"Its columns: {listed(known)}.",
        otherwise=f"`{key}:` names a column",
    )


def no_field(header: Cell, at: int, findings: Findings) -> None:
    """E158: a header that no field can be called by, where it is needed."""
    what = f"the column `{shown(header)}` cannot be the name of a field"
    why = "A header becomes a field, as in `$item.style.light`: ASCII, a letter first."
    findings.error("E158", what, header.span, why=why, help="rename the column", fix=f"column_{at + 1}")


def field_twice(name: str, span: Span, findings: Findings) -> None:
    """E158: two headers that differ in letters alone that no field has."""
    what = f"two columns become the field `{name}`"
    findings.error("E158", what, span, why="A field has one value.", help="rename one of them")


def for_people(header: Cell) -> Diagnostic:
    """W610: a column that no recipe can name."""
    return Diagnostic(
        "W610",
        f"the column `{shown(header)}` is not read" if header else "a column without a name is not read",
        header.span,
        why="A header becomes a field, as in `$item.style.light`: ASCII, a letter first. This one is none.",
        help="leave it to people, or give it a name that a recipe can write",
        severity="warning",
    )


def other_cells(cells: Sequence[str], count: int, span: Span, findings: Findings) -> None:
    """E158: a row with more cells than the header's, or fewer."""
    more = len(cells) > count
    findings.error(
        "E158",
        f"the row has {_cells(len(cells))}, the header {_cells(count)}",
        span,
        why="A cell belongs to the column that it stands in.",
        help="put a text with a comma in double quotes" if more else "add the cells that are missing",
        fix=_mended(cells, count),
    )


def lacks_a_key(dimension: str, key: str, example: str, node: Node, findings: Findings) -> None:
    """E113: a record without an id or a value."""
    if is_in_table(node.span):
        what = f"a row of `{dimension}` has an empty `{key}`"
        findings.error("E113", what, node.span, help="fill the cell, or take the row out")
        return
    missing_key(findings, key, f"a record of `{dimension}`", node.span, fix=example)


def no_record(dimension: str, node: Node, findings: Findings) -> None:
    """E114: a list or nothing where a member belongs."""
    help_ = "a record is `{id: NAME, value: VALUE}`, with any further fields"
    what = f"a member of `{dimension}`"
    wrong_kind(findings, node, what, _RECORD, help=help_, fix="{id: first, value: 1}")


def table_in_list(dimension: str, node: Node, kind: str, source: Node, findings: Findings) -> None:
    """E114: `- {csv: FILE}`."""
    fix = f"{dimension}: {{{kind}: {flow(source.plain())}}}"
    help_ = "a table stands in place of the list, not in it"
    wrong_kind(findings, node, f"a member of `{dimension}`", _RECORD, help=help_, fix=fix)


def choices_as_mapping(words: Iterable[str], span: Span, findings: Findings) -> None:
    """E103: `{red|blue}` without quotes."""
    findings.error(
        "E103",
        "words in braces must stand in quotes",
        span,
        why="`{` opens a mapping in YAML.",
        help="put the whole text in quotes",
        fix=f'"{{{shown(", ".join(words), 60)}}}"',
    )


def no_text(value: object, span: Span, findings: Findings) -> None:
    """E135: an idea that is no text."""
    scalar = isinstance(value, (int, float))
    findings.error(
        "E135",
        f"an idea is a text, not {'a number or a truth value' if scalar else 'a list or a mapping'}",
        span,
        why="Ideas are put into words for the model.",
        help="put it in quotes if it is meant as text" if scalar else "write one text",
        fix=f'"{shown(plain_text(value))}"' if scalar else "",
        edits=wrapped(span, '"', '"') if scalar and not is_in_table(span) else (),
    )


def no_id_in(value: object, span: Span, findings: Findings) -> None:
    """E133: a value without letters or digits."""
    findings.error(
        "E133",
        f"no id can be made from `{shown(plain_text(value))}`",
        span,
        why="An id names files and seeds; it is made of the letters and digits of the value.",
        help="give an id yourself",
        fix=f"{{id: first, value: {written(value)}}}",
    )


def no_id(value: object, text: str, span: Span, findings: Findings) -> None:
    """E133: an id that no file can have."""
    near = slug(text)
    findings.error(
        "E133",
        f"`{shown(value)}` cannot be an id",
        span,
        why="An id names files on every system: letters and digits of any script with `-` between them, "
        "at most 80 bytes, and no device name of Windows.",
        help=f"write `{near}`" if near else "write letters or digits",
        fix="" if not near else near if is_in_table(span) else f"id: {near}",
        edits=respelt(text, span, near) if near else (),
    )


def alone_in_zip(span: Span, findings: Findings) -> None:
    """E150: a group of one."""
    findings.error(
        "E150",
        "`zip:` with fewer than two dimensions",
        span,
        why="Dimensions that are zipped go in step: the first of one with the first of the other.",
        help="name the dimension that it goes with, or take `zip:` out",
    )


def variant_in_zip(span: Span, others: Sequence[str], findings: Findings) -> None:
    """E150: `variant` in a group."""
    findings.error(
        "E150",
        "`variant` cannot be zipped",
        span,
        why="Variants are more pictures of each item, told apart by their noise alone.",
        help="take it out of `zip:`, or `zip:` out with it",
        fix=f"zip: [{', '.join(others)}]" if len(others) > 1 else "",
    )


def in_two_groups(name: Text, first: Text, findings: Findings) -> None:
    """E150: a dimension that goes in step with two."""
    findings.error(
        "E150",
        f"`{shown(name.value)}` stands in two groups of `zip:`",
        name.span,
        why="A dimension goes in step with one group.",
        help="make one group of the two, or take it out of one",
        labels=(Label(first.span, "the first one"),),
    )


def unequal(recipe: Recipe, sizes: dict[str, int], group: Sequence[Text], findings: Findings) -> None:
    """E152: dimensions of a group that differ in length."""
    counts = ", ".join(f"`{name}` has {size:,}" for name, size in sizes.items())
    first, last = group[0].span, group[-1].span
    declared = recipe.dimension(group[0].value)
    findings.error(
        "E152",
        f"zipped dimensions differ in length: {counts}",
        Span(first.file, first.line, first.column, last.end_line, last.end_column),
        why="The first member of one goes with the first of the other, and so on to the last.",
        help="add the members that are missing, or take `zip:` out to draw every combination",
        labels=(Label(declared.span, f"`{declared.name}` stands here"),) if declared else (),
    )


def no_dimension(name: Text, key: str, names: Sequence[str]) -> Diagnostic:
    """E151: `zip:` or `exclude:` on a dimension that is not there."""
    return unknown(
        "E151",
        f"`{key}:` names the dimension `{shown(name.value)}`, which the recipe does not have",
        name.value,
        name.span,
        names,
        why=f"Its dimensions: {listed(names)}." if names else "It has no dimensions.",
        otherwise="name a dimension of `items:`",
    )


def no_such_id(dimension: Dimension, given: Text) -> Diagnostic:
    """E153: `exclude:` on a member that is not there."""
    known = [record.id for record in dimension.records]
    by_value = slug(given.value)
    meant = by_value if dimension.record(by_value) else ""
    found = unknown(
        "E153",
        f"`{dimension.name}` has no member with the id `{shown(given.value)}`",
        given.value,
        given.span,
        () if meant else known,
        why=f"Its ids: {listed(known)}." if known else "It has no members.",
        otherwise=f"did you mean `{meant}`?" if meant else "name a member by its id",
        otherwise_fix=meant,
    )
    return replace(found, edits=respelt(given.value, given.span, meant)) if meant else found


def plain_text(value: object) -> str:
    """A value as YAML writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def written(value: object) -> str:
    """A value, whole, as it may stand inside braces."""
    plain = not isinstance(value, str) or _PLAIN.fullmatch(value) is not None
    return plain_text(value) if plain else json.dumps(value, ensure_ascii=False)


def flow(value: object) -> str:
    """A value in short, as it may stand inside braces."""
    text = shown(plain_text(value))
    return f'"{text}"' if isinstance(value, str) and re.search(r"[\[\]{},:#\"'&*!|>%@`]", text) else text


def _in_members(node: Node) -> tuple[Edit, ...]:
    """The edit that `_as_members` describes, where the value is written on one line."""
    text = shown(node.value, 200)
    if node.span.line != node.span.end_line or not text:
        return ()
    before, _, after = _as_members(node.value).partition(text)
    return wrapped(node.span, before.rstrip('"'), after.lstrip('"')) if before else ()


def _as_members(value: object) -> str:
    """A bare value as what was meant: a file's name as its source, else the only member."""
    text = shown(value, 200)
    for kind in ("csv", "jsonl"):
        if text.endswith(f".{kind}"):
            return f"{{{kind}: {text}}}"
    return f'{{glob: "{text}"}}' if "*" in text else f"[{text}]"


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _mended(row: Sequence[str], count: int) -> str:
    """The row with what is too much in its last cell, or with empty cells at its end."""
    cells = [*row[: count - 1], ", ".join(row[count - 1 :])] + [""] * (count - len(row))
    cells = [f'"{cell.replace(chr(34), chr(34) * 2)}"' if re.search('[",]', cell) else cell for cell in cells]
    return shown(",".join(cells[:count]), 200)
