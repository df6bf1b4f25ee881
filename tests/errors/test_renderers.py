"""One structure, five forms: what each of them must not get wrong."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.errors import Diagnostic, Edit, Label, Span
from orchestrator.errors.github import as_github
from orchestrator.errors.render import as_json, concise, full
from orchestrator.errors.sarif import as_sarif

TEXTS = st.text(max_size=40)
FINDING = Diagnostic(
    code="E104",
    message="100% of `a:b, c` stands twice",
    span=Span("sub dir/b,c:d.yaml", 4, 3, 4, 7),
    why="One\nreason.",
    help="take one out",
    fix="a: 1\nb: 2",
    labels=(Label(Span("sub dir/b,c:d.yaml", 2, 3, 2, 7), "the first one"),),
)
NOWHERE = Diagnostic(code="E401", message="no recipe", span=Span.point("<command line>"))
WARNING = Diagnostic(code="W601", message="changes nothing", severity="warning")


def _unescaped(text: str) -> str:
    """As the runner of GitHub Actions reads a value."""
    for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, character)
    return text


def _annotation(line: str) -> tuple[str, dict[str, str], str]:
    match = re.fullmatch(r"::(error|warning) ([^:]*)::(.*)", line)
    assert match is not None, line
    properties = dict(part.split("=", 1) for part in match[2].split(","))
    return match[1], {name: _unescaped(value) for name, value in properties.items()}, _unescaped(match[3])


def test_an_annotation_names_file_line_and_column_and_says_all() -> None:
    severity, properties, message = _annotation(as_github([FINDING]))
    assert severity == "error"
    assert properties == {
        "file": "sub dir/b,c:d.yaml", "line": "4", "col": "3", "endColumn": "7", "title": "E104",
    }  # fmt: skip
    assert message.splitlines()[0] == FINDING.message
    assert "help: take one out\na: 1\nb: 2" in message
    assert "sub dir/b,c:d.yaml:2: the first one" in message


def test_what_has_no_file_is_annotated_without_a_place() -> None:
    assert as_github([NOWHERE, WARNING]).splitlines() == [
        "::error title=E401::no recipe", "::warning title=W601::changes nothing",
    ]  # fmt: skip


def test_a_finding_over_several_lines_names_its_lines_alone() -> None:
    _, properties, _ = _annotation(as_github([Diagnostic("E104", "m", Span("a.yaml", 2, 9, 4, 2))]))
    assert properties == {"file": "a.yaml", "line": "2", "endLine": "4", "title": "E104"}


@given(message=TEXTS, file=TEXTS.filter(lambda text: not text.startswith("<")), help_text=TEXTS)
def test_no_text_breaks_out_of_its_annotation(message: str, file: str, help_text: str) -> None:
    line = as_github([Diagnostic("E104", message, Span.point(file), help=help_text)])
    assert "\n" not in line
    assert "\r" not in line
    name, said = line.split("::")[1], line.split("::", 2)[2]
    assert _unescaped(name.partition("file=")[2].partition(",")[0]) == _seen(file).replace("\\", "/")
    assert _unescaped(said).startswith(_seen(message))


def _seen(text: str) -> str:
    """The text after one round of the runner's escapes, which a text may hold already."""
    return _unescaped(text.replace("%", "%25"))


def _log(*findings: Diagnostic) -> dict[str, object]:
    return json.loads(as_sarif(findings))


def test_sarif_has_what_its_schema_requires() -> None:
    """As sarif-schema-2.1.0.json of OASIS has it; this file was checked against that by hand."""
    log = _log(FINDING, NOWHERE, WARNING)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]  # type: ignore[misc]
    driver = run["tool"]["driver"]
    assert driver["name"] == "orchestrator"
    rules = [rule["id"] for rule in driver["rules"]]
    assert rules == sorted(set(rules)) == ["E104", "E401", "W601"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note", "none"}
        assert result["message"]["text"]
        for location in [*result.get("locations", []), *result.get("relatedLocations", [])]:
            assert {"physicalLocation", "logicalLocations"} & set(location)
    assert run["columnKind"] in {"utf16CodeUnits", "unicodeCodePoints"}


def test_sarif_places_and_explains() -> None:
    (run,) = _log(FINDING)["runs"]  # type: ignore[misc]
    (result,) = run["results"]
    place = result["locations"][0]["physicalLocation"]
    assert unquote(place["artifactLocation"]["uri"]) == "sub dir/b,c:d.yaml"
    assert place["region"] == {"startLine": 4, "startColumn": 3, "endLine": 4, "endColumn": 7}
    assert result["relatedLocations"][0]["message"]["text"] == "the first one"
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["shortDescription"]["text"] == "a key stands twice"
    assert "Most YAML readers" in rule["fullDescription"]["text"]
    assert rule["help"]["markdown"].startswith("# E104")


def test_edits_are_replacements_of_sarif_and_of_json() -> None:
    span = Span("icons.yaml", 7, 11, 7, 17)
    found = replace(FINDING, edits=(Edit(span, "render"),))
    (change,) = json.loads(as_sarif([found]))["runs"][0]["results"][0]["fixes"][0]["artifactChanges"]
    assert change["artifactLocation"] == {"uri": "icons.yaml"}
    region = {"startLine": 7, "startColumn": 11, "endLine": 7, "endColumn": 17}
    assert change["replacements"] == [{"deletedRegion": region, "insertedContent": {"text": "render"}}]
    (record,) = json.loads(as_json([found]))
    place = {"file": "icons.yaml", "line": 7, "column": 11, "end_line": 7, "end_column": 17}
    assert record["edits"] == [{**place, "text": "render"}]


def test_sarif_without_findings_is_a_log_still() -> None:
    (run,) = _log()["runs"]  # type: ignore[misc]
    assert run["results"] == []


@pytest.mark.parametrize("file", ["/tmp/a b.yaml", "a/名.yaml"])  # noqa: S108 - a name, nothing is written
def test_a_uri_of_sarif_is_escaped(file: str) -> None:
    (run,) = _log(Diagnostic("E104", "m", Span.point(file)))["runs"]  # type: ignore[misc]
    uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii()
    assert " " not in uri
    assert unquote(uri).endswith(file)


def test_marks_are_coloured_whole() -> None:
    text = full([FINDING], {}, colour=True)
    assert "\x1b[34m  = help:\x1b[0m take one out" in text
    assert "\x1b[34m  -->\x1b[0m sub dir/b,c:d.yaml:4:3" in text


def test_every_form_tells_of_every_finding() -> None:
    findings = [FINDING, NOWHERE, WARNING]
    for render in (concise, as_github, as_json, as_sarif, lambda found: full(found, {})):
        printed = render(findings)
        assert all(finding.code in printed for finding in findings)
