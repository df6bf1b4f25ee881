import pytest

from orchestrator.graph import IDEA_SOURCE
from tests.graph.stages import built, codes, graph_of

IDEAS = "items: {idea: [sword]}\n"
PATH = (
    IDEAS
    + """\
stages:
  expand: {use: expand}
  plan: {use: plan}
  render: {use: render}
"""
)


def test_the_only_open_end_of_the_type_is_taken():
    nodes = graph_of(PATH).nodes
    assert nodes["expand"].wires["idea"].source == IDEA_SOURCE
    assert nodes["plan"].wires["prompt"].source == "expand"
    assert nodes["render"].wires["plan"].source == "plan"


def test_a_stage_that_gives_the_type_it_takes_closes_that_end():
    graph = graph_of(PATH + "  cut: {use: outline, with: {width: 2}}\n  sheet: {use: sheet}\n")
    assert graph.nodes["sheet"].wires["images"].source == "cut"
    assert graph.open_ends == ("expand", "plan", "cut", "sheet")


def test_amend_stands_between_without_a_line_of_wiring():
    text = PATH.replace("  plan:", "  amend: {use: amend}\n  plan:")
    assert graph_of(text).nodes["plan"].wires["prompt"].source == "amend"


def test_two_open_ends_are_an_error_that_lists_both_and_the_lines_to_add():
    text = PATH + "  other: {use: render}\n  cut: {use: outline, with: {width: 2}}\n"
    graph, (finding,) = built(text)
    assert graph is None
    assert finding.code == "E209"
    assert finding.fix == "inputs: {image: render}\ninputs: {image: other}"
    assert [label.text for label in finding.labels] == ["an open Image", "an open Image"]


@pytest.mark.parametrize("choice", ["render", "other"])
def test_the_line_that_the_error_offers_mends_it(choice):
    text = PATH + "  other: {use: render}\n  cut: {use: outline, with: {width: 2}, inputs: {image: CHOICE}}\n"
    assert graph_of(text.replace("CHOICE", choice)).nodes["cut"].wires["image"].source == choice


def test_an_optional_port_is_wired_only_when_named():
    both = PATH + "  sheet: {use: compare, inputs: {first: render, second: render}}\n"
    assert set(graph_of(both).nodes["sheet"].wires) == {"first", "second"}
    all_three = both.replace("second: render", "second: render, mask: render")
    assert set(graph_of(all_three).nodes["sheet"].wires) == {"first", "second", "mask"}


@pytest.mark.parametrize(
    ("stages", "code"),
    [
        ("  cut: {use: outline, with: {width: 2}}\n", "E213"),
        ("  plan: {use: plan}\n", "E213"),
        ("  expand: {use: expand}\n  plan: {use: plan, inputs: {promt: expand}}\n", "E205"),
        (
            (
                "  expand: {use: expand}\n  plan: {use: plan, inputs: {prompt: render}}\n"
                "  render: {use: render}\n"
            ),
            "E206",
        ),
        ("  expand: {use: expand}\n  plan: {use: plan, inputs: {prompt: expend}}\n", "E207"),
        (
            "  expand: {use: expand}\n  plan: {use: plan}\n  again: {use: plan, inputs: {prompt: plan}}\n",
            "E208",
        ),
    ],
)
def test_wrong_wires(stages, code):
    found = [found for found, _ in codes(IDEAS + "stages:\n" + stages)]
    assert found == [code]


def test_an_unknown_input_is_told_at_its_own_name():
    _, (finding,) = built(PATH + "  cut: {use: outline, with: {width: 2}, inputs: {imgae: render}}\n")
    assert (finding.code, finding.span.line, finding.span.column) == ("E205", 8, 50)


def test_an_each_with_a_finding_leaves_no_open_ends_to_choose_from():
    text = PATH + "  other: {use: render}\n  cut: {use: outline, with: {width: 2}, each: {idea: render}}\n"
    assert codes(text) == [("E221", 7)]


def test_without_ideas_the_first_missing_thing_alone_is_reported():
    assert codes(PATH.replace(IDEAS, "")) == [("E213", 2)]


def test_an_unknown_stage_hides_its_consequences_and_nothing_else():
    text = (
        IDEAS
        + """\
stages:
  expand: {use: expnd}
  plan: {use: plan, with: {step: 3}}
  render: {use: render, inputs: {plan: board}}
  board: {use: sheet}
"""
    )
    assert codes(text) == [("E201", 3), ("E202", 4), ("E206", 5)]
