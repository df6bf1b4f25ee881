from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.recipe import Caps, Node
from orchestrator.text import read_tree

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**62), 2**62)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")))
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abcdef", max_size=4), inner, max_size=4)
    ),
    max_leaves=20,
)


def codes(text: str | bytes) -> list[str]:
    return [finding.code for finding in read_tree(text, "f").findings]


@given(VALUES)
def test_json_reads_as_it_was_written(value: object) -> None:
    tree = read_tree(json.dumps(value, ensure_ascii=False), "f")
    assert not tree.findings
    assert tree.root is not None
    assert tree.root.plain() == value


@given(VALUES)
def test_block_style_reads_as_it_was_written(value: object) -> None:
    text = yaml.safe_dump(
        {"key": value}, allow_unicode=True, default_style='"' if isinstance(value, str) else None
    )
    tree = read_tree(text, "f")
    if "!!" not in text:
        assert tree.root is not None
        assert json.dumps(tree.root.plain()) == json.dumps(yaml.safe_load(text)) or _has_text(value)


def _has_text(value: object) -> bool:
    """The dump quotes for YAML 1.1, so a text such as `1e5` or `012` may come out plain."""
    return any(isinstance(leaf, (str, float)) for leaf in _leaves(value))


def _leaves(value: object) -> Iterator[object]:
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    if members is None:
        yield value
    else:
        for member in members:
            yield from _leaves(member)


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node.value, tuple):
        for member in node.value:
            yield from _nodes(member)
    elif isinstance(node.value, dict):
        for entry in node.value.values():
            yield from _nodes(entry.node)


@given(VALUES)
def test_every_span_holds_what_was_read(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)
    root = read_tree(text, "f").root
    assert root is not None
    for node in _nodes(root):
        span = node.span
        assert (span.line, span.end_line) == (1, 1)
        assert json.loads(text[span.column - 1 : span.end_column - 1]) == node.plain()


def test_columns_count_characters_and_lines_of_all_systems() -> None:
    for end in ("\n", "\r\n", "\r"):
        root = read_tree(f"\ufeffa: 1{end}猫🗡: [x, y]{end}", "f").root
        assert root is not None
        entry = root.value["猫🗡"]
        assert (entry.key_span.line, entry.key_span.column, entry.key_span.end_column) == (2, 1, 3)
        assert (entry.node.span.column, entry.node.value[1].span.column) == (5, 9)


def test_a_block_ends_with_its_last_member() -> None:
    root = read_tree("a:\n  b: 1\n  c:\n    - x\n    - yy\n\n# end\nd: 2\n", "f").root
    assert root is not None
    span = root.value["a"].node.span
    assert (span.line, span.column, span.end_line, span.end_column) == (2, 3, 5, 9)


SAMPLES = [
    "a: [1, {b: 'x', c: \"y\"}]\nd:\n  - |\n    text\n  - >-\n    more\n  -\n",
    "猫: {犬: 🗡}\n? a\n: b\n&x y: *x\n",
    "- - - a\n    - b\n  - c\n-\n  k: v\n",
]


def _mark(mark: yaml.Mark) -> tuple[int, int]:
    return mark.line, mark.column


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="there is no libyaml to compare with")
@pytest.mark.parametrize("text", SAMPLES)
def test_the_parser_in_c_gives_the_marks_of_the_one_in_python(text: str) -> None:
    def marks(loader: type) -> list[tuple[object, ...]]:
        return [
            (type(event).__name__, *_mark(event.start_mark), *_mark(event.end_mark))
            for event in yaml.parse(text, Loader=loader)
        ]

    assert marks(yaml.CLoader) == marks(yaml.Loader)


def test_an_alias_stands_for_what_was_anchored() -> None:
    root = read_tree("a: &x [1, 2]\nb: *x\n", "f").root
    assert root is not None
    assert root.plain() == {"a": [1, 2], "b": [1, 2]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("# only a comment", []),
        ("a: 1\na: 2\na: 3", ["E104", "E104"]),
        ("a: *b", ["E108"]),
        ("a: &a [*a]", ["E108"]),
        ("a: !!str 1", ["E107"]),
        ("a: !!python/object/apply:os.system [x]", ["E107"]),
        ("<<: {a: 1}", ["E107"]),
        ("'<<': 1", []),
        ("--- a\n--- b", ["E107"]),
        ("%YAML 1.1\n---\na: 1", ["E107"]),
        ("? [a]\n: b", ["E107"]),
        ("a: .inf", ["E109"]),
        ("a: 'x", ["E103"]),
        ('a: "\\q"', ["E103"]),
        ("a:\n\t- b", ["E103"]),
        ("a: {b|c} d", ["E103"]),
        ("a: b: c", ["E103"]),
        ("a: @x", ["E103"]),
        ('a: "\\0"', ["E105"]),
        ("a: \0", ["E105"]),
        ("a: \u202ex", ["E105"]),
        ("a: \ud800", ["E105"]),
        ("a: \x85", ["E105"]),
        ("a\ufeff: 1", ["E105"]),
        (b"a: \xff", ["E102"]),
        ("a: 1".encode("utf-16"), ["E102"]),
        ("\ufeffa: 1\r\n".encode(), []),
        ("- " * 3000, ["E106"]),
        ("[" * 3000, ["E106"]),
        ("{a: " * 3000, ["E106"]),
        ("? " * 3000, ["E106"]),
        ("x" * 200_001, ["E106"]),
        (b"#" * (4 * 1024 * 1024 + 1), ["E106"]),
    ],
)
def test_findings(text: str | bytes, expected: list[str]) -> None:
    assert codes(text) == expected


def test_bytes_that_are_no_utf_8_have_a_place() -> None:
    (finding,) = read_tree("a: 1\nname: 剑".encode() + b"\xc0", "f").findings
    assert finding.span is not None
    assert (finding.span.line, finding.span.column) == (2, 8)
    assert "offset 14" in finding.message


def test_what_a_terminal_would_obey_is_not_shown() -> None:
    assert read_tree("a: \x1b[2J", "f").text == "a: \ufffd[2J"


def test_an_alias_bomb_ends_at_once() -> None:
    rows = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    rows += [
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    start = time.perf_counter()
    assert codes("\n".join(rows)) == ["E106"]
    assert time.perf_counter() - start < 0.5


def test_aliases_add_to_the_depth() -> None:
    rows = ["a0: &a0 [[[[x]]]]"] + [f"a{n}: &a{n} [[[[*a{n - 1}]]]]" for n in range(1, 10)]
    assert codes("\n".join(rows)) == ["E106"]


def test_caps_are_a_parameter() -> None:
    tree = read_tree("[a, b, c]", "f", Caps(nodes=3))
    assert [finding.code for finding in tree.findings] == ["E106"]
    assert "3" in tree.findings[0].message


@settings(max_examples=300, deadline=1000)
@given(st.text(st.sampled_from("ab:-[]{},&*!|>'\"%@`#? \n\t\\x0<~猫\x00\u202e")))
def test_no_text_breaks_the_reader(text: str) -> None:
    tree = read_tree(text, "f")
    for finding in tree.findings:
        assert finding.span is not None
        assert 1 <= finding.span.line <= text.count("\n") + 1
