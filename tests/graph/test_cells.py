"""Cells of a table take the type of the param that they feed; a wrong one is shown where it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from orchestrator.errors import Span
from orchestrator.graph import build
from orchestrator.graph.cells import as_number, typed
from orchestrator.recipe import Recipe, read_recipe
from orchestrator.recipe.model import Record
from orchestrator.stage import PixelGrid
from orchestrator.text import Cell
from tests.graph.stages import HEAD, surroundings

AT = Span.point("states.csv", 3, 7)


class Inner(BaseModel):
    depth: int = 0


@pytest.mark.parametrize(
    ("cell", "annotation", "value"),
    [
        ("12", int, 12),
        ("-3", int | None, -3),
        ("12", float, 12),
        ("1e-4", float, 1e-4),
        (".5", float, 0.5),
        ("1.5", int, "1.5"),
        ("0123", str, "0123"),
        ("12", str, "12"),
        ("true", bool, True),
        ("yes", bool, "yes"),
        ("flat", Literal["flat", "pixel"], "flat"),
        ("4", Literal[4, 8], 4),
        ("4", Literal["4"] | int, "4"),
        ("", int | None, None),
        ("", str | None, ""),
        ("x", Annotated[int, Field(ge=1)], "x"),
        ("7", Annotated[int, Field(ge=1)], 7),
    ],
)
def test_a_cell_becomes_what_is_asked_for(cell: str, annotation: object, value: object) -> None:
    found = typed(Cell(cell, AT), annotation)
    assert (type(found), found) == (type(value), value)
    assert not isinstance(found, Cell)


def test_cells_inside_other_values() -> None:
    cells = [Cell("1", AT), "2", Cell("3", AT)]
    assert typed(cells, list[int]) == [1, "2", 3]
    assert typed(cells, tuple[int, ...] | None) == [1, "2", 3]
    assert typed(cells[:1] * 2, tuple[int, str]) == [1, "1"]
    assert typed({"depth": Cell("4", AT)}, Inner) == {"depth": 4}
    assert typed({"cells": Cell("9", AT)}, PixelGrid | None) == {"cells": 9}
    assert typed({"any": Cell("4", AT)}, dict[str, float]) == {"any": 4}
    assert typed({"any": Cell("4", AT)}, str) == {"any": "4"}


@given(st.text(max_size=12))
def test_a_number_is_what_python_reads_too(text: str) -> None:
    found = as_number(text)
    assert found is None or found == float(text)


@given(st.text(max_size=8), st.sampled_from([int, float, bool, str, int | None, list[int], Literal["a"]]))
def test_no_cell_is_left(text: str, annotation: object) -> None:
    assert type(typed(Cell(text, AT), annotation)) is not Cell


def with_cells(steps: str) -> Recipe:
    text = "items:\n  idea: [sword]\n  state: [idle]\nstages:\n"
    text += "  expand: {use: expand}\n  plan: {use: plan, with: {steps: $item.state.steps}}\n"
    recipe = read_recipe(HEAD + text.replace("[idle]", "[{id: idle, value: idle, steps: 1}]"), "recipe.yaml")
    fields = {"id": "idle", "value": Cell("idle", AT), "steps": Cell(steps, AT)}
    idea, state = recipe.dimensions
    return replace(recipe, dimensions=(idea, replace(state, records=(Record("idle", fields, AT),))))


def test_a_stage_is_given_the_typed_value() -> None:
    graph, _ = build(with_cells("30"), surroundings())
    assert graph is not None
    params = graph.params_of(graph.nodes["plan"], {"idea": "sword", "state": "idle"})
    assert params.model_dump()["steps"] == 30


@pytest.mark.parametrize("steps", ["many", "101", "2.5"])
def test_a_wrong_cell_is_shown_in_its_table(steps: str) -> None:
    _, findings = build(with_cells(steps), surroundings())
    (finding,) = [finding for finding in findings if finding.severity == "error"]
    assert finding.code == "E203"
    assert finding.span == AT
    assert [label.text for label in finding.labels] == ["the cell feeds this"]


def test_each_wrong_cell_is_told() -> None:
    recipe = with_cells("many")
    idea, state = recipe.dimensions
    below = Span.point("states.csv", 4, 7)
    second = Record("run", {"id": "run", "value": "run", "steps": Cell("few", below)}, below)
    _, findings = build(
        replace(recipe, dimensions=(idea, replace(state, records=(*state.records, second)))), surroundings()
    )
    assert [finding.span for finding in findings if finding.severity == "error"] == [AT, below]
