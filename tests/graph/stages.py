"""Small stages of every shape, and surroundings without a disk, for tests of the graph."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from orchestrator.errors import Diagnostic
from orchestrator.graph import Graph, Surroundings, build
from orchestrator.library import Loaded
from orchestrator.recipe import ModelChoice, read_recipe
from orchestrator.stage import (
    Card,
    CardRole,
    Description,
    Field,
    File,
    Gathered,
    Idea,
    Image,
    Many,
    Painter,
    Params,
    Prompt,
    RenderPlan,
    Role,
    Score,
    Sheet,
    Style,
    Template,
    Writer,
    stage,
)
from orchestrator.stage.declaration import spec_of
from orchestrator.stage.registry import Registry


class ExpandParams(Params):
    """Write a prompt."""

    writer: Role[Writer] = Role()
    template: Template = Template(name="game-icon")


class PlanParams(Params):
    """Choose settings."""

    painter: CardRole[Painter] = CardRole()
    style: Style | None = None
    steps: int = Field(default=25, ge=1, le=100, description="denoising steps")


class RenderParams(Params):
    """Draw."""

    painter: Role[Painter] = Role()


class OutlineParams(Params):
    """Outline."""

    width: int = Field(ge=1, le=16, description="outline width, px")


@stage("expand", version=1)
def expand(idea: Idea, params: ExpandParams) -> Prompt:
    return Prompt(subject=idea.text)


@stage("amend", version=1)
def amend(prompt: Prompt) -> Prompt:
    return prompt


@stage("plan", version=1)
def plan(prompt: Prompt, params: PlanParams) -> RenderPlan:
    return RenderPlan(prompt=prompt.subject, width=64, height=64, steps=params.steps, guidance_scale=2)


@stage("render", version=1, variants=True, seeded=True)
def render(plan: RenderPlan, params: RenderParams) -> Image:
    raise NotImplementedError


@stage("outline", version=1)
def outline(image: Image, params: OutlineParams) -> Image:
    return image


@stage("compare", version=1)
def compare(first: Image, second: Image, mask: Image | None) -> Sheet:
    raise NotImplementedError


@stage("sheet", version=1)
def sheet(images: Gathered[Image]) -> Sheet:
    raise NotImplementedError


@stage("framed", version=1)
def framed(images: Gathered[Image], frame: Image) -> Sheet:
    raise NotImplementedError


@stage("animate", version=1)
def animate(plan: RenderPlan, image: Image) -> Many[Image]:
    raise NotImplementedError


@stage("move", version=1)
def move(image: Image) -> Many[Image]:
    raise NotImplementedError


class PictureParams(Params):
    """A picture from a file."""

    file: File


@stage("picture", version=1)
def picture(params: PictureParams) -> Image:
    raise NotImplementedError


@stage("noise", version=1, seeded=True, variants=True)
def noise(image: Image) -> Image:
    raise NotImplementedError


@stage("rate", version=1)
def rate(image: Image) -> Score:
    raise NotImplementedError


class ShiftParams(Params):
    """Shift."""

    width: int = 1
    mode: Literal["darken", "lighten"] = "darken"


@stage("shift", version=1)
def shift(image: Image, score: Score, params: ShiftParams, mask: Image | None = None) -> Image:
    return image


@stage("replan", version=1)
def replan(plan: RenderPlan) -> RenderPlan:
    return plan


@stage("redraw", version=1, seeded=True)
def redraw(image: Image, plan: RenderPlan, params: RenderParams) -> Image:
    return image


class RampParams(Params):
    """From low to high."""

    low: int
    high: int

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low >= self.high:
            raise ValueError("low must be below high")
        return self


@stage("ramp", version=1)
def ramp(params: RampParams) -> Image:
    raise NotImplementedError


FUNCTIONS = (
    ramp,
    replan, redraw,
    rate, shift,
    expand, amend, plan, render, outline, compare, sheet, framed, animate, move, picture, noise,
)  # fmt: skip
ALL = [spec_of(function) for function in FUNCTIONS]
SHELVES = {"template": ("game-icon", "portrait"), "style": ("flat", "pixel"), "file": ("a.png", "b.png")}


def described(choice: ModelChoice) -> Description:
    """A description that says what the recipe says."""
    card = Card(name=f"card of {choice.source}", kind=choice.kind)
    return Description(choice.role, choice.kind, str(choice.source), f"sha256:{choice.source}", card)


def surroundings() -> Surroundings:
    """A registry of the stages above, models that are as they say, and a library of names."""
    return Surroundings(
        registry=Registry({}, [spec for spec in ALL if spec is not None]),
        describe=described,
        find_resource=lambda room, name: (
            Loaded(lambda: (f"sha256:{room}/{name}", name)) if name in SHELVES[room] else None
        ),
        resource_names=lambda room: SHELVES[room],
    )


def built(text: str) -> tuple[Graph | None, tuple[Diagnostic, ...]]:
    """The graph of a recipe, `recipe:` and `name:` put before it, and its findings."""
    return build(read_recipe(HEAD + text, "recipe.yaml"), surroundings())


def graph_of(text: str) -> Graph:
    """The graph of a recipe without errors."""
    graph, findings = built(text)
    assert graph is not None, findings
    return graph


def codes(text: str) -> list[tuple[str, int]]:
    """(code, line) of each finding; lines count from the first of `text`."""
    _, findings = built(text)
    return [
        (finding.code, (finding.span.line if finding.span else 0) - HEAD.count("\n")) for finding in findings
    ]


HEAD = "recipe: 1\nname: test\n"
