import pytest

from tests.graph.stages import built, codes, graph_of

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


def test_variants_that_are_gathered_and_not_declared_are_offered():
    text = TEXT.replace("  variant: 3\n", "") + "  sheet: {use: sheet, gather: [variant]}\n"
    finding = next(finding for finding in built(text)[1] if finding.code == "E215")
    assert finding.fix == "variant: 4"


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


def test_what_is_left_to_gather_can_be_pasted():
    text = TEXT + "  other: {use: render, inputs: {plan: plan}}\n"
    wrong = text + "  sheet: {use: framed, inputs: {images: other, frame: render}, gather: [idea, variant]}\n"
    _, findings = built(wrong)
    assert {finding.fix for finding in findings} == {"gather: []"}
    assert graph_of(wrong.replace("gather: [idea, variant]", "gather: []")) is not None


@pytest.mark.parametrize(
    ("line", "dimensions", "seeds"),
    [
        ("{use: render}", ("idea", "style", "variant"), ("idea",)),
        ("{use: render, seed_by: [style]}", ("idea", "style", "variant"), ("style",)),
        ("{use: render, seed_by: []}", ("idea", "style", "variant"), ()),
        ("{use: render, per: [style]}", ("idea", "style", "variant"), ("idea",)),
        ("{use: render, per: [mood]}", ("idea", "style", "mood", "variant"), ("idea", "mood")),
        ("{use: render, per: [mood], seed_by: [idea]}", ("idea", "style", "mood", "variant"), ("idea",)),
    ],
)
def test_per_adds_dimensions_and_those_tell_seeds_apart_that_nothing_else_does(line, dimensions, seeds):
    text = TEXT.replace("  variant: 3\n", "  mood: [calm, wild]\n  variant: 3\n")
    node = graph_of(text.replace("{use: render}", line)).nodes["render"]
    assert (node.dimensions, node.seed_dimensions) == (dimensions, seeds)


def test_per_keeps_a_dimension_out_of_a_gather():
    sheet = places(TEXT + "  sheet: {use: sheet, per: [style]}\n")["sheet"]
    assert sheet == (("style",), ("idea", "variant"))
