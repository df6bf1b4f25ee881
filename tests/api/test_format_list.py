"""Export formats of packages: listed, each with its own keys in the schema, and written beside others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from PIL import Image as PillowImage

import orchestrator
from orchestrator.api import format_facts, formats, listed_formats
from orchestrator.api.recipe_schema import schema
from orchestrator.errors import InvalidInput
from tests.fences import typed
from tests.packages import packed

FORMATS = """\
from typing import Literal

from orchestrator.format import Field, FormatOptions, OutputFile


class Layer(FormatOptions):
    depth: int = Field(ge=0)


class Options(FormatOptions):
    metadata: Literal["full", "none"] = Field(description="how much it says")
    layer: Layer | None = None


class Raw:
    '''Bare pixels.'''

    options = Options

    def endings(self, kind):
        return (".raw",)

    def files(self, pieces, options):
        for piece in pieces:
            yield OutputFile(f"{piece.stem}.raw", piece.artifact.pil.tobytes())
        yield OutputFile("index.txt", b"")


RAW = Raw()


class Broken(Raw):
    options = FormatOptions

    def files(self, pieces, options):
        yield from super().files(list(pieces)[:1], options)
        raise OSError("disk full")


BROKEN = Broken()
"""
RECIPE = """\
recipe: 1
items: {ref: [red]}
stages:
  picture: {use: picture, with: {file: red.png}}
export:
  - {from: picture, to: build, format: files}
"""


@pytest.fixture
def folder(tmp_path, own_store, monkeypatch):
    """A recipe as the current folder, and packages that offer formats."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ORCHESTRATOR_STORE", str(own_store))
    PillowImage.new("RGB", (2, 2), "red").save("red.png")
    points = {"studio.raw": "studio_raw_formats:RAW", "studio.broken": "studio_raw_formats:BROKEN"}
    site = packed(
        tmp_path, "studio-raw", {"orchestrator.formats": points}, {"studio_raw_formats.py": FORMATS}
    )
    monkeypatch.syspath_prepend(site)
    others = {"orchestrator.formats": {"files": "x", "studio.lost": "y"}}
    monkeypatch.syspath_prepend(packed(tmp_path, "studio-lost", others))
    return tmp_path


def exported(*entries):
    text = RECIPE + "".join(f"  - {{from: picture, to: {entry}}}\n" for entry in entries)
    Path("recipe.yaml").write_text(text, "utf-8")
    return typed("orchestrator export recipe.yaml")


def names(folder="build"):
    return sorted(path.name for path in Path(folder).iterdir() if not path.name.startswith("."))


def test_lists_say_which_package_offers_a_format(folder):
    found, findings = listed_formats()
    assert [(each.name, each.package, each.release) for each in found] == [
        ("files", "", ""), ("studio.broken", "studio-raw", "1.0"), ("studio.raw", "studio-raw", "1.0"),
    ]  # fmt: skip
    assert [finding.code for finding in findings] == ["W670", "E409"]
    assert formats() == found
    raw = format_facts("studio.raw")
    assert raw.summary == "Bare pixels."
    assert raw.endings["Image"] == (".raw",)
    assert (raw.options[0].name, raw.options[0].type) == ("metadata", "one of full, none")
    with pytest.raises(InvalidInput, match=r"E431: there is no export format 'studio\.row'"):
        format_facts("studio.row")


def test_the_command_lists_them_for_people_and_machines(folder):
    outcome = typed("orchestrator formats")
    assert outcome.status == 0
    assert "studio.raw     Bare pixels. (studio-raw 1.0)\n" in outcome.output
    assert "error[E409]: the export format 'studio.lost' of studio-lost 1.0" in outcome.output
    one = typed("orchestrator formats studio.raw").output
    assert "  Image: .raw\n" in one
    assert "    metadata: one of full, none, must be given\n        how much it says\n" in one
    document = json.loads(typed("orchestrator formats --json").output)
    assert [each["name"] for each in document["formats"]] == ["files", "studio.broken", "studio.raw"]
    assert [each["code"] for each in document["findings"]] == ["W670", "E409"]


