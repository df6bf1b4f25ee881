from orchestrator.graph import build
from orchestrator.recipe import read_recipe
from tests.graph.stages import surroundings
from tests.recipe.memory_files import MemoryFiles

OUTER = """\
recipe: 1
items: {idea: [sword]}
stages:
  expand: {use: expand}
  plan: {use: plan}
  render: {use: render}
  other: {use: render}
  cut: {include: part.yaml, inputs: {image: render, mask: other}}
"""
PART = """\
recipe: 1
stages:
  line: {use: outline, with: {width: 2}}
  wide: {use: outline, with: {width: 3}}
"""


def of(text: str, part: str = PART):
    return build(read_recipe(text, "recipe.yaml", files=MemoryFiles({"part.yaml": part})), surroundings())


def test_an_include_says_what_feeds_the_inputs_that_nothing_inside_feeds():
    _, findings = of(OUTER)
    assert [(each.code, each.span.line, each.span.column) for each in findings] == [("E229", 8, 59)]
    graph, findings = of(OUTER.replace(", mask: other", ""))
    assert not findings
    assert graph.nodes["cut.line"].wires["image"].source == "render"
    assert graph.nodes["cut.wide"].wires["image"].source == "cut.line"


def test_a_name_outside_means_the_outside_though_one_inside_has_it():
    part = PART.replace("line:", "render:")
    graph, findings = of(OUTER.replace(", mask: other", ""), part)
    assert not findings
    assert graph.nodes["cut.render"].wires["image"].source == "render"


def test_without_it_two_open_ends_outside_are_an_error():
    _, (finding,) = of(OUTER.replace(", inputs: {image: render, mask: other}", ""))
    assert (finding.code, finding.span.file) == ("E209", "part.yaml")


def test_what_it_names_must_stand_above():
    _, (finding,) = of(OUTER.replace("render, mask: other", "rendr"))
    assert (finding.code, finding.span.file, finding.fix) == ("E207", "recipe.yaml", "render")


def test_a_namespace_within_one_of_the_same_name_keeps_its_own():
    outer = OUTER.replace("  cut: {include: part.yaml, inputs: {image: render, mask: other}}\n", "")
    outer += "  look: {include: part.yaml, inputs: {image: other}}\n"
    part = "recipe: 1\nstages:\n  cut: {use: outline, with: {width: 2}}\n"
    part += "  look: {include: inner.yaml}\n  end: {use: outline, with: {width: 3}, inputs: {image: cut}}\n"
    inner = "recipe: 1\nstages: {cut: {use: outline, with: {width: 4}}}\n"
    files = MemoryFiles({"part.yaml": part, "inner.yaml": inner})
    graph, findings = build(read_recipe(outer, "recipe.yaml", files=files), surroundings())
    assert not [finding for finding in findings if finding.severity == "error"]
    assert graph.nodes["look.end"].wires["image"].source == "look.cut"
    assert graph.nodes["look.look.cut"].wires["image"].source == "look.cut"
