"""`[endpoints.NAME]`: whose they are, each key checked with its place, and no secret ever shown."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.config import EndpointSettings, Settings, settings_from
from orchestrator.config.places import Places
from orchestrator.config.read_endpoints import _NAME
from orchestrator.config.trust import Trust
from orchestrator.errors import InvalidInput
from orchestrator.errors.render import full
from orchestrator.recipe.source import is_endpoint_name
from tests.fences import fences

ROOT = Path(__file__).parents[2]
GOOD = """\
[endpoints.studio]
kind = "diffusion"
provider = "inkpad"
model = "indigo"
url = "https://images.example/v1"
key_env = "STUDIO_KEY"
identity = "indigo of 2026"
price = {picture = 0.04}
caps = {in_flight = 4}
"""


def read(folder: Path, text: str, project: str = "") -> Settings:
    (folder / "user").mkdir(exist_ok=True)
    (folder / "clone").mkdir(exist_ok=True)
    (folder / "user" / "config.toml").write_text(text, "utf-8")
    (folder / "clone" / "orchestrator.toml").write_text(project, "utf-8")
    return settings_from({"ORCHESTRATOR_CONFIG": str(folder / "user")}, project=folder / "clone")


def refused(folder: Path, text: str) -> tuple[list[tuple[str, int, int]], str]:
    """Code, line and column of each finding, and all that is printed of them."""
    with pytest.raises(InvalidInput) as raised:
        read(folder, text)
    findings = raised.value.findings
    places = [(each.code, each.span.line, each.span.column) for each in findings if each.span]
    return places, full(findings, raised.value.sources)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.replace("[endpoints.studio]", "[endpoints]\nstudio.x = 1").partition("studio.x")[0]
        + 'studio = {kind = "diffusion", provider = "inkpad", model = "indigo", '
        'url = "https://images.example/v1", key_env = "STUDIO_KEY", identity = "indigo of 2026", '
        "price = {picture = 0.04}, caps = {in_flight = 4}}\n",
        "".join(f"endpoints.studio.{line}\n" for line in GOOD.splitlines()[1:]),
    ],
)
def test_an_endpoint_is_read_however_it_is_written(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text).endpoints == {
        "studio": EndpointSettings(
            "studio", "diffusion", "inkpad", "indigo", "https://images.example/v1", "STUDIO_KEY",
            "indigo of 2026", {"picture": 0.04}, {"in_flight": 4},
        )
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "wrong", "place"),
    [
        ('kind = "diffusion"', 'kind = "difusion"', (2, 8)),
        ('kind = "diffusion"\n', "", (1, 12)),
        ('provider = "inkpad"', "provider = 3", (3, 12)),
        ('provider = "inkpad"', 'provder = "inkpad"', (3, 1)),
        ('model = "indigo"', 'model = ""', (4, 9)),
        ("https://images.example/v1", "images.example", (5, 7)),
        ("https://images.example/v1", "file:///etc/passwd", (5, 7)),
        ("{picture = 0.04}", "{pictures = 0.04}", (8, 10)),
        ("{picture = 0.04}", "{picture = -1}", (8, 20)),
        ("{picture = 0.04}", "{picture = nan}", (8, 20)),
        ("{picture = 0.04}", "3", (8, 9)),
        ("{in_flight = 4}", "{in_flight = true}", (9, 21)),
        ("[endpoints.studio]", "[endpoints.Studio]", (1, 12)),
        ("[endpoints.studio]", "[endpoints.embedded]", (1, 12)),
    ],
)
def test_a_wrong_key_is_told_with_its_place(
    tmp_path: Path, line: str, wrong: str, place: tuple[int, int]
) -> None:
    assert line in GOOD
    places, _ = refused(tmp_path, GOOD.replace(line, wrong))
    assert ("E454", *place) in places
    assert {code for code, *_ in places} == {"E454"}


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    wrong = "[endpoints.a]\nknd = 'llm'\n\n[endpoints.b]\nkind = 'lm'\nprovider='x'\n"
    places, text = refused(tmp_path, wrong)
    assert places == [("E454", 2, 1), ("E454", 4, 12), ("E454", 5, 8)]
    assert "did you mean `kind`?" in text
    assert 'did you mean `"llm"`?' in text


def test_without_a_model_the_operator_vouches_for_what_the_address_gives(tmp_path: Path) -> None:
    text = GOOD.replace('model = "indigo"\n', "").replace('identity = "indigo of 2026"\n', "")
    places, _ = refused(tmp_path, text)
    assert places == [("E454", 1, 12)]


@pytest.mark.parametrize(
    "line",
    [
        'key_env = "sk-proj-4f9aSECRET"',
        'key_env = "4f9a5SECRET88aa"',
        'key_env = "AKIASECRET1234567890"',
        'key_env = """sk-SECRET"""',
        'api_key = "SECRET"',
        "'api-key' = 'SECRET'",
        'token = "SECRET"',
        'password = "SECRET"',
        'url = "https://me:SECRET@images.example/"',
        'url = "https://SECRET@images.example/"',
    ],
)
def test_a_secret_in_the_file_is_refused_and_shown_to_nobody(tmp_path: Path, line: str) -> None:
    key = line.partition(" ")[0]
    text = "".join(f"{other}\n" for other in GOOD.splitlines() if other.partition(" ")[0] != key)
    places, printed = refused(tmp_path, f"{text}{line}\n")
    assert [code for code, *_ in places] == ["E455"]
    assert "SECRET" not in printed
    assert 'key_env = "STUDIO_KEY"' in printed


def test_an_endpoint_counts_from_the_operators_files_alone(tmp_path: Path) -> None:
    settings = read(tmp_path, "", GOOD.replace("diffusion", "no kind"))
    assert settings.endpoints == {}
    assert [finding.code for finding in settings.findings] == ["W640"]
    assert read(tmp_path, "", "[endpoints.a]\napi_key = 'SECRET'\n").endpoints == {}
    read(tmp_path, "", GOOD)
    Trust(tmp_path / "user").add(tmp_path / "clone" / "orchestrator.toml")
    assert list(read(tmp_path, GOOD.replace("studio", "own"), GOOD).endpoints) == ["own", "studio"]


def test_the_secret_of_a_project_that_does_not_count_is_not_shown_either(tmp_path: Path) -> None:
    settings = read(tmp_path, "", "[endpoints.a]\napi_key = 'SECRET'\n")
    assert "SECRET" not in full(settings.findings, dict(settings.sources))


@given(st.text("abZ09_-é ", min_size=1, max_size=70))
def test_the_names_of_endpoints_are_those_that_a_recipe_can_write(name: str) -> None:
    assert (_NAME.fullmatch(name) is not None and name != "embedded") == is_endpoint_name(name)


KEYS = st.text("abc-_1", min_size=1, max_size=4)
VALUES = st.one_of(st.integers(0, 9), st.text("ab {}=,#", max_size=5))


TABLES = st.dictionaries(KEYS, st.dictionaries(KEYS, VALUES, min_size=1, max_size=3), max_size=3)


@given(TABLES, st.booleans())
def test_every_key_is_found_where_it_stands(tables: dict[str, dict[str, object]], inline: bool) -> None:
    pairs = {
        name: [f"{key} = {_toml(value)}" for key, value in table.items()]
        for name, table in tables.items()
    }
    text = "".join(
        f"{name} = {{{', '.join(lines)}}}\n" if inline else f"[{name}]\n" + "\n".join(lines) + "\n"
        for name, lines in pairs.items()
    )
    lines, places = text.splitlines(), Places("c.toml", text)
    for name, table in tomllib.loads(text).items():
        for key, value in table.items():
            found = places.of(name, key)
            line = lines[found.key.line - 1]
            assert line[found.key.column - 1 : found.key.end_column - 1] == key
            written = line[found.value.column - 1 : found.value.end_column - 1]
            assert written == _toml(value)


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


@pytest.mark.parametrize("page", ["docs/extending.md", "examples/packages/studio_inkpad/README.md"])
def test_the_endpoints_of_the_documents_are_right(tmp_path: Path, page: str) -> None:
    texts = [each.text for each in fences((ROOT / page).read_text("utf-8")) if each.language == "toml"]
    assert texts
    assert [list(read(tmp_path, text).endpoints) for text in texts] == [["studio"]]
