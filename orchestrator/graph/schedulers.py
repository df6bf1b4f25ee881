"""Schedulers that a painter lacks, and steps that one cannot do, as far as a recipe pins them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from orchestrator.errors import Diagnostic, Edit, Span
from orchestrator.errors.edits import respelt
from orchestrator.errors.suggest import near_to
from orchestrator.graph.item_reference import ItemReference
from orchestrator.graph.stage_node import StageNode
from orchestrator.recipe.findings import is_in_table
from orchestrator.recipe.model import Recipe
from orchestrator.stage import Description, RenderPlan
from orchestrator.stage.schedulers import SETTINGS, advice, can_run, read_scheduler

_SCHEDULER: Final = "scheduler"
_STEPS: Final = "steps"
_MOST_STEPS: Final = 1000
"""Of `RenderPlan.steps`."""


def unfit_settings(
    nodes: Mapping[str, StageNode], models: Mapping[str, Description], recipe: Recipe
) -> Iterator[Diagnostic]:
    """E524 for schedulers, E527 for numbers of steps, of all stages that plan for a painter."""
    for node in nodes.values():
        if node.spec.output is not RenderPlan or _SCHEDULER not in node.spec.params.model_fields:
            continue
        for painter in dict.fromkeys(models[role] for _, role in node.all_roles if role in models):
            if painter.card.schedulers:
                yield from _unfit(node, painter, recipe)


def _unfit(node: StageNode, painter: Description, recipe: Recipe) -> Iterator[Diagnostic]:
    known = painter.card.schedulers
    pinned = [each for each in _pinned(node, _SCHEDULER, recipe) if isinstance(each[0], str)]
    lacking = {str(name): span for name, span in pinned if not can_run(str(name), known)}
    for name, span in lacking.items():
        yield _no_scheduler(name, span, painter)
    sound = [str(name) for name, _ in pinned if str(name) not in lacking] or ([] if pinned else [known[0]])
    for steps, span in _pinned(node, _STEPS, recipe):
        for name in dict.fromkeys(sound):
            if isinstance(steps, int) and (finding := _wrong_steps(steps, span, name, painter)) is not None:
                yield finding


def _pinned(node: StageNode, param: str, recipe: Recipe) -> Iterator[tuple[object, Span]]:
    """The values that a recipe gives a param, each with its place."""
    value = node.values.get(param)
    entry = next((entry for entry in recipe.stages if entry.name == node.name), None)
    if isinstance(value, ItemReference):
        dimension = recipe.dimension(value.dimension)
        for record in dimension.records if dimension is not None else ():
            yield record.fields.get(value.field), record.span
    elif value is not None and entry is not None and param in entry.params:
        yield value, entry.params[param].node.span


def _no_scheduler(name: str, span: Span, painter: Description) -> Diagnostic:
    known = painter.card.schedulers
    meant, instead = advice(name, known)
    if meant and meant != instead:
        help_ = f"{name!r} is diffusers' {meant}, which it cannot run on; {instead} comes nearest"
    else:
        help_ = f"write `{instead}`" if instead else "name one that it can run on"
    return Diagnostic(
        code="E524",
        message=f"{painter.card.name} has no scheduler {name!r}",
        span=span,
        why=f"It can run on {', '.join(known)}.",
        help=help_,
        fix=instead,
        edits=_respelt(name, span, instead) if instead == meant or _is_clear(name, instead) else (),
    )


def _is_clear(name: str, instead: str) -> bool:
    """Whether a class of diffusers was misspelt so that no other can be meant."""
    near = near_to(name, (*SETTINGS, instead)) if instead else None
    return near is not None and near.clear and near.name == instead


def _respelt(name: str, span: Span, instead: str) -> tuple[Edit, ...]:
    return () if is_in_table(span) or not instead else respelt(name, span, instead)


def _wrong_steps(steps: int, span: Span, name: str, painter: Description) -> Diagnostic | None:
    """E527 where the scheduler does no so many, or no so few."""
    read = read_scheduler(name)
    if read is None or read.name not in painter.steps or read.settings:
        return None  # with other settings its bounds are others
    if not 1 <= steps <= _MOST_STEPS:
        return None  # which the param itself refuses
    least, most = painter.steps[read.name]
    if least <= steps <= most:
        return None
    bound = f"at most {most}" if steps > most else f"at least {least}"
    return Diagnostic(
        code="E527",
        message=f"{read.name} does {bound} steps on {painter.card.name}, not {steps}",
        span=span,
        why="So many noise levels it was made for, and with others it fails or gives no picture.",
        help=f"write a number from {least} to {most}, or leave `steps` out: {painter.card.steps} are its own",
        fix=str(max(least, min(most, steps))),
    )
