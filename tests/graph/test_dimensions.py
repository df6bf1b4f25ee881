import pytest

from tests.graph.stages import codes, graph_of

TEXT = """\
items:
  idea: [sword, bow]
  style: [flat, pixel]
  variant: 3
stages:
  expand: {use: expand}
  plan: {use: plan, with: {style: $item.style}}
  render: {use: render}
"""


def places(text):
    return {name: (node.dimensions, node.gather) for name, node in graph_of(text).nodes.items()}


def test_a_stage_runs_over_its_inputs_and_what_its_params_name():
    assert places(TEXT) == {
        "expand": (("idea",), ()),
        "plan": (("idea", "style"), ()),
        "render": (("idea", "style", "variant"), ()),
    }


def test_variants_are_drawn_once_and_shared_by_what_follows():
    again = TEXT + "  again: {use: render, inputs: {plan: plan}}\n"
    assert places(again)["again"] == (("idea", "style", "variant"), ())


@pytest.mark.parametrize(
    ("gather", "place"),
    [
        ("", ((), ("idea", "style", "variant"))),
        (", gather: [idea, variant]", (("style",), ("idea", "variant"))),
        (", gather: [variant, idea]", (("style",), ("idea", "variant"))),
        (", gather: []", (("idea", "style", "variant"), ())),
    ],
)
def test_gather(gather, place):
    assert places(TEXT + f"  sheet: {{use: sheet{gather}}}\n")["sheet"] == place


def test_a_plain_input_beside_a_gather_must_not_run_over_it():
    text = TEXT + "  sheet: {use: framed, inputs: {images: render, frame: render}}\n"
    assert {code for code, _ in codes(text)} == {"E216"}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("  again: {use: plan, inputs: {prompt: expand}, gather: [idea]}\n", "E214"),
        ("  sheet: {use: sheet, gather: [ide]}\n", "E215"),
    ],
)
def test_wrong_gathers(line, code):
    assert [found for found, _ in codes(TEXT + line)] == [code]


def test_a_dimension_that_changes_nothing_is_a_warning():
    text = TEXT.replace("style: $item.style", "steps: 5")
    assert codes(text) == [("W601", 3)]


def test_seeds_hang_on_the_idea_alone():
    assert graph_of(TEXT).nodes["render"].seed_dimensions == ("idea",)


def test_the_rank_counts_stages_of_the_same_name_up_the_wires():
    text = TEXT.replace("  plan:", "  first: {use: amend}\n  second: {use: amend}\n  plan:")
    nodes = graph_of(text).nodes
    assert [nodes[name].rank for name in ("first", "second", "render")] == [0, 1, 0]
