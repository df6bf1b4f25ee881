from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.recipe import Caps, Given, examine, read_recipe
from tests.recipe.memory_files import MemoryFiles

FILES = {
    "wildcards/colour.txt": "# colours\nred\n\nblue\n",
    "wildcards/size/big.txt": "huge\n{very |}big\n",
    "wildcards/颜色.txt": "red\n",
    "wildcards/loop.txt": "a __loop__\n",
    "wildcards/empty.txt": "# none\n",
    "wildcards/broken.txt": "{a\n",
    "wildcards/weighed.txt": "gem\n3::rare gem\n",
    "wildcards/my/two words.txt": "red  # as blood\nsword #2\n",
    "wildcards/twice.txt": "red\nblue\nred\n",
}


def text(idea: str) -> str:
    return f"recipe: 1\nitems:\n  idea: ['{idea}']\nstages: {{expand: {{use: expand}}}}\n"


def expanded(idea: str) -> list[tuple[str, object]]:
    read = read_recipe(text(idea), "r", files=MemoryFiles(FILES))
    return [(record.id, record.fields["value"]) for record in read.dimensions[0].records]


@pytest.mark.parametrize(
    ("idea", "expected"),
    [
        ("a {red|blue} potion", ["a red potion", "a blue potion"]),
        ("{a|b} {c|d}", ["a c", "a d", "b c", "b d"]),
        ("{dark {red|blue}|green} hat", ["dark red hat", "dark blue hat", "green hat"]),
        ("a {|big} axe", ["a axe", "a big axe"]),
        ("{2$$a|b|c}", ["a, b", "a, c", "b, c"]),
        ("{2$$ and $$a|b|c}", ["a and b", "a and c", "b and c"]),
        ("{2$$a|{b|c}}", ["a, b", "a, c"]),
        ("{red} hat", ["red hat"]),
        ("a __colour__ hat", ["a red hat", "a blue hat"]),
        ("__颜色__ hat", ["red hat"]),
        ("__size/big__ hat", ["huge hat", "very big hat", "big hat"]),
        (r"a \{b\|c\} d", ["a {b|c} d"]),
        ("a|b", ["a|b"]),
        ("snake_case and __init", ["snake_case and __init"]),
        ("__my/two words__ gem", ["red gem", "sword #2 gem"]),
        ("{2$$|$$a|b|c}", ["a|b", "a|c", "b|c"]),
        ("{2$$ $ $$a|b}", ["a $ b"]),
        ("__twice__", ["red", "blue"]),
        (r"\_\_x\_\_ hat", ["__x__ hat"]),
        ("{ ~a|b}", ["~a", "b"]),
        ("a < b and c > d", ["a < b and c > d"]),
    ],
)
def test_every_combination_in_order(idea: str, expected: list[str]) -> None:
    assert [value for _, value in expanded(idea)] == expected


def test_ids_are_those_of_the_texts_or_of_the_explicit_id_and_the_words() -> None:
    assert [id_ for id_, _ in expanded("a {red|blue} potion")] == ["a-red-potion", "a-blue-potion"]
    record = "{id: potion, value: 'a {red|light blue} potion {|with cork}', power: 3}"
    read = read_recipe(text("X").replace("'X'", record), "r")
    assert [each.id for each in read.dimensions[0].records] == [
        "potion-red",
        "potion-red-with-cork",
        "potion-light-blue",
        "potion-light-blue-with-cork",
    ]
    assert {each.fields["power"] for each in read.dimensions[0].records} == {3}


def test_from_python_and_the_command_line_too() -> None:
    given = Given({"idea": ["{a|b} __colour__"]}, "<command line>")
    changed = read_recipe(text("sword"), "r", files=MemoryFiles(FILES), given=given)
    assert [each.id for each in changed.dimensions[0].records] == ["a-red", "a-blue", "b-red", "b-blue"]


