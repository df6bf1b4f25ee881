"""Wires to `Many[T]`: whole into a gather, one by one by `each:`, and what closes it."""

from __future__ import annotations

import pytest

from orchestrator.stage.many import is_many
from tests.graph.stages import built, codes, graph_of

TEXT = """\
items:
  idea: [sword, bow]
  style: [flat, pixel]
stages:
  expand: {use: expand}
  plan: {use: plan, with: {style: $item.style}}
  render: {use: render}
  idle: {use: animate}
"""


CUT = "{use: outline, each: {frame: idle}, with: {width: 2}}"


def line(text: str) -> str:
    return TEXT + f"  last: {text}\n"


def test_each_wires_a_port_to_the_members_and_adds_a_dimension():
    graph = graph_of(
        line(CUT) + "  sheet: {use: sheet, gather: [frame]}\n"
    )
    wire = graph.nodes["last"].wires["image"]
    assert (wire.source, wire.each, is_many(wire.type)) == ("idle", "frame", True)
    assert graph.nodes["last"].dimensions == ("idea", "style", "frame")
    assert graph.nodes["sheet"].dimensions == ("idea", "style")
    assert graph.nodes["sheet"].gather == ("frame",)
    assert graph.run_time == {"frame": "idle"}
    assert graph.open_ends == ("expand", "plan", "last", "sheet")


def test_a_field_of_a_run_time_dimension_is_not_to_be_had_by_adding_it_to_the_items():
    _, (finding,) = built(line(CUT.replace("width: 2", "width: $item.frame.n")))
    assert finding.code == "E211"
    assert "items" not in finding.help


def test_a_gather_left_out_takes_a_many_whole_and_nothing_else():
    sheet = graph_of(line("{use: sheet}")).nodes["last"]
    assert sheet.wires["images"].source == "idle"
    assert (sheet.dimensions, sheet.gather) == (("idea", "style"), ())


def test_a_gather_beside_a_whole_many_is_taken_at_its_word():
    sheet = graph_of(line("{use: sheet, gather: [style]}")).nodes["last"]
    assert (sheet.dimensions, sheet.gather) == (("idea",), ("style",))


def test_a_gather_left_out_takes_run_time_dimensions_like_any_other():
    graph = graph_of(line(CUT) + "  sheet: {use: sheet}\n")
    assert graph.nodes["sheet"].gather == ("idea", "style", "frame")


def test_two_ports_are_told_apart_by_name():
    text = "{use: compare, each: {frame: idle}, inputs: {first: idle, second: render}}"
    wires = graph_of(line(text)).nodes["last"].wires
    assert (wires["first"].each, wires["second"].each) == ("frame", "")


def test_indexes_enter_the_seed_and_files_do():
    graph = graph_of(
        """\
items:
  ref: [a.png, b.png]
  style: [flat, pixel]
  variant: 2
stages:
  picture: {use: picture, with: {file: $item.ref}}
  moved: {use: move}
  frames: {use: noise, each: {frame: moved}, per: [style]}
  again: {use: noise, seed_by: [style]}
"""
    )
    assert graph.nodes["frames"].dimensions == ("ref", "style", "variant", "frame")
    assert graph.nodes["frames"].seed_dimensions == ("ref", "style", "frame")
    assert graph.nodes["again"].seed_dimensions == ("style",)


@pytest.mark.parametrize(
    ("text", "code", "fix"),
    [
        ("{use: outline, with: {width: 2}, inputs: {image: idle}}", "E208", "each: {frame: idle}"),
        ("{use: outline, with: {width: 2}, each: {frame: render}}", "E221", "inputs: {image: render}"),
        ("{use: outline, with: {width: 2}, each: {style: idle}}", "E222", "each: {style_2: idle}"),
        ("{use: sheet, each: {frame: idle}}", "E223", "inputs: {images: idle}"),
        ("{use: compare, each: {frame: idle}}", "E223", "inputs: {first: idle}\ninputs: {second: idle}"),
        ("{use: outline, with: {width: 2}, each: {frame: idel}}", "E207", "idle"),
        ("{use: amend, per: [stile]}", "E224", "style"),
        ("{use: sheet, per: [style], gather: [style]}", "E225", ""),
        ("{use: amend, seed_by: [style]}", "E227", ""),
    ],
)
def test_wrong_lines(text: str, code: str, fix: str):
    _, findings = built(line(text))
    (finding,) = [found for found in findings if found.severity == "error"]
    assert (finding.code, finding.fix) == (code, fix)
    assert finding.why
    assert finding.help


def test_a_port_that_lacks_its_type_is_offered_the_members():
    _, (finding,) = built(line("{use: outline, with: {width: 2}}"))
    assert (finding.code, finding.fix) == ("E213", "each: {frame: idle}")


def test_frames_cannot_be_gathered_across_items_of_other_length():
    cut = line(CUT)
    assert codes(cut + "  sheet: {use: sheet, gather: [idea]}\n") == [("E226", 10)]


def test_a_run_time_name_belongs_to_one_stage():
    cut = line(CUT) + "  other: {use: animate, inputs: {plan: plan, image: render}}\n"
    again = "  more: {use: outline, each: {frame: NAME}, with: {width: 2}}\n"
    assert codes(cut + again.replace("NAME", "other")) == [("E222", 11)]
    assert codes(cut + again.replace("NAME", "idle")) == []
