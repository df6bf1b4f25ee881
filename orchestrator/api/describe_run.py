"""A run as plain data: assets and results turned into what the page, the notebook and terminals show."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import cast

from orchestrator.api.assets import Asset
from orchestrator.api.finished_run import FinishedRun
from orchestrator.api.outputs import file_name, metadata_of
from orchestrator.api.review_items import reviews_of
from orchestrator.export import Written, png_with_metadata
from orchestrator.report import FailureReport, ModelReport, PictureReport, PromptReport, RunReport
from orchestrator.report.wiring import wiring_of
from orchestrator.runtime import ItemResult
from orchestrator.stage import Description, Picture
from orchestrator.stage.canonical import digest_of


def report_of(run: FinishedRun, out: Path | None, written: Written | None) -> RunReport:
    """The run as its report; `out` is the folder that it goes to, `written` what stands there already."""
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
        pictures=tuple(_picture(run, asset) for asset in drawn),
        sheets=tuple(_picture(run, asset) for asset in run.assets if asset not in run.items),
        prompts=() if drawn else tuple(_made(asset) for asset in run.items),
        failures=tuple(_failure(stage, dict(at), result) for (stage, at), result in run.failures.items()),
        reviews=reviews_of(run),
        counts=run.results.counts,
        models=tuple(
            _model(model) for role, model in graph.models.items() if role not in graph.review.unresolved
        ),
        dimensions={
            dimension.name: tuple(record.id for record in dimension.records)
            for dimension in graph.recipe.dimensions
        },
        warnings=(*(finding.message for finding in run.checked.findings), *_warnings(run)),
        out=out.as_posix() if out else "",
        kept=tuple(written.kept) if written else (),
        partial=run.partial,
        wiring=wiring_of(graph),
    )


def _is_picture(asset: Asset) -> bool:
    return asset.graph.nodes[asset.stage].gives_files


def _picture(run: FinishedRun, asset: Asset) -> PictureReport:
    picture = cast("Picture", asset.artifact)
    return PictureReport(
        name=file_name(asset, asset.graph, run.ends),
        stage=asset.stage,
        coordinates=asset.coordinates,
        width=picture.size[0],
        height=picture.size[1],
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
        png=partial(_png, asset),
    )


def _png(asset: Asset) -> bytes:
    return png_with_metadata(cast("Picture", asset.artifact), metadata_of(asset))


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


def _model(model: Description) -> ModelReport:
    card = model.card
    return ModelReport(
        model.role, model.kind, card.name, model.source, model.identity, card.licence, tuple(card.attribution)
    )


def _warnings(run: FinishedRun) -> list[str]:
    """What stages noted as a warning, each once."""
    noted = [
        str(notes["warning"]) for asset in run.assets for notes in asset.notes.values() if "warning" in notes
    ]
    return list(dict.fromkeys(noted))


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}