def test_a_package_writes_its_files_beside_the_others(folder):
    outcome = exported("build, format: studio.raw, metadata: full")
    assert outcome.status == 0, outcome.output
    assert names() == ["index.txt", "picture.png", "picture.raw"]
    assert Path("build/picture.raw").read_bytes() == b"\xff\0\0" * 4


def test_one_that_raises_leaves_nothing_half_written_and_stops_no_other(folder):
    exported("other, format: studio.raw, metadata: full")
    outcome = exported("other, format: studio.broken", "third, format: studio.raw, metadata: full")
    assert outcome.status == 1
    assert outcome.output.count("error[") == 1
    assert "'studio.broken' of studio-raw 1.0 failed, at 'picture': OSError: disk full" in outcome.output
    assert "recipe.yaml:7:40" in outcome.output
    assert names("third") == ["index.txt", "picture.raw"]
    assert names("other") == ["index.txt", "picture.raw"], "what stood there before"
    printed = typed("orchestrator export recipe.yaml --json").output
    document = json.loads("{" + printed.partition("\n{\n")[2])
    assert [len(each.get("findings", ())) for each in document["exported"]] == [0, 1, 0]


def test_a_file_that_a_format_adds_replaces_no_other_entrys(folder):
    raw = "build, format: studio.raw, metadata: full"
    outcome = exported(raw, f'{raw}, name: "second"')
    assert outcome.status == 1
    assert "error[E436]: two entries of `export:` would both write 'index.txt'" in outcome.output
    assert names() == ["index.txt", "picture.png", "picture.raw"]


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("build, format: studio.raw", "E437"),
        ("build, format: studio.raw, metadata: some", "E437"),
        ('build, format: studio.raw, metadata: full, name: "{stage}.raw"', "E434"),
        ('build, format: studio.raw, metadata: full, name: "{stage}.jpg"', "E434"),
        ('build, format: files, name: "{stage}.WebP"', "E434"),
        ("build, format: studio.lost", "E409"),
        ("build, format: studio.ra", "E431"),
    ],
)
def test_what_is_wrong_is_known_before_anything_runs(folder, entry, code):
    outcome = exported(entry)
    assert outcome.status == 2
    assert outcome.output.count("error[") == 1
    assert f"error[{code}]" in outcome.output
    assert not Path("build").exists()


def test_a_dot_in_a_name_is_no_ending(folder):
    assert exported('build, format: studio.raw, metadata: full, name: "icon.v2"').status == 0
    assert names() == ["icon.v2.raw", "index.txt", "picture.png"]


def test_the_schema_keeps_the_keys_of_each_format_apart(folder):
    rules = Draft7Validator(schema())
    Draft7Validator.check_schema(rules.schema)

    def takes(**entry):
        document = {"recipe": 1, "stages": {"p": {"use": "render"}}}
        return rules.is_valid({**document, "export": [{"from": "p", "to": "build", **entry}]})

    assert takes(format="files", metadata=False)
    assert takes(format="files")
    assert takes(format="studio.raw", metadata="full", name="x", layer={"depth": 1})
    assert takes(format="studio.broken")
    assert not takes(format="files", metadata="full")
    assert not takes(format="studio.raw", metadata=False)
    assert not takes(format="studio.raw")
    assert not takes(format="studio.raw", metadata="full", layer={"depth": -1})
    assert not takes(format="studio.broken", metadata=False)
    assert not takes(format="files", layer=None)
    assert not takes(format="studio.lost")
    assert not takes()


def test_what_a_recipe_does_not_name_is_not_imported(folder, monkeypatch):
    import sys

    monkeypatch.delitem(sys.modules, "studio_raw_formats", raising=False)
    Path("recipe.yaml").write_text(RECIPE, "utf-8")
    orchestrator.check("recipe.yaml")
    assert "studio_raw_formats" not in sys.modules
