"""Findings about a review file on its recipe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from orchestrator.errors import Diagnostic, Label, Span, did_you_mean, unknown
from orchestrator.errors.phrases import some
from orchestrator.errors.unknown import NAME
from orchestrator.recipe.model import VARIANT, Dimension
from orchestrator.recipe.review import ReviewEntry, Setting
from orchestrator.text import Text


def unknown_dimension(name: str, span: Span, valid: Sequence[str]) -> Diagnostic:
    """E260: an item with a dimension that the recipe does not have."""
    return unknown(
        "E260",
        f"the recipe has no dimension {name!r}",
        name,
        span,
        valid,
        why=f"Its dimensions are: {', '.join(valid)}." if valid else "It has no dimension.",
        otherwise="take it out of the item",
    )


def unknown_id(dimension: Dimension, given: Text) -> Diagnostic:
    """E261: an id that no member has; with the line that keeps a corrected member's id."""
    ids = [record.id for record in dimension.records]
    near = did_you_mean(given.value, ids)
    record = dimension.record(near) if near else None
    line = f"{{id: {given.value}, value: {record.fields.get('value', near)}}}" if record else ""
    return Diagnostic(
        code="E261",
        message=f"no member of {dimension.name!r} has the id {given.value!r}",
        span=given.span,
        why=f"The ids are: {some(ids)}. What the file says would be lost without a word.",
        help="name one of them, or take the entry out"
        if dimension.name == VARIANT
        else "if the text was corrected, write the member so and it keeps its seed, file and decisions; else "
        "take the entry out",
        fix="" if dimension.name == VARIANT else line,
    )


def no_item(entry: ReviewEntry) -> Diagnostic:
    """E268: ids of which each is there, and which no item has together."""
    span = next(iter(entry.item.values())).span if entry.item else entry.span
    return Diagnostic(
        code="E268",
        message=f"no item is {_named(entry)}",
        span=span,
        why="Each of these ids is there, but `zip:` or `exclude:` leaves no item that has them all.",
        help="name ids that go together, or take the entry out",
    )


def unknown_stage(setting: Setting, valid: Sequence[str]) -> Diagnostic:
    """E262: `set:` on a stage that the recipe does not have."""
    return unknown(
        "E262",
        f"the recipe has no stage {setting.stage!r}",
        setting.stage,
        setting.value.key_span,
        valid,
        why=f"Its stages are: {', '.join(valid)}.",
        form=f"{NAME}.{setting.param}",
        otherwise="name one of them, or take it out",
    )


def a_role(setting: Setting) -> Diagnostic:
    """E263: a model for one item."""
    return Diagnostic(
        code="E263",
        message=f"{setting.path!r} is a model, and an item has no model of its own",
        span=setting.value.key_span,
        why="Models are one for the whole recipe, so that each is loaded once.",
        help=f"say it to the whole run: `--set {setting.path}=…`",
    )


def elsewhere(setting: Setting, dimension: str) -> Diagnostic:
    """E263: a reference to a dimension that the item does not have."""
    return Diagnostic(
        code="E263",
        message=f"{setting.path!r} names {dimension!r}, over which neither the stage nor the item runs",
        span=setting.value.node.span,
        why="At this item there is no member of it to take the value from.",
        help="write the value itself",
    )


def in_a_condition(setting: Setting, when: Text) -> Diagnostic:
    """E263: a variable that decides whether a stage runs."""
    return Diagnostic(
        code="E263",
        message=f"{setting.path!r} stands in a condition, which is one for all items",
        span=setting.value.key_span,
        why="`when:` may look at the item itself; a variable has one value there.",
        help="name a field of the item in the condition",
        labels=(Label(when.span, "the condition"),),
    )


def unknown_resource(setting: Setting, shelf: str, name: str, valid: Sequence[str]) -> Diagnostic:
    """E220, as in a recipe."""
    return unknown(
        "E220",
        f"there is no {shelf} {name!r}",
        name,
        setting.value.node.span,
        valid,
        why=f"There are: {', '.join(valid)}." if valid else f"The library has no {shelf}.",
        otherwise=f"name one of them, or add a {shelf} of that name",
    )


def at_the_setting(setting: Setting, finding: Diagnostic) -> Diagnostic:
    """What another value of a variable makes wrong in a stage, told of the setting that gives the value."""
    labels = (Label(finding.span, "it stands here"),) if finding.span else ()
    return replace(finding, span=setting.value.node.span, labels=labels, fix="", edits=())


def no_such_item(entry: ReviewEntry, setting: Setting, dimensions: Sequence[str]) -> Diagnostic:
    """E264: an item that nothing below the stage has."""
    item = ", ".join(f"{name}: {entry.item[name].value}" for name in entry.item if name in dimensions)
    return Diagnostic(
        code="E264",
        message=f"{setting.path!r} changes nothing at {_named(entry)}",
        span=setting.value.key_span,
        why=f"Neither {setting.stage!r} nor a stage that takes its output runs over all of these dimensions.",
        help=f"name the dimensions of {setting.stage!r} alone",
        fix=f"item: {{{item}}}",
    )


def no_reroll(entry: ReviewEntry, seeded: Sequence[Sequence[str]]) -> Diagnostic:
    """E265: an attempt that changes no seed."""
    fitting = [[name for name in entry.item if name in dimensions] for dimensions in seeded]
    best = max(fitting, key=len, default=list[str]())
    item = ", ".join(f"{name}: {entry.item[name].value}" for name in best)
    return Diagnostic(
        code="E265",
        message=f"`attempt:` changes nothing at {_named(entry)}",
        span=entry.attempt_span,
        why="It enters the seeds of stages that draw with one and run over all of these dimensions; "
        + (
            f"those that draw run over {' and '.join(', '.join(each) or 'nothing' for each in seeded)}."
            if seeded
            else "no stage here draws with a seed."
        ),
        help="name coordinates that work" if best else "take it out",
        fix=f"item: {{{item}}}" if best else "",
    )


def no_review(review: Text, *, known: bool, gates: Sequence[str]) -> Diagnostic:
    """E266: a decision for a stage that is no review."""
    only = gates[0] if len(gates) == 1 else ""
    return unknown(
        "E266",
        f"{review.value!r} is no review stage" if known else f"the recipe has no stage {review.value!r}",
        review.value,
        review.span,
        gates,
        why=f"Its review stages are: {', '.join(gates)}." if gates else "It has no review stage.",
        otherwise=f"write `review: {only}`" if only else "add a stage with `use: review`, or take this out",
        otherwise_fix=only,
    )


def not_of_the_review(entry: ReviewEntry, review: str, dimensions: Sequence[str]) -> Diagnostic:
    """E267: a decision about an item that the review stage does not have."""
    item = ", ".join(f"{name}: {entry.item[name].value}" for name in dimensions if name in entry.item)
    return Diagnostic(
        code="E267",
        message=f"{review!r} has no item at {_named(entry)}",
        span=entry.decision.span if entry.decision else entry.span,
        why=f"A decision judges one picture, and {review!r} runs over {', '.join(dimensions) or 'nothing'}.",
        help="name the dimensions over which it runs",
        fix=f"item: {{{item}}}",
    )


def _named(entry: ReviewEntry) -> str:
    return ", ".join(entry.coordinates.values()) or "all items"
