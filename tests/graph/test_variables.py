"""`$vars.x` in params: resolved in its scope, typed by the param; an unknown one is told with the others."""

from __future__ import annotations

from dataclasses import replace

from orchestrator.errors import Span
from orchestrator.graph import build
from orchestrator.recipe import read_recipe
from orchestrator.recipe.model import Variable
from orchestrator.text import Node
from tests.graph.stages import HEAD, built, graph_of, surroundings

TEXT = """\
vars: {steps: 12, look: flat, width: 40}
items: {idea: [sword], style: [flat, pixel]}
stages:
  expand: {use: expand}
  plan: {use: plan, with: {steps: $vars.steps, style: $vars.look}}
"""


def params(text: str, stage: str = "plan") -> dict[str, object]:
    graph = graph_of(text)
    found = graph.params_of(graph.nodes[stage], {"idea": "sword", "style": "pixel"})
    return found.model_dump(mode="json")


def test_a_variable_is_its_value() -> None:
    assert params(TEXT)["steps"] == 12
    assert graph_of(TEXT).nodes["plan"].dimensions == ("idea",)


def test_an_unknown_one_is_told_with_those_there_are() -> None:
    _, findings = built(TEXT.replace("$vars.steps", "$vars.step"))
    (finding,) = [finding for finding in findings if finding.severity == "error"]
    assert (finding.code, finding.fix) == ("E235", "$vars.steps")


def test_a_value_that_the_param_refuses_is_told_at_the_param() -> None:
    _, findings = built(TEXT.replace("steps: 12", "steps: 1200"))
    (finding,) = [finding for finding in findings if finding.severity == "error"]
    assert finding.code == "E203"
    assert "not 1200" in finding.message


def test_a_scope_has_its_own() -> None:
    at = Span.point("parts/inner.yaml", 2)
    recipe = read_recipe(HEAD + TEXT, "recipe.yaml")
    inner = (
        Variable("steps", Node("$item.style.n", at), at, "look"),
        Variable("look", Node("$vars.look", at), at, "look"),
    )
    expand, plan = recipe.stages
    idea, style = recipe.dimensions
    records = (replace(r, fields={**r.fields, "n": 30 + n}) for n, r in enumerate(style.records))
    numbered = (idea, replace(style, records=tuple(records)))
    recipe = replace(
        recipe,
        dimensions=numbered,
        variables=(*recipe.variables, *inner),
        stages=(expand, replace(plan, name="look.plan", scope="look")),
    )
    graph, findings = build(recipe, surroundings())
    assert graph is not None, findings
    node = graph.nodes["look.plan"]
    assert node.dimensions == ("idea", "style")
    found = graph.params_of(node, {"idea": "sword", "style": "pixel"}).model_dump(mode="json")
    assert found["steps"] == 31
    assert found["style"]["name"] == "flat"


def test_a_reference_to_nothing_around_a_scope_ends() -> None:
    at = Span.point("parts/inner.yaml", 2)
    recipe = read_recipe(HEAD + TEXT, "recipe.yaml")
    expand, plan = recipe.stages
    broken = Variable("steps", Node("$vars.none", at), at, "look")
    recipe = replace(
        recipe, variables=(*recipe.variables, broken, replace(broken, name="look")),
        stages=(expand, replace(plan, name="look.plan", scope="look")),
    )  # fmt: skip
    _, findings = build(recipe, surroundings())
    errors = {(finding.code, finding.span) for finding in findings if finding.severity == "error"}
    assert errors == {("E235", at)}
