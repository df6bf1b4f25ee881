from __future__ import annotations

import pickle
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.errors import Span
from orchestrator.recipe import Caps, Cell, Recipe, examine, read_recipe
from tests.recipe.memory_files import MemoryFiles

CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1)
HEAD = "recipe: 1\nstages: {expand: {use: expand}}\nitems:\n  "


def recipe(items: str, files: dict[str, str | bytes]) -> Recipe:
    return read_recipe(HEAD + items, "art/recipe.yaml", files=MemoryFiles(files))


def places(items: str, files: dict[str, str | bytes]) -> list[tuple[str, str, int, int]]:
    found = examine(HEAD + items, "art/recipe.yaml", files=MemoryFiles(files)).findings
    return [(each.code, each.span.file, each.span.line, each.span.column) for each in found if each.span]


def ids(read: Recipe) -> list[str]:
    return [record.id for record in read.dimensions[0].records]


def test_a_csv_gives_records_with_cells_that_know_their_places() -> None:
    table = '\ufeffSlug,Text,Light Level\r\nfire,"fire, big ""sword""",1.5\r\n\r\nice,ice sword,\r\n'
    read = recipe("idea: {csv: ideas.csv, id: Slug, value: text}", {"ideas.csv": table})
    fire, ice = read.dimensions[0].records
    assert (fire.id, fire.fields["value"], fire.fields["light_level"]) == ("fire", 'fire, big "sword"', "1.5")
    assert "light_level" not in ice.fields
    level = fire.fields["light_level"]
    assert isinstance(level, Cell)
    assert level.span == Span("art/ideas.csv", 2, 28, 2, 31)
    assert read.sources == {"art/ideas.csv": table.removeprefix("\ufeff")}
    assert pickle.loads(pickle.dumps(level)).span == level.span  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("id,value\na,x\n", ["a"]),
        ("value\nfire sword\n", ["fire-sword"]),
        ("name,grid\nFlat,1\nPixel Art,2", ["flat", "pixel-art"]),
        ("id,name\nf,flat\n", ["f"]),
        ('value\n"two\nlines"\nx', ["two-lines", "x"]),
    ],
)
def test_columns_that_are_taken_when_none_is_named(table: str, expected: list[str]) -> None:
    assert ids(recipe("style: {csv: t.csv}", {"t.csv": table})) == expected


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("", [("E158", "art/recipe.yaml", 4, 16)]),
        ("id;value\na;b\n", [("E158", "art/t.csv", 1, 1)]),
        ("a,a\n1,2\n", [("E158", "art/t.csv", 1, 3)]),
        ("剑\n1\n", [("E158", "art/t.csv", 1, 1)]),
        ("value\n", [("E134", "art/recipe.yaml", 4, 10)]),
        ("id,value\na,b,c\nd\n", [("E158", "art/t.csv", 2, 5), ("E158", "art/t.csv", 3, 1)]),
        ('id,value\na,"b\n', [("E158", "art/t.csv", 2, 3)]),
        ('id,value\na,"b"c\n', [("E158", "art/t.csv", 2, 3)]),
        ("id,value\na/b,x\n", [("E133", "art/t.csv", 2, 1)]),
        ("id,value\na,x\nA,y\n", [("E132", "art/t.csv", 3, 1)]),
        ("value\na\x1b[2J\n", [("E105", "art/t.csv", 2, 2)]),
        (b"value\n\xff\n", [("E102", "art/t.csv", 2, 1)]),
        ("value\na\n".encode("utf-16"), [("E102", "art/t.csv", 1, 1)]),
    ],
)
def test_broken_tables(table: str | bytes, expected: list[tuple[str, str, int, int]]) -> None:
    assert places("style: {csv: t.csv}", {"t.csv": table}) == expected


@pytest.mark.parametrize(
    ("table", "expected", "told"),
    [
        ("id,value,备注\na,x,早\n", ["a"], [("W610", 1, 10)]),
        ("name,1st try,#\nFlat,yes,3\n", ["flat"], [("W610", 1, 6), ("W610", 1, 14)]),
        ("值,value\nx,flat\n", ["flat"], [("W610", 1, 1)]),
        ("id,value,,\na,x,,\n", ["a"], []),
        ("id,value,\na,x,see mail\n", ["a"], [("W610", 1, 10)]),
    ],
)
def test_columns_for_people(table: str, expected: list[str], told: list[tuple[str, int, int]]) -> None:
    read = recipe("style: {csv: t.csv}", {"t.csv": table})
    assert ids(read) == expected
    places = [(each.code, each.span) for each in read.remarks]
    assert [(code, span.line, span.column) for code, span in places if span] == told


