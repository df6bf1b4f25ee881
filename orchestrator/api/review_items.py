"""The items of review stages as a person looks at them: the picture, and the entry that would approve it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from orchestrator.api.assets import Asset, steps_of
from orchestrator.api.outputs import png_of
from orchestrator.export import OutputFile
from orchestrator.graph import StageNode
from orchestrator.recipe import slug
from orchestrator.report import ReviewReport
from orchestrator.runtime import ItemResult
from orchestrator.stage.file_stem import stem_of
from orchestrator.work import Coordinates, InputRef, Projection
from orchestrator.work.decisions import Decisions, Verdict

if TYPE_CHECKING:
    from orchestrator.api.finished_run import FinishedRun


def reviews_of(run: FinishedRun) -> tuple[ReviewReport, ...]:
    """Every item of every review stage that has a picture to look at, in the order of the recipe."""
    gates = [node for node in run.checked.graph.nodes.values() if node.spec.gate]
    return tuple(review for node in gates for review in _of_stage(run, node))


def waiting_files(reviews: tuple[ReviewReport, ...]) -> Iterator[OutputFile]:
    """The pictures that wait for a decision."""
    for review in reviews:
        if review.state != "approved":
            yield OutputFile(review.name, review.png)


def _of_stage(run: FinishedRun, node: StageNode) -> Iterator[ReviewReport]:
    graph, decisions = run.checked.graph, Decisions(run.checked.graph)
    projection = Projection(graph, node)
    for (name, at), result in run.results.items.items():
        if name != node.name:
            continue
        given = next(iter(projection.item(at).inputs.values()))
        place = (given.stage, given.coordinates) if isinstance(given, InputRef) else ("", ())
        above = run.results.items.get(place)
        if result.artifact_digest or (above is not None and above.artifact_digest):
            yield _report(run, node, at, result, above, decisions)


def _report(
    run: FinishedRun,
    node: StageNode,
    at: Coordinates,
    result: ItemResult,
    above: ItemResult | None,
    decisions: Decisions,
) -> ReviewReport:
    """The picture of today where there is one, since that is what a new decision would be about."""
    shown = above if above is not None and above.artifact_digest else result
    steps = steps_of(run.checked.graph, run.results, shown.stage, shown.coordinates)
    asset = Asset(run.checked.graph, shown.stage, dict(at), shown, steps)
    stem = stem_of((id_ for _, id_ in at), node.name)
    made_from = decisions.causes.made_from(node.name, at)
    return ReviewReport(
        review=node.name,
        coordinates=dict(at),
        state=_state(decisions.at(node.name, at)),
        idea=asset.idea,
        artifact=shown.artifact_digest,
        approved=result.artifact_digest,
        made_from=made_from,
        name=f"waiting/{node.name}/{stem}.png",
        entry=entry_text(node.name, dict(at), shown.artifact_digest, made_from),
        png=partial(png_of, asset, run.checked.located),
    )


def _state(verdict: Verdict | None) -> str:
    if verdict is None:
        return "waiting"
    return ("stale" if verdict.stale else "approved") if verdict.approved else "rejected"


def entry_text(review: str, item: Mapping[str, str], artifact: str, made_from: str) -> str:
    """The line of a review file that approves a picture."""
    ids = ", ".join(f"{name}: {_id(value)}" for name, value in item.items())
    return (
        f"- {{item: {{{ids}}}, review: {review}, decision: approved, artifact: {artifact}, "
        f"made_from: {made_from}}}"
    )


def _id(value: str) -> str:
    """An id as YAML reads it back: in quotes where it could be taken for a number or a word of YAML's."""
    is_number = value.isascii() and value.isdecimal() and str(int(value)) == value
    is_word = slug(value) == value and not value[0].isdigit() and value not in {"true", "false", "null"}
    return value if is_number or is_word else json.dumps(value, ensure_ascii=False)
