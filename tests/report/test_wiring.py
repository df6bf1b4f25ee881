"""The wiring that resulted, in three drawings."""

from __future__ import annotations

import itertools
import re
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import orchestrator
from orchestrator.report.wiring import Box, Line, Wiring, as_mermaid, as_svg, as_text, wiring_of
from orchestrator.report.wiring.layout import lay_out

RECIPE = """\
recipe: 1
name: drawn
items: {idea: [a, b], style: [flat, pixel], variant: 3}
stages:
  expand: {use: expand}
  plan: {use: plan, with: {style: $item.style}}
  render: {use: render}
  score: {use: score}
  best: {use: best-of, gather: [variant]}
  sheet: {use: contact-sheet}
"""
HOSTILE = 'a"b<script>|#c`&amp;\nd'


@pytest.fixture(scope="module")
def wiring(tmp_path_factory: pytest.TempPathFactory, known_models: Path) -> Wiring:
    recipe = tmp_path_factory.mktemp("wiring") / "recipe.yaml"
    recipe.write_text(RECIPE)
    return wiring_of(orchestrator.check(recipe).graph)


def _drawing(name: str) -> Wiring:
    boxes = (Box("items.idea", "", "Idea"), Box(name, name, name, (name,), (name,), name, end=True))
    return Wiring(name, boxes, (Line("items.idea", name, name, name, name, alone=False),), {name: None})


def test_a_wiring_names_types_and_dimensions(wiring: Wiring) -> None:
    best = next(box for box in wiring.boxes if box.name == "best")
    assert best.facts == ("over idea × style", "gathers variant")
    assert (best.use, best.gives, best.end) == ("best-of", "Image", True)
    assert [line.label for line in wiring.lines if line.target == "best"] == [
        "images: Image, gathered", "scores: Score, gathered",
    ]  # fmt: skip
    assert wiring.items == "2 idea × 2 style × 3 variant"
    assert [box.end for box in wiring.boxes[:4]] == [False] * 4


def test_the_text_has_a_rail_for_each_output(wiring: Wiring) -> None:
    assert as_text(wiring) == """\
drawn: 2 idea × 2 style × 3 variant

●    idea
│      Idea
●    expand                 over idea
│      Prompt
├─●  plan                   over idea × style
│ │    RenderPlan
│ ●  render                 over idea × style × variant
│ │    Image
●─┤  score                  over idea × style × variant
│ │    image: Image from render
│ │    prompt: Prompt from expand
│ │    Score
●─┘  best (best-of)         over idea × style, gathers variant
│      images: Image, gathered from render
│      scores: Score, gathered from score
│      Image, written
●    sheet (contact-sheet)  once, gathers idea × style
       Sheet, written"""


def test_colour_changes_no_letter(wiring: Wiring) -> None:
    assert re.sub(r"\x1b\[\d+m", "", as_text(wiring, colour=True)) == as_text(wiring)


def test_mermaid_labels_every_wire(wiring: Wiring) -> None:
    drawn = as_mermaid(wiring)
    assert "\nflowchart TD\n" in drawn
    assert '    s1["expand<br>over idea"]\n' in drawn
    assert '    s3 -->|"image: Image"| s4\n' in drawn
    assert len(re.findall(r"-->\|", drawn)) == len(wiring.lines)


def test_mermaid_escapes_what_would_end_a_label() -> None:
    lines = as_mermaid(_drawing(HOSTILE)).splitlines()
    assert len(lines) == 7
    for line in lines[2:5]:
        assert line.count('"') == 2
        assert "<script" not in line


def test_svg_shows_every_name_and_label_once(wiring: Wiring) -> None:
    root = ET.fromstring(as_svg(wiring))  # noqa: S314 - our own drawing
    texts = [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")]
    for box in wiring.boxes:
        assert box.name.removeprefix("items.") in texts
    assert sum(text == "images: Image, gathered" for text in texts) == 1
    assert "over idea × style" in texts


def test_svg_escapes_what_it_shows() -> None:
    for embedded in (True, False):
        root = ET.fromstring(as_svg(_drawing(HOSTILE), embedded=embedded))  # noqa: S314 - our own drawing
        names = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert names <= {"svg", "title", "rect", "text", "polyline", "polygon"}
        assert HOSTILE in [element.text for element in root.iter()]


def test_drawings_are_the_same_every_time(wiring: Wiring) -> None:
    for draw in (as_text, as_mermaid, as_svg):
        assert draw(wiring) == draw(wiring)


def test_no_box_lies_on_another(wiring: Wiring) -> None:
    sizes = {box.name: (120.0, 60.0) for box in wiring.boxes}
    layout = lay_out(sizes, [(line.source, line.target) for line in wiring.lines])
    centres = list(layout.centres.values())
    for at, (x, y) in enumerate(centres):
        for other_x, other_y in centres[at + 1 :]:
            assert abs(x - other_x) >= 120 or abs(y - other_y) >= 60
    assert all(60 <= x <= layout.width - 59 and 30 <= y <= layout.height - 29 for x, y in centres)


def test_parts_that_do_not_hang_together_stand_side_by_side() -> None:
    layout = lay_out({"a": (50, 20), "b": (50, 20), "c": (50, 20)}, [("a", "b")])
    assert layout.centres["c"][0] >= max(layout.centres["a"][0], layout.centres["b"][0]) + 50


@pytest.mark.parametrize("draw", [as_text, as_mermaid, as_svg])
def test_a_recipe_without_wires_is_drawn(draw: object) -> None:
    wiring = Wiring("one", (Box("picture", "", "Image", end=True),), (), {})
    assert callable(draw)
    assert "picture" in draw(wiring)


def test_a_large_recipe_is_drawn_when_asked_for_but_not_in_a_page() -> None:
    boxes = tuple(Box(f"s{number}", "", "Image") for number in range(300))
    lines = tuple(Line(f"s{number}", f"s{number + 1}", "image", "Image") for number in range(299))
    wiring = Wiring("large", boxes, lines, {})
    assert as_svg(wiring, embedded=True) == ""
    for draw in (as_svg, as_text, as_mermaid):
        assert "s299" in draw(wiring)


def test_a_chain_longer_than_pythons_recursion_is_drawn() -> None:
    names = [f"s{at}" for at in range(400)]
    edges = list(itertools.pairwise(names))
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(300)
    try:
        layout = lay_out(dict.fromkeys(names, (50.0, 20.0)), edges)
        assert sys.getrecursionlimit() == 300
    finally:
        sys.setrecursionlimit(before)
    heights = [layout.centres[name][1] for name in names]
    assert heights == sorted(heights)
