import pytest

from tests.graph.stages import built, graph_of

ITEMS = "items: {idea: [sword]}\n"
STAGES = """\
stages:
  expand: {use: expand}
  plan: {use: plan PLAN}
  render: {use: render RENDER}
"""
TWO = "models:\n  first: {diffusion: embedded}\n  second: {diffusion: ./sd}\n"


def recipe(models, plan="", render=""):
    stages = STAGES.replace(" PLAN", plan).replace(" RENDER", render)
    return models + ITEMS + stages


def roles(text):
    return {name: dict(node.roles) for name, node in graph_of(text).nodes.items()}


def test_none_declared_is_embedded():
    graph = graph_of(recipe(""))
    assert {role: model.source for role, model in graph.models.items()} == {
        "writer": "embedded",
        "painter": "embedded",
    }


def test_the_only_one_of_the_kind():
    assert roles(recipe("models: {studio: {diffusion: ./sd}}\n"))["render"] == {"painter": "studio"}


def test_render_draws_with_the_painter_that_plan_planned_for():
    found = roles(recipe(TWO, plan=", with: {painter: second}"))
    assert found["plan"] == found["render"] == {"painter": "second"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (recipe(TWO), "E219"),
        (recipe(TWO, plan=", with: {painter: second}", render=", with: {painter: first}"), "E218"),
        (recipe(TWO, plan=", with: {painter: secnd}"), "E217"),
        (recipe("models: {poet: {llm: embedded}}\n", plan=", with: {painter: poet}"), "E217"),
    ],
)
def test_wrong_roles(text, code):
    _, findings = built(text)
    assert code in {finding.code for finding in findings}
    assert all(finding.fix for finding in findings if finding.code in {"E218", "E219"})


BY_ITEM = """\
models: {writer: {llm: embedded}, first: {diffusion: embedded}, second: {diffusion: ./sd}}
items:
  idea: [sword]
  painter: [first, second]
stages:
  expand: {use: expand}
  plan: {use: plan, with: {painter: $item.painter}}
  render: {use: render}
"""


def test_a_role_follows_the_item_and_then_the_wire():
    graph = graph_of(BY_ITEM)
    plan, render = graph.nodes["plan"], graph.nodes["render"]
    assert plan.item_roles == render.item_roles == {"painter": ("first", "second")}
    assert plan.roles == render.roles == {}
    assert render.dimensions == ("idea", "painter")
    for name in ("first", "second"):
        at = {"idea": "sword", "painter": name}
        assert graph.params_of(render, at).model_dump(mode="json")["painter"] == name
    assert set(graph.models) == {"writer", "first", "second"}


def test_every_member_is_resolved_and_checked():
    _, (finding,) = built(BY_ITEM.replace("[first, second]", "[first, secnd]"))
    assert (finding.code, finding.fix) == ("E217", "second")
    assert finding.span is not None
    assert finding.span.line == 6


def test_the_same_reference_again_is_no_other_painter():
    assert graph_of(BY_ITEM.replace("render}", "render, with: {painter: $item.painter}}")) is not None
    _, findings = built(BY_ITEM.replace("render}", "render, with: {painter: first}}"))
    assert [finding.code for finding in findings] == ["E218"]


def test_a_role_by_a_variable():
    text = BY_ITEM.replace("items:", "vars: {who: second}\nitems:").replace("$item.painter", "$vars.who")
    assert graph_of(text).nodes["render"].roles == {"painter": "second"}


def test_the_wire_of_the_plan_comes_before_nearer_ones():
    text = """\
models: {first: {diffusion: embedded}, second: {diffusion: ./sd}}
items: {idea: [sword]}
stages:
  expand: {use: expand}
  plan: {use: plan, with: {painter: first}}
  other: {use: plan, inputs: {prompt: expand}, with: {painter: second}}
  longer: {use: replan, inputs: {plan: plan}}
  base: {use: render, inputs: {plan: other}}
  again: {use: redraw, inputs: {plan: longer, image: base}}
"""
    assert graph_of(text).nodes["again"].roles == {"painter": "first"}