@pytest.mark.parametrize(
    ("idea", "code", "column"),
    [
        ("a {red|blue", "E160", 13),
        ("a red} b", "E160", 16),
        ("{4$$a|b}", "E160", 11),
        ("{0$$a|b}", "E160", 11),
        ("{1-2$$a|b}", "E160", 12),
        ("{0.5::a|b}", "E160", 12),
        ("{" * 17 + "a" + "}" * 17, "E160", 27),
        ("__loop__", "E161", 10),
        ("__empty__", "E161", 10),
        ("x __broken__", "E160", 13),
        ("__nosuch__", "E156", 10),
        ("__a/../../b__", "E160", 11),
        ("{~a|b}", "E160", 12),
        ("{@a|b}", "E160", 12),
        ("{!a|b}", "E160", 12),
        ("${m=iron} ${m} sword", "E160", 11),
        ("{2$$a|b$$c|d}", "E160", 11),
        ("__dir/*__", "E160", 11),
        ("__~x__", "E160", 11),
        ("__x(k=v)__", "E160", 11),
        ("__weighed__", "E160", 11),
        ("a {1..3} gem", "E160", 13),
        ("{{ subject }} hat", "E160", 11),
        ("{red, blue} hat", "E160", 11),
        ("[red|blue] hat", "E160", 11),
        ("<red|blue> hat", "E160", 11),
        ("{a|b} {a|b}x {|}" + "{a|b}" * 40, "E106", 10),
        ("{a|A}", "E132", 10),
        ("{|}", "E133", 10),
    ],
)
def test_what_is_wrong_is_told_at_its_sign(idea: str, code: str, column: int) -> None:
    found = examine(text(idea), "r", files=MemoryFiles(FILES)).findings
    places = [(each.code, each.span.column) for each in found if each.span]
    assert places[:1] == [(code, column)]


@pytest.mark.parametrize(
    ("idea", "fix"),
    [
        ("{~a|b} hat", "'{a|b} hat'"),
        ("{red, blue} hat", "'{red|blue} hat'"),
        ("a [red|blue] hat", "'a {red|blue} hat'"),
    ],
)
def test_the_fix_is_the_idea_as_it_is_read(idea: str, fix: str) -> None:
    (finding,) = examine(text(idea), "r").findings
    assert finding.fix == fix
    assert not examine(text(fix.strip("'")), "r").findings


def test_a_line_that_stands_twice_counts_once_and_is_told() -> None:
    recipe = read_recipe(text("__twice__ and __twice__"), "r", files=MemoryFiles(FILES))
    (remark,) = dict.fromkeys(recipe.remarks)
    assert (remark.code, remark.severity) == ("W607", "warning")
    assert remark.span is not None
    assert (remark.span.file, remark.span.line) == ("wildcards/twice.txt", 3)


def test_a_bomb_of_choices_ends_at_once() -> None:
    bomb = "{" + "|".join(["{a|b|c|d}" * 12] * 15) + "}"
    (finding,) = examine(text(bomb), "r").findings
    assert finding.code == "E106"
    assert "`caps.choices" in finding.help
    lines = {n: "".join(f"{k} __w{n + 1}__\n" for k in range(9)) for n in range(12)}
    wild = {f"wildcards/w{n}.txt": text for n, text in lines.items()} | {"wildcards/w12.txt": "x\n"}
    assert [each.code for each in examine(text("__w0__"), "r", files=MemoryFiles(wild)).findings] == ["E106"]


def test_the_text_that_choices_make_has_a_cap() -> None:
    found = examine(text("{a|b|c|d} " + "x" * 1000), "r", Caps(expanded=2_000)).findings
    assert [each.code for each in found] == ["E106"]


@settings(max_examples=300, deadline=1000)
@given(st.text(st.sampled_from("ab {}|$2\\_-:,"), max_size=40))
def test_any_idea_is_expanded_or_refused(idea: str) -> None:
    files = MemoryFiles(FILES)
    reading = examine(text(idea.replace("'", "")), "r", Caps(choices=200), files)
    assert reading.recipe is not None
    (dimension,) = reading.recipe.dimensions
    assert dimension.whole == (not reading.findings)
    assert dimension.records or reading.findings


@pytest.mark.parametrize(
    "idea",
    ["{" + " " * 1985 + "a|b}", "{a|b" + " " * 1985 + "}", "{" + "1" * 1900 + "..2|b}", "[" + "|" * 1900],
)
def test_blanks_take_no_time_with_their_square(idea: str) -> None:
    started = time.process_time()
    for _ in range(20):
        examine(text(idea), "r", files=MemoryFiles(FILES))
    assert time.process_time() - started < 1