def test_a_column_that_may_be_the_value_is_no_note() -> None:
    found = places("style: {csv: t.csv}", {"t.csv": "id,名,light\na,x,1\n"})
    assert found == [("E158", "art/t.csv", 1, 4)]


def test_an_empty_idea_and_a_missing_column_are_told_where_they_stand() -> None:
    assert places("idea: {csv: t.csv}", {"t.csv": "id,value\na,\n"}) == [("E113", "art/t.csv", 2, 1)]
    files = MemoryFiles({"t.csv": "id,value\na,\n"})
    (finding,) = examine(HEAD + "idea: {csv: t.csv}", "r", files=files).findings
    assert (finding.message, finding.fix) == ("a row of `idea` has an empty `value`", "")
    assert places("idea: {csv: t.csv, value: txet}", {"t.csv": "id,text\na,b\n"}) == [
        ("E159", "art/recipe.yaml", 4, 29)
    ]
    (finding,) = examine(HEAD + "a: {csv: idaes.csv}", "r", files=MemoryFiles({"ideas.csv": "x"})).findings
    assert (finding.code, finding.fix) == ("E156", "ideas.csv")


@pytest.mark.parametrize(
    "name",
    [
        "../x.csv",
        "/etc/passwd",
        "a/../../x",
        "C:/x.csv",
        "c:x.csv",
        "~/x",
        "a\\\\x.csv",
        "CON",
        "aux.csv",
        "x.csv:stream",
        "a/x.",
        "x ",
        "\\0",
        "\\u202e.csv",
        "x" * 2000,
    ],
)
def test_hostile_names_are_not_looked_at(name: str) -> None:
    found = places(f'a: {{csv: "{name}/y"}}', {})
    assert [code for code, *_ in found][:1] in (["E157"], ["E105"])
    assert [code for code, *_ in places(f'a: {{glob: "{name}/*"}}', {})][:1] in (["E157"], ["E105"])


def test_json_lines() -> None:
    lines = '{"id": "a", "value": "x", "light": {"power": 1.5}}\n\n"plain text"\n3\n'
    read = recipe("state: {jsonl: s.jsonl}", {"s.jsonl": lines})
    assert ids(read) == ["a", "plain-text", "3"]
    assert read.dimensions[0].records[0].fields["light"] == {"power": 1.5}
    assert read.dimensions[0].records[1].span.line == 3
    named = recipe("state: {jsonl: s.jsonl, id: key, value: text}", {"s.jsonl": '{"key": "k", "text": "t"}'})
    assert named.dimensions[0].records[0].fields == {"id": "k", "value": "t", "key": "k", "text": "t"}


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("{a: 1}", "E158"),
        ('{"a": 1, "a": 2}', "E158"),
        ("NaN", "E158"),
        ("1e999", "E158"),
        ("9" * 40, "E158"),
        ("[" * 100_000, "E158"),
        ("[" * 40 + "]" * 40, "E158"),
        ('"\\u202e"', "E158"),
        ('"' + "x" * 300_000 + '"', "E106"),
        ("[1]", "E114"),
        ("null", "E114"),
        ("\n\n", "E134"),
    ],
)
def test_broken_json_lines(lines: str, code: str) -> None:
    assert [found for found, *_ in places("state: {jsonl: s.jsonl}", {"s.jsonl": lines})] == [code]


def test_pictures_by_pattern() -> None:
    files: dict[str, str | bytes] = {"refs/b c.png": b"", "refs/a.png": b"", "refs/x.txt": b""}
    read = recipe("ref: {glob: refs/*.png}", files)
    assert [(each.id, each.fields["value"]) for each in read.dimensions[0].records] == [
        ("a", "refs/a.png"),
        ("b-c", "refs/b c.png"),
    ]
    assert places("ref: {glob: refs/*.gif}", files) == [("E134", "art/recipe.yaml", 4, 15)]
    alike = MemoryFiles({"refs/a.png": b"", "refs/A.jpg": b""})
    (finding,) = examine(HEAD + "ref: {glob: refs/*}", "r", files=alike).findings
    assert (finding.code, finding.fix, finding.labels) == ("E132", "", ())
    assert "refs/A.jpg and refs/a.png" in finding.help
    assert places("ref: {glob: refs/*, id: x}", files)[0][0] == "E111"
    assert places("ref: {glob: refs/*, csv: x}", files)[0][0] == "E114"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["many/knight/idle.png", "many/mage/idle.png"], ["knight-idle", "mage-idle"]),
        (["a/idle.png", "a/run.png", "b/idle.png"], ["a-idle", "run", "b-idle"]),
        (["a/x/idle.png", "b/x/idle.png", "c/idle.png"], ["a-x-idle", "b-x-idle", "c-idle"]),
        (["idle.png", "mage/idle.png"], ["idle", "mage-idle"]),
    ],
)
def test_glob_same_name(files: list[str], expected: list[str]) -> None:
    assert ids(recipe("ref: {glob: '*.png'}", dict.fromkeys([*files, "z/q.png"], b""))) == [*expected, "q"]


