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
