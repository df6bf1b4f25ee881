from __future__ import annotations

import pickle
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.errors import InvalidInput, StageFailure
from orchestrator.errors.render import full
from orchestrator.library import SUFFIXES, Library, ready_recipes, shipped_folder
from orchestrator.library.templates import PromptTemplate
from orchestrator.stage import StylePreset


class Desk:
    """A folder of resources that a test writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, room: str, name: str, text: str | bytes) -> None:
        folder, suffix = SUFFIXES[room]
        file = self.folder / folder / f"{name}{suffix}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)

    def find(self, room: str, name: str) -> object:
        loaded = Library([self.folder]).find(room, name)
        assert loaded is not None
        return loaded.value

    def digest(self, room: str, name: str) -> str:
        loaded = Library([self.folder]).find(room, name)
        assert loaded is not None
        return loaded.digest

    def rendered(self, text: str, **variables: object) -> str:
        self.write("template", "t", text)
        template = self.find("template", "t")
        assert isinstance(template, PromptTemplate)
        return template.render(variables)

    def refused(self, room: str, name: str) -> list[tuple[str, int]]:
        with pytest.raises(InvalidInput) as error:
            self.find(room, name)
        assert full(error.value.findings, error.value.sources)
        return [
            (finding.code, finding.span.line) for finding in error.value.findings if finding.span is not None
        ]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize("room", SUFFIXES)
def test_all_that_ships_can_be_used(room: str) -> None:
    library = Library([shipped_folder("prompts")])
    assert library.names(room)
    for name in library.names(room):
        loaded = library.find(room, name)
        assert loaded is not None
        assert loaded.value is not None


def test_only_what_is_not_trusted_is_opened_when_it_is_found(tmp_path: Path) -> None:
    ours, ships = Desk(tmp_path / "ours"), Desk(tmp_path / "ships")
    for desk in (ours, ships):
        desk.write("style", desk.folder.name, "words: 5")
    library = Library([ours.folder, ships.folder], trusted=[ships.folder])
    found = library.find("style", "ships")
    assert found is not None
    with pytest.raises(InvalidInput, match="E412"):
        found.digest  # noqa: B018 - reads it
    with pytest.raises(InvalidInput, match="E412"):
        library.find("style", "ours")


def test_a_trusted_template_is_opened_where_it_may_extend_one_that_is_not(tmp_path: Path) -> None:
    ours, ships = Desk(tmp_path / "ours"), Desk(tmp_path / "ships")
    ships.write("template", "icon", '{% extends "base" %}')
    ours.write("template", "base", "{% if %}")
    with pytest.raises(InvalidInput, match="E413"):
        Library([ours.folder, ships.folder], trusted=[ships.folder]).find("template", "icon")


def test_ready_recipes_are_named_as_their_files() -> None:
    assert ready_recipes()["item-icons"].name == "item-icons.yaml"


@pytest.mark.parametrize(
    "name", ["", "..", "../style/flat", "a/b", "a\\b", "flat.yaml", "Flat", "/etc/passwd", "a\0b", "x" * 65]
)
def test_a_name_is_one_plain_word(name: str) -> None:
    assert Library([shipped_folder("prompts")]).find("style", name) is None


def test_the_first_folder_wins_also_in_what_a_template_extends(tmp_path: Path) -> None:
    near, far = Desk(tmp_path / "near"), Desk(tmp_path / "far")
    far.write("template", "base", "far {% block a %}{% endblock %}")
    far.write("template", "icon", '{% extends "base.jinja" %}{% block a %}icon{% endblock %}')
    near.write("template", "base", "near {% block a %}{% endblock %}")
    library = Library([near.folder, far.folder, tmp_path / "none"])
    loaded = library.find("template", "icon")
    assert loaded is not None
    assert isinstance(loaded.value, PromptTemplate)
    assert loaded.value.render({}) == "near icon"
    assert library.names("template") == ("base", "icon")
    assert library.find("template", "other") is None


def test_the_digest_covers_all_that_a_template_names_and_no_name(desk: Desk) -> None:
    desk.write("template", "part", "one")
    desk.write("template", "a", '{% include "part" %}')
    desk.write("template", "b", '{% include "part" %}')
    before = desk.digest("template", "a")
    assert before == desk.digest("template", "b")
    desk.write("template", "part", "two")
    assert desk.digest("template", "a") != before


def test_what_was_digested_is_what_is_rendered(desk: Desk) -> None:
    desk.write("template", "part", "one")
    desk.write("template", "a", '{% include "part" %}')
    template = desk.find("template", "a")
    desk.write("template", "part", "two")
    assert isinstance(template, PromptTemplate)
    assert template.render({}) == "one"
    assert pickle.loads(pickle.dumps(template)).render({}) == "one"  # noqa: S301 - our own bytes


def test_templates_fill_in_choose_and_repeat(desk: Desk) -> None:
    text = (
        "{% macro pair(a, b) %}{{ a }}={{ b }}{% endmacro %}"
        "{% for shot in shots %}{{ loop.index }}/{{ loop.length }} "
        "{{ pair(shot.thing | upper, shot['n'] + 1) }};{% endfor %}"
        "{% if not none %}{{ words | map('title') | join(', ') }}{% endif %}"
        "{{ 'a' ~ 1 ~ none }}{{ '%s' | default('x') }}"
        "{% for key, value in table.items() %}{{ key }}{{ value }}{% endfor %}{{ words | tojson }}"
        "{% set a, b = 1, [2] %}{{ a }}{{ b | first }}"
    )
    shots = [{"thing": "sword", "n": 1}, {"thing": "猫", "n": 2}]
    printed = desk.rendered(text, shots=shots, words=("red", "old"), table={"k": 3}, none=None)
    assert printed == '1/2 SWORD=2;2/2 猫=3;Red, Olda1%sk3["red", "old"]12'


def test_a_recursive_loop_is_paid_for(desk: Desk) -> None:
    text = "{% for n in tree recursive %}{{ n.name }}{{ loop(n.below) }}{% endfor %}"
    leaf = {"name": "c", "below": []}
    assert desk.rendered(text, tree=[{"name": "a", "below": [leaf, leaf]}]) == "acc"
    wide: dict[str, object] = {"name": "x", "below": []}
    for _ in range(30):
        wide = {"name": "x", "below": [wide, wide]}
    assert failure(desk, text, tree=[wide]).code == "E416"


def failure(desk: Desk, text: str, **variables: object) -> StageFailure:
    start = time.perf_counter()
    with pytest.raises(StageFailure) as error:
        desk.rendered(text, **variables)
    assert time.perf_counter() - start < 2
    return error.value


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
        "{% for a in range(99999999) %}{% endfor %}",
        "{% for a in range(9999) %}" + "x" * 1000 + "{% endfor %}",
        "{% for a in range(9999) %}{{ word }}{% endfor %}",
        "{{ n ** n ** n }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        '{% include "t" %}',
        "{% set a = word ~ word ~ word %}{{ a ~ a }}" + "{{ word }}" * 40,
        "".join(f"{{% set a{i + 1} = [a{i}, a{i}] %}}" for i in range(40)).replace("a0", "word", 2),
        "".join(f"{{% set a{i + 1} = a{i} ~ a{i} %}}" for i in range(40)).replace("a0", "word", 2),
        "".join(f"{{% set a{i + 1} = a{i} + a{i} %}}" for i in range(40)).replace("a0", "word", 2),
        "".join(f"{{% set a{i + 1} = a{i} * a{i} %}}" for i in range(40)).replace("a0", "n", 2),
        "".join(f"{{% set a{i + 1} = a{i}|replace('x', 'xxxxxxxxxx') %}}" for i in range(20)).replace(
            "a0", "word", 1
        ),
        "".join(
            f"{{% macro m{i + 1}() %}}{{{{ m{i}() }}}}{{{{ m{i}() }}}}{{% endmacro %}}" for i in range(1, 30)
        ).join(["{% macro m1() %}x{% endmacro %}", "{{ m30() }}"]),
    ],
)
def test_a_hostile_template_ends_quickly(desk: Desk, text: str) -> None:
    assert failure(desk, text, word="x" * 5_000, n=99).code == "E416"


@pytest.mark.parametrize(
    "text",
    [
        "{{ missing }}",
        "{{ word.missing }}",
        "{{ word.__class__ }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ word.format(1) }}",
        "{{ '{:999999999}'.format(1) }}",
        "{{ '%999999999d' % 1 }}",
        "{{ word * 3 }}",
        "{{ [1, 2] }}",
        "{{ range }}",
        "{{ self }}",
        "{{ function() }}",
        "{{ lipsum() }}",
        "{{ cycler('a') }}",
        "{{ namespace() }}",
        "{{ 1 / 0 }}",
        "{{ word + 1 }}",
        "{% for a in 3 %}{% endfor %}",
        "{{ [word, [word]] | join }}",
    ],
)
def test_what_a_template_may_not_do(desk: Desk, text: str) -> None:
    assert failure(desk, text, word="x", function=lambda: "called").code == "E415"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n{% if %}", ("E413", 2)),
        ("a\nb\n{{ x | shout }}", ("E413", 3)),
        ("{{ x | pprint }}", ("E413", 1)),
        ("\n{% extends 'none' %}", ("E414", 2)),
        ("{% include '../t' %}", ("E414", 1)),
        ("{% include name %}", ("E414", 1)),
        ("{% include ['a', 'b'] %}", ("E414", 1)),
        ("x" * 70_000, ("E413", 1)),
        ("{{ " + "(" * 5_000 + " }}", ("E413", 1)),
        ("{{ 1 " + "+ 1" * 5_000 + " }}", ("E413", 1)),
        ("{% for a in b %}" * 25 + "x" + "{% endfor %}" * 25, ("E413", 1)),
        (b"\xff", ("E410", 1)),
    ],
)
def test_broken_templates(desk: Desk, text: str | bytes, expected: tuple[str, int]) -> None:
    desk.write("template", "t", text)
    assert desk.refused("template", "t") == [expected]


def test_a_finding_in_an_included_template_names_that_file(desk: Desk) -> None:
    desk.write("template", "part", "{% if %}")
    desk.write("template", "t", '{% include "part" %}')
    with pytest.raises(InvalidInput) as error:
        desk.find("template", "t")
    (finding,) = error.value.findings
    assert finding.span is not None
    assert finding.span.file.endswith("templates/part.jinja")


@settings(max_examples=150, deadline=2000)
@given(
    st.lists(
        st.sampled_from(
            [
                "{{",
                "}}",
                "{%",
                "%}",
                "for",
                "in",
                "if",
                "endfor",
                "endif",
                "set",
                "=",
                "a",
                "|",
                "join",
                "(",
                ")",
                "[",
                "]",
                "'x'",
                "1",
                "+",
                "*",
                "**",
                "~",
                ".",
                ",",
                "range",
                "block",
                "endblock",
                "macro",
                "endmacro",
                " ",
                "{#",
                "#}",
                "loop",
                "99",
                "\n",
            ]
        ),
        max_size=40,
    ).map(" ".join)
)
def test_any_template_renders_fails_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    try:
        desk.rendered(text, a="word")
    except (InvalidInput, StageFailure):
        return


def test_styles(desk: Desk) -> None:
    desk.write("style", "clay", "words: [clay, soft]\nnegative: [glossy]\npixel_cells: 16\n")
    preset = desk.find("style", "clay")
    assert isinstance(preset, StylePreset)
    assert (preset.name, preset.words, preset.negative, preset.pixel_cells) == (
        "clay",
        ("clay", "soft"),
        ("glossy",),
        16,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("words: [a]\nwrods: [b]\npixel_cells: x", [("E412", 2), ("E412", 3)]),
        ("name: other", [("E412", 1)]),
        ("- a", [("E412", 1)]),
        ("", [("E412", 1)]),
        ("words: [a]\nwords: [b]", [("E411", 2)]),
        ("a: &x [1]\nwords: *x", [("E411", 2)]),
        ("words: !!python/tuple [a]", [("E411", 1)]),
        ("words: [", [("E411", 1)]),
        ("? [a]\n: b", [("E411", 1)]),
        ("[" * 3000, [("E411", 1)]),
        ("- " * 3000, [("E411", 1)]),
        ("a: \0", [("E411", 1)]),
        (b"\xff", [("E410", 1)]),
        (b"#" * (4 * 1024 * 1024 + 1), [("E410", 1)]),
    ],
)
def test_broken_styles(desk: Desk, text: str | bytes, expected: list[tuple[str, int]]) -> None:
    desk.write("style", "clay", text)
    assert desk.refused("style", "clay") == expected


def test_words_of_a_table_mean_what_they_look_like(desk: Desk) -> None:
    desk.write("glossary", "g", "猫: cat\nno: on\n的: ''\non: off\n12:30: noon\n")
    assert desk.find("glossary", "g") == {"猫": "cat", "no": "on", "的": "", "on": "off", "12:30": "noon"}
    desk.write("lexicon", "l", "a: {b: [no, 1, 0.5, true, null, 0123, 1e-4, .5, 0x1F, 1e100]}")
    assert desk.find("lexicon", "l") == {"a": {"b": ["no", 1, 0.5, True, None, "0123", 1e-4, 0.5, 31, 1e100]}}


def test_a_glossary_maps_words_to_text(desk: Desk) -> None:
    desk.write("glossary", "g", "猫: cat\n犬: [dog]\n")
    assert desk.refused("glossary", "g") == [("E412", 2)]


@settings(max_examples=150, deadline=2000)
@given(st.text(st.sampled_from("ab:-[]{},&*!|>'\"%@`#? \n\t\\x0<~猫\x00")) | st.text())
def test_any_table_is_data_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    for room in ("glossary", "lexicon", "style"):
        desk.write(room, "x", text.encode("utf-8", "replace"))
        try:
            desk.find(room, "x")
        except InvalidInput as error:
            assert full(error.findings, error.sources)  # noqa: PT017 - either outcome is right


def test_a_large_table_may_be_json(desk: Desk) -> None:
    file = desk.folder / "lexicons" / "big.json"
    file.parent.mkdir(parents=True)
    file.write_text('{"words": {"no": 1}}')
    assert desk.find("lexicon", "big") == {"words": {"no": 1}}
    assert Library([desk.folder]).names("lexicon") == ("big",)
    file.write_text('{"words": 1, "words": 2}')
    assert desk.refused("lexicon", "big") == [("E411", 1)]
    file.write_text('{"words": 1,\n x}')
    assert desk.refused("lexicon", "big") == [("E411", 2)]
    file.write_text("[" * 100_000)
    assert desk.refused("lexicon", "big") == [("E411", 1)]
    file.write_text("[]")
    assert desk.refused("lexicon", "big") == [("E412", 1)]
    desk.write("lexicon", "big", "words: {yaml: goes first}")
    assert desk.find("lexicon", "big") == {"words": {"yaml": "goes first"}}
