"""A run as one JSON document: `run.json`, and what `run --json` prints."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

from orchestrator.report.model import FailureReport, PictureReport, PromptReport, ReviewReport, RunReport

FORMAT = 2
"""Raised when a field changes its meaning; new fields may come without. 2: seeds are texts, for JavaScript's
numbers end at 53 bits."""


def as_document(report: RunReport) -> dict[str, object]:
    """Plain JSON values; names are those of the report's classes."""
    return {
        "format": FORMAT,
        "recipe": {"name": report.name, "file": report.recipe, "digest": report.recipe_digest},
        "run": report.run,
        "seed": str(report.seed),
        "started": report.started,
        "seconds": round(report.seconds, 3),
        "counts": dict(report.counts),
        "dimensions": {name: list(ids) for name, ids in report.dimensions.items()},
        "models": [asdict(model) for model in report.models],
        "pictures": [_picture(picture) for picture in report.pictures],
        "sheets": [_picture(sheet) for sheet in report.sheets],
        "prompts": [_prompt(prompt) for prompt in report.prompts],
        **({"reviews": [_review(review) for review in report.reviews]} if report.reviews else {}),
        "failures": [_failure(failure) for failure in report.failures],
        "warnings": [*report.findings, *report.warnings],
        "out": report.out,
        "kept": list(report.kept),
        "blocked": dict(report.blocked),
    }


def run_json(report: RunReport) -> bytes:
    """The file `run.json`."""
    text = json.dumps(as_document(report), ensure_ascii=False, indent=2) + "\n"
    return text.encode(errors="backslashreplace")


def _picture(picture: PictureReport) -> dict[str, object]:
    return {
        "name": picture.name,
        "stage": picture.stage,
        "coordinates": dict(picture.coordinates),
        "width": picture.width,
        "height": picture.height,
        "seed": None if picture.seed is None else str(picture.seed),
        "identity": picture.identity,
        "artifact": picture.artifact,
        "model": picture.model,
        "model_identity": picture.model_identity,
        "seconds": round(picture.seconds, 3),
        "stored": picture.stored,
        "degraded": picture.degraded,
        "environment": dict(picture.environment),
        **({} if picture.made is None else {"made": _prompt(picture.made)}),
    }


def _prompt(prompt: PromptReport) -> dict[str, object]:
    return {
        "stage": prompt.stage,
        "coordinates": dict(prompt.coordinates),
        "idea": prompt.idea,
        "translation": prompt.translation,
        "prompt": _plain(prompt.prompt),
        "settings": _plain(prompt.settings),
        "reasons": dict(prompt.reasons),
    }


def _review(review: ReviewReport) -> dict[str, object]:
    return {
        "review": review.review,
        "coordinates": dict(review.coordinates),
        "state": review.state,
        "artifact": review.artifact,
        "approved": review.approved,
        "made_from": review.made_from,
        "entry": review.entry,
    }


def _failure(failure: FailureReport) -> dict[str, object]:
    return {
        "stage": failure.stage,
        "coordinates": dict(failure.coordinates),
        "code": failure.code,
        "message": failure.message,
        "help": failure.help,
    }


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    """Numbers and texts stay as they are; what JSON lacks becomes its text."""
    return json.loads(json.dumps(dict(values), default=str))
