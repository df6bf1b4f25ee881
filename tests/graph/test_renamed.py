"""Renamed stages and params: a warning with a fix, and nothing is drawn anew."""

from __future__ import annotations

import pytest

from orchestrator.graph import Surroundings, build
from orchestrator.recipe import read_recipe
from orchestrator.stage import Context, Field, Idea, Image, Params, stage
from orchestrator.stage.declaration import spec_of
from orchestrator.stage.registry import BUILTIN_MODULES, RENAMED, Registry
from orchestrator.work import EVERYTHING, identity_of, items_of, key_of, points
from tests import graphs


class Before(Params):
    thickness: int = 2


class Now(Params):
    width: int = Field(default=2, json_schema_extra={"was": ["thickness"]})
    glow: int = Field(default=0, deprecated="use `studio.glow`")


class Plain(Params):
    width: int = Field(default=2, json_schema_extra={"was": ["thickness"]})


@stage("line", version=1, seeded=True)
def before(idea: Idea, params: Before, ctx: Context) -> Image:
    raise NotImplementedError


@stage("studio.line", version=1, seeded=True, was=("line",))
def plain(idea: Idea, params: Plain, ctx: Context) -> Image:
    raise NotImplementedError


@stage("studio.line", version=1, seeded=True, was=("line",))
def now(idea: Idea, params: Now, ctx: Context) -> Image:
    raise NotImplementedError


def built(function, use, params):
    text = f"recipe: 1\nitems: {{idea: [a]}}\nstages:\n  line: {{use: {use}, with: {params}}}\n"
    surroundings = Surroundings(
        registry=Registry(declared=[spec_of(function)]),
        describe=lambda choice: graphs.model(choice.role),
        find_resource=lambda *_: None,
        resource_names=lambda _: (),
    )
    return build(read_recipe(text, "recipe.yaml"), surroundings)


def key(function, use, params):
    graph, _ = built(function, use, params)
    (item,) = items_of(graph, graph.nodes["line"], points(graph, EVERYTHING))
    return item.seed, key_of(identity_of(graph, item, lambda _: "sha256:idea"))


def found(function, use, params):
    graph, findings = built(function, use, params)
    assert graph is not None or any(finding.severity == "error" for finding in findings)
    return [(finding.code, finding.fix) for finding in findings]


def test_a_renamed_stage_and_param_keep_seed_and_key():
    first = key(before, "line", "{thickness: 3}")
    assert key(plain, "line", "{thickness: 3}") == first
    assert key(plain, "studio.line", "{width: 3}") == first
    assert key(plain, "studio.line", "{width: 4}") != first


@pytest.mark.parametrize(
    ("use", "params", "expected"),
    [
        ("studio.line", "{width: 3}", []),
        ("line", "{width: 3}", [("W650", "studio.line")]),
        ("studio.line", "{thickness: 3}", [("W651", "width")]),
        ("studio.line", "{glow: 1}", [("W652", "")]),
    ],
)
def test_old_names_are_warnings_with_a_fix(use, params, expected):
    assert found(now, use, params) == expected


def test_both_names_of_a_param_are_no_choice():
    assert [code for code, _ in found(now, "studio.line", "{width: 3, thickness: 4}")] == ["E202"]


def test_a_value_under_the_old_name_is_checked():
    assert "E203" in [code for code, _ in found(now, "studio.line", "{thickness: wide}")]


def test_the_table_of_renamed_built_in_stages_is_that_of_their_declarations():
    registry = Registry()
    declared = {old: name for name in BUILTIN_MODULES for old in registry.find(name).was}
    assert declared == RENAMED
