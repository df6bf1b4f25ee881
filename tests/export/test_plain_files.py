"""Format `files`."""

from __future__ import annotations

import io
import json

from PIL import Image as PillowImage

from orchestrator.export.formats import MODULES, format_of
from orchestrator.export.plain_files import FORMAT, FilesOptions
from orchestrator.format import Piece
from orchestrator.stage import Atlas, Frame, Image, Many, Prompt
from orchestrator.stage.many import many_of


def picture(colour="red"):
    return Image.of(PillowImage.new("RGB", (2, 2), colour))


def files(artifact, **options):
    piece = Piece("a/x", artifact, metadata={"idea": "fire"})
    return {file.name: file.data for file in FORMAT.files([piece], FilesOptions(**options))}


def test_every_registered_format_is_one():
    assert [format_of(name) is not None for name in MODULES] == [True]
    assert format_of("nothing") is None


def test_a_picture_says_what_made_it_unless_told_not_to():
    for options, said in (({}, {"idea": "fire"}), ({"metadata": False}, {})):
        (data,) = files(picture(), **options).values()
        with PillowImage.open(io.BytesIO(data)) as opened:
            opened.load()
            assert opened.text == said


def test_members_are_numbered_in_their_order():
    made = files(Many([picture("red")] * 11))
    assert list(made)[:2] == ["a/x_00.png", "a/x_01.png"]
    assert len(made) == 11


def test_an_atlas_has_its_table_beside_it():
    atlas = Atlas.of(PillowImage.new("RGB", (4, 4)), [Frame(name="f", x=0, y=0, width=2, height=2)])
    made = files(atlas)
    assert list(made) == ["a/x.png", "a/x.json"]
    assert json.loads(made["a/x.json"])["frames"][0]["name"] == "f"


def test_a_document_is_json():
    assert json.loads(files(Prompt(subject="剑"))["a/x.json"])["subject"] == "剑"


def test_endings_are_those_of_the_files():
    assert FORMAT.endings(Image) == (".png",)
    assert FORMAT.endings(Atlas) == (".png", ".json")
    assert FORMAT.endings(Prompt) == (".json",)
    assert FORMAT.endings(many_of(Image)) == ("_#.png",)
