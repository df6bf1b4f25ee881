import pytest

from orchestrator.graph import build
from orchestrator.recipe import Given, read_recipe
from tests.graph.stages import HEAD, built, codes, graph_of, surroundings

PLAN = """\
items:
  idea: [sword, bow]
  style: [flat, pixel]
  look:
    - {id: calm, value: 10, light: {name: soft}}
    - {id: wild, value: 500}
stages:
  expand: {use: expand}
  plan: {use: plan, with: WITH}
"""


def with_params(text):
    return PLAN.replace("WITH", text)


def test_references_resolve_at_each_item():
    graph = graph_of(with_params("{style: $item.style}"))
    node = graph.nodes["plan"]
    assert node.dimensions == ("idea", "style")
    found = [graph.params_of(node, {"idea": "sword", "style": style}).style for style in ("flat", "pixel")]
    assert [(style.name, style.digest) for style in found] == [
        ("flat", "sha256:style/flat"),
        ("pixel", "sha256:style/pixel"),
    ]


def test_a_dollar_is_written_twice():
    assert codes(with_params("{style: $$5}")) == [("E220", 9)]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ("{step: 25}", "E202"),
        ("{steps: many}", "E203"),
        ("{steps: 101}", "E203"),
        ('{steps: "25"}', "E203"),
        ("{steps: $item.look}", "E203"),
        ("{steps: $item}", "E210"),
        ("{steps: $vars.x}", "E235"),
        ("{steps: $item.lok}", "E211"),
        ("{steps: $item.look.speed}", "E212"),
        ("{style: flt}", "E220"),
    ],
)
def test_bad_params(params, code):
    _, findings = built(with_params(params))
    errors = [finding for finding in findings if finding.severity == "error"]
    assert [finding.code for finding in errors] == [code]
    assert errors[0].span is not None
    assert errors[0].span.line == 11
    assert errors[0].why
    assert errors[0].help or errors[0].fix


def test_a_bad_member_is_shown_where_it_is_written():
    _, findings = built(with_params("{steps: $item.look}"))
    (finding,) = [finding for finding in findings if finding.code == "E203"]
    assert finding.labels[0].span.line == 8
    assert "less than or equal to 100, not 500" in finding.message


def test_a_field_that_some_records_lack_lists_what_they_have():
    _, findings = built(with_params("{steps: $item.look.light}"))
    (finding,) = [finding for finding in findings if finding.code == "E212"]
    assert "id, value" in finding.why


def test_an_idea_of_the_command_line_has_no_fields_to_add():
    text = HEAD + with_params("{steps: $item.idea.speed}")
    _, findings = build(read_recipe(text, "r", given=Given({"idea": ["axe"]}, "<--idea>")), surroundings())
    (finding,) = [finding for finding in findings if finding.code == "E212"]
    assert "`--set STAGE.PARAM=VALUE`" in finding.help


def test_a_required_param_is_asked_for():
    text = PLAN.replace("  plan: {use: plan, with: WITH}\n", "  cut: {use: outline}\n")
    assert [code for code, _ in codes(text) if code != "W601"] == ["E204", "E213"]


def test_the_near_name_can_be_pasted():
    _, findings = built(with_params("{step: 25}"))
    assert findings[0].fix == "steps"


def test_every_combination_of_two_fields_of_a_member_is_tried():
    from orchestrator.graph import build
    from orchestrator.recipe import read_recipe
    from tests.graph.stages import HEAD, surroundings

    limits = [(1, 2), (3, 4), (3, 2)]
    rows = "".join(
        f"    - {{id: r{n}, value: 0, low: {low}, high: {high}}}\n" for n, (low, high) in enumerate(limits)
    )
    ramp = "{use: ramp, with: {low: $item.row.low, high: $item.row.high}}"
    text = f"items:\n  row:\n{rows}stages:\n  ramp: {ramp}\n"
    _, findings = build(read_recipe(HEAD + text, "recipe.yaml"), surroundings())
    assert [finding.code for finding in findings] == ["E203"]
    assert "low must be below high" in findings[0].message


def test_combinations_of_two_dimensions_are_tried_where_a_rule_joins_two_params():
    text = """\
items:
  low: [{id: a, value: 1}, {id: b, value: 5}]
  high: [{id: c, value: 7}, {id: d, value: 3}]
stages:
  ramp: {use: ramp, with: {low: $item.low, high: $item.high}}
"""
    found = [(code, line) for code, line in codes(text)]
    assert found == [("E203", 5)]
    assert codes(text.replace("stages:", "exclude: [{low: b, high: d}]\nstages:")) == []
