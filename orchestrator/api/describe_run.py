"""A run as plain data: assets and results turned into what the page, the notebook and terminals show."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, cast

from orchestrator.api.assets import Asset, is_sheet
from orchestrator.api.locate import Located
from orchestrator.api.outputs import file_name, png_of
from orchestrator.api.portable import shown_source
from orchestrator.api.review_items import reviews_of
from orchestrator.report import FailureReport, ModelReport, PictureReport, PromptReport, RunReport
from orchestrator.report.wiring import wiring_of
from orchestrator.runtime import ItemResult
from orchestrator.stage import Description
from orchestrator.stage.canonical import digest_of

if TYPE_CHECKING:
    from orchestrator.api.finished_run import FinishedRun


def report_of(run: FinishedRun, *, measured: bool = True) -> RunReport:
    """The run as its report; where it is written to stands in no part of it yet.

    A report that is not `measured` has no sizes of pictures, and no picture was read for it.
    """
    graph, located = run.checked.graph, run.checked.located
    drawn = [asset for asset in run.items if _is_picture(asset)]
    return RunReport(
        name=run.name,
        recipe=located.file,
        recipe_digest=digest_of(located.data),
        run=run.results.run,
        seed=graph.recipe.seed,
        started=run.results.started,
        seconds=run.results.seconds,
        pictures=tuple(_picture(run, asset, measured=measured) for asset in drawn),
        sheets=tuple(_picture(run, asset, measured=measured) for asset in run.assets if is_sheet(asset)),
        prompts=() if drawn else tuple(_made(asset) for asset in run.items),
        failures=tuple(_failure(stage, dict(at), result) for (stage, at), result in run.failures.items()),
        reviews=reviews_of(run),
        counts=run.results.counts,
        models=tuple(
            _model(model, located)
            for role, model in graph.models.items()
            if role not in graph.review.unresolved
        ),
        dimensions={
            dimension.name: tuple(record.id for record in dimension.records)
            for dimension in graph.recipe.dimensions
        },
        findings=tuple(finding.message for finding in run.checked.findings),
        warnings=run.warned,
        partial=run.partial,
        wiring=wiring_of(graph),
    )


def _is_picture(asset: Asset) -> bool:
    return asset.graph.nodes[asset.stage].gives_files


def _picture(run: FinishedRun, asset: Asset, *, measured: bool) -> PictureReport:
    width, height = asset.size if measured else (0, 0)
    return PictureReport(
        name=file_name(asset, asset.graph, run.ends),
        stage=asset.stage,
        coordinates=asset.coordinates,
        width=width,
        height=height,
        made=_made(asset) if asset.settings or asset.prompt else None,
        seed=asset.seed if asset.settings else None,
        identity=asset.identity,
        artifact=asset.digest,
        model=asset.model.card.name if asset.model and asset.settings else "",
        model_identity=asset.model.identity if asset.model and asset.settings else "",
        seconds=asset.result.seconds,
        stored=asset.result.outcome == "stored",
        degraded=asset.result.degraded,
        environment=asset.result.environment,
        png=partial(png_of, asset, run.checked.located),
    )


def _made(asset: Asset) -> PromptReport:
    """The steps from the idea to the plan; later stages' reasons win over earlier ones."""
    reasons: dict[str, str] = {}
    translation = ""
    for notes in reversed(list(asset.notes.values())):
        reasons |= {name: str(reason) for name, reason in _mapping(notes.get("reasons")).items()}
        translation = asset.prompt.subject if notes.get("translated") and asset.prompt else translation
        if notes.get("drawn_as"):
            reasons["drawn as"] = str(notes["drawn_as"])
    return PromptReport(
        stage=asset.stage,
        coordinates=asset.coordinates,
        idea=asset.idea,
        translation=translation if translation != asset.idea else "",
        prompt=asset.prompt.model_dump(mode="json") if asset.prompt else {},
        settings=asset.settings.model_dump(mode="json") if asset.settings else {},
        reasons=reasons,
    )


def _failure(stage: str, coordinates: Mapping[str, str], result: ItemResult) -> FailureReport:
    return FailureReport(stage, coordinates, result.message, result.code, result.help)


def _model(model: Description, located: Located) -> ModelReport:
    card, source = model.card, shown_source(model.source, located)
    return ModelReport(
        model.role, model.kind, card.name, source, model.identity, card.licence, tuple(card.attribution)
    )


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}
