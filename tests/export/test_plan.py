"""The `export:` block against a graph: every mistake is known before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.errors import Span
from orchestrator.export.names import Pattern
from orchestrator.export.plan import Allowed, plan_exports
from orchestrator.recipe import slug
from orchestrator.recipe.model import ExportEntry, StageEntry
from orchestrator.stage import Idea, Image, NormalMap, stage
from orchestrator.text import Entry, Node, Text
from tests import graphs

HERE = graphs.HERE


@stage("t.tile", version=1)
def tile(idea: Idea) -> Image:
    raise NotImplementedError


@stage("t.normal", version=1)
def normal(image: Image) -> NormalMap:
    raise NotImplementedError


def text(value):
    return Text(value, HERE)


def entry(source="tile", to="build", format_="files", name=None, **options):
    sources = {"": source} if isinstance(source, str) else source
    return ExportEntry(
        {key: text(value) for key, value in sources.items()},
        text(to),
        text(format_),
        None if name is None else text(name),
        {key: Entry(HERE, Node(value, HERE)) for key, value in options.items()},
        HERE,
    )


def planned(*entries, base=Path(), roots=(), styles=("flat", "pixel"), ideas=("a", "b")):
    over = ("idea", "style")
    graph = graphs.graph(
        {"idea": ideas, "style": styles},
        [
            graphs.node("tile", tile, {"idea": graphs.IDEA}, over),
            graphs.node("normal", normal, {"image": "tile"}, over),
        ],
    )
    stages = tuple(StageEntry(name, HERE, text(name), {}, {}, None, HERE) for name in graph.nodes)
    object.__setattr__(graph.recipe, "stages", stages)
    object.__setattr__(graph.recipe, "exports", entries)
    return plan_exports(graph.recipe, graph, Allowed(base, roots))


def codes(*entries, **more):
    return [finding.code for finding in planned(*entries, **more)[1]]


def stems(*entries, **more):
    plans, findings = planned(*entries, **more)
    assert not findings
    at = {"idea": "a", "style": "flat"}
    return [source.stem(at) for plan in plans for source in plan.sources]


def test_the_default_name_is_that_of_run_with_the_map_behind_it():
    assert stems(entry()) == ["a_flat"]
    maps = {"albedo": "tile", "normal": "normal"}
    assert stems(entry(maps)) == ["a_flat_albedo", "a_flat_normal"]
    assert stems(entry(maps, name="{idea}/{style}-{map}")) == ["a/flat-albedo", "a/flat-normal"]


@pytest.mark.parametrize(
    ("given_entry", "code"),
    [
        (entry("tiel"), "E430"),
        (entry(format_="png"), "E431"),
        (entry(to="../elsewhere"), "E433"),
        (entry(to="/etc"), "E433"),
        (entry(to="build\\icons"), "E433"),
        (entry(name="{ide}_{style}"), "E434"),
        (entry(name="{idea}_{style}_{map}"), "E434"),
        (entry(name="{idea"), "E434"),
        (entry(name="{idea}_{style}.png"), "E434"),
        (entry(name="../{idea}_{style}"), "E434"),
        (entry(name="con/{idea}_{style}"), "E434"),
        (entry(name="{idea}:{style}"), "E434"),
        (entry(name="{idea}"), "E435"),
        (entry(name="all"), "E435"),
        (entry({"albedo": "tile", "normal": "normal"}, name="{idea}_{style}"), "E435"),
        (entry(metadata="yes"), "E437"),
        (entry(padding=2), "E437"),
    ],
)
def test_each_mistake_has_its_code(given_entry, code):
    assert codes(given_entry) == [code]


def test_ids_that_run_together_are_looked_at():
    assert codes(entry(name="{idea}{style}")) == []
    assert codes(entry(name="{idea}{style}"), ideas=("a", "ab"), styles=("b", "bb")) == ["E435"]


def test_a_dimension_with_one_member_need_not_be_named():
    assert codes(entry(name="{idea}"), styles=("flat",)) == []


def test_two_entries_may_share_a_folder_but_no_file():
    assert codes(entry(), entry("normal", name="{idea}_{style}_n")) == []
    assert codes(entry(), entry("normal")) == ["E436"]
    nested = entry("normal", to="build", name="icons/{idea}_{style}")
    assert codes(entry(to="build/icons"), nested) == ["E436"]


def test_a_root_of_the_operator_may_be_written_to(tmp_path):
    recipe, engine = tmp_path / "recipe", tmp_path / "engine"
    recipe.mkdir()
    assert codes(entry(to="../engine/icons"), base=recipe) == ["E433"]
    assert codes(entry(to="../engine/icons"), base=recipe, roots=[engine]) == []
    assert codes(entry(to=engine.as_posix()), base=recipe, roots=[engine]) == []


def test_a_link_out_of_the_folder_is_no_way_out(tmp_path):
    recipe, outside = tmp_path / "recipe", tmp_path / "outside"
    recipe.mkdir()
    outside.mkdir()
    try:
        (recipe / "build").symlink_to(outside, target_is_directory=True)
    except OSError:
        pytest.skip("no links here")
    assert codes(entry(to="build/icons"), base=recipe) == ["E433"]


def test_without_a_graph_what_needs_none_is_checked():
    nodes = [graphs.node("tile", tile, {"idea": graphs.IDEA}, ("idea",))]
    recipe = graphs.graph({"idea": ["a"]}, nodes).recipe
    object.__setattr__(recipe, "exports", (entry(format_="png", to="..", name="{nothing}"),))
    plans, findings = plan_exports(recipe, None, Allowed(Path()))
    assert (plans, sorted(finding.code for finding in findings)) == ((), ["E430", "E431", "E433"])


IDS = st.text("ab-1", min_size=1, max_size=4).filter(lambda name: slug(name) == name)


@given(
    st.lists(st.sampled_from(["{idea}", "{style}", "_", "-", "/", "x"]), min_size=1, max_size=6),
    st.sets(IDS, min_size=2, max_size=4),
    st.sets(IDS, min_size=2, max_size=4),
)
def test_a_pattern_that_tells_apart_does(parts, ideas, styles):
    pattern = Pattern.of("".join(parts))
    names = {pattern.filled({"idea": idea, "style": style}) for idea in ideas for style in styles}
    if pattern.tells_apart({"idea", "style"}):
        assert len(names) == len(ideas) * len(styles)


def test_spans_are_those_of_the_entry():
    plans, findings = planned(entry(name="{idea}"))
    assert plans
    assert findings[0].span == Span.point("recipe.yaml")
    assert findings[0].fix == 'name: "{idea}_{style}"'
