"""The face for writers of formats: PNGs carry their origin, and equal causes give equal bytes."""

from __future__ import annotations

import ast
import io
from pathlib import Path

import pytest
from PIL import Image as PillowImage

import orchestrator.format
import orchestrator.testing
from orchestrator.format import png_with_metadata
from orchestrator.stage import Image

METADATA = {"idea": "一只可爱的猫咪", "prompt": "a cute cat\nsecond line", "seed": "7"}


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "I;16"])
def test_pixels_and_text_come_back(mode: str) -> None:
    picture = Image.of(PillowImage.new(mode, (5, 3)))
    data = png_with_metadata(picture, METADATA)
    with PillowImage.open(io.BytesIO(data)) as opened:
        assert Image.of(opened) == picture
        assert {name: str(opened.info[name]) for name in METADATA} == METADATA


def test_bytes_are_the_same_each_time() -> None:
    picture = Image.of(PillowImage.new("RGB", (8, 8), "red"))
    assert png_with_metadata(picture, METADATA) == png_with_metadata(picture, METADATA)


def test_a_null_character_does_not_cut_the_text() -> None:
    picture = Image.of(PillowImage.new("L", (1, 1)))
    with PillowImage.open(io.BytesIO(png_with_metadata(picture, {"idea": "a\0b"}))) as opened:
        assert opened.info["idea"] == "a�b"


@pytest.mark.parametrize("face", [orchestrator.format, orchestrator.testing])
def test_a_face_says_what_it_has_and_no_more(face) -> None:
    tree = ast.parse(Path(face.__file__).read_text("utf-8"))
    defined = {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    named = {target.id for node in tree.body if isinstance(node, ast.Assign) for target in node.targets}
    public = {name for name in defined | named if not name.startswith("_")} - {"N", "Keys"}
    assert public <= set(face.__all__)
    assert sorted(face.__all__) == sorted(set(face.__all__))
    assert [name for name in face.__all__ if not hasattr(face, name)] == []