def test_names_that_no_folder_parts_are_told() -> None:
    files = dict.fromkeys(["mage-idle.png", "mage/idle.png", "x/idle.png"], b"")
    assert [code for code, *_ in places("ref: {glob: '*.png'}", files)] == ["E132"]


def test_tables_have_caps_that_are_named() -> None:
    table = "value\n" + "".join(f"v{number}\n" for number in range(10))
    for name in ("cells", "members", "table", "files"):
        source = "{glob: '*'}" if name == "files" else "{csv: t.csv}"
        files = MemoryFiles({"t.csv": table, **{f"{number}": "" for number in range(9)}})
        found = examine(f"{HEAD}a: {source}", "r", Caps(**{name: 5}), files).findings
        assert [each.code for each in found] == ["E106"]
        assert f"`caps.{name} =" in found[0].help


def test_many_dimensions_are_no_way_round_a_cap() -> None:
    table = "value\n" + "".join(f"v{number}\n" for number in range(30))
    files = MemoryFiles(
        {"t.csv": table, "t.jsonl": "1\n" * 30, "u.csv": table, **{f"p/{n}": "" for n in range(9)}}
    )
    for name, source in (("cells", "{csv: t.csv}"), ("cells", "{jsonl: t.jsonl}"), ("files", "{glob: p/*}")):
        caps = Caps(**{name: 50 if name == "cells" else 15})
        found = examine(f"{HEAD}a: {source}\n  b: {source}", "r", caps, files).findings
        assert {each.code for each in found} == {"E106", "E132"} if "json" in source else {"E106"}
    found = examine(
        f"{HEAD}a: {{csv: t.csv}}\n  b: {{csv: u.csv}}", "r", Caps(table=len(table) + 9), files
    ).findings
    assert [each.code for each in found] == ["E106"]


@settings(max_examples=200, deadline=1000)
@given(st.text(st.sampled_from('ab,"\n\r\t ;é\x00{}|_'), max_size=60))
def test_any_csv_is_records_or_findings(table: str) -> None:
    examine(HEAD + "idea: {csv: t.csv}", "r", files=MemoryFiles({"t.csv": table}))


@settings(max_examples=200, deadline=1000)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_quoted_cells_come_back(rows: list[list[str]]) -> None:
    body = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    read = examine(HEAD + "s: {csv: t.csv}", "r", files=MemoryFiles({"t.csv": "id,a,b\n" + body}))
    if read.recipe is not None and not read.findings:
        got = [(record.fields["a"], record.fields["b"]) for record in read.recipe.dimensions[0].records]
        assert got == [tuple(unicodedata.normalize("NFC", cell) for cell in row[1:]) for row in rows]


@pytest.mark.parametrize(
    ("items", "code", "fix"),
    [
        ("a: ideas.csv", "E114", "a: {csv: ideas.csv}"),
        ("a: s.jsonl", "E114", "a: {jsonl: s.jsonl}"),
        ("a: refs/*.png", "E114", 'a: {glob: "refs/*.png"}'),
        ("a: [{csv: ideas.csv}]", "E114", "a: {csv: ideas.csv}"),
        ("a: {cvs: ideas.csv}", "E111", "csv:"),
        ("a: {csv: ideas.csv, valeu: x}", "E111", "value:"),
    ],
)
def test_a_table_that_is_written_wrongly_is_written_rightly_in_the_fix(
    items: str, code: str, fix: str
) -> None:
    files = MemoryFiles({"ideas.csv": "value\na\n"})
    (finding,) = examine(HEAD + items, "r", files=files).findings
    assert (finding.code, finding.fix) == (code, fix)
