"""A run as data, made by hand."""

from __future__ import annotations

from orchestrator.report import FailureReport, ModelReport, PictureReport, PromptReport, RunReport
from orchestrator.stage import Image


def _png(colour: str) -> bytes:
    from PIL import Image as PillowImage

    return Image.of(PillowImage.new("RGB", (64, 64), colour)).encode()


def picture(idea: str, member: str, style: str = "flat", translation: str = "") -> PictureReport:
    post = [{"step": "pixel-grid", "cells": 32, "colours": 24}] if style == "pixel" else []
    made = PromptReport(
        stage="plan",
        coordinates={"idea": member, "style": style},
        idea=idea,
        translation=translation,
        prompt={
            "subject": translation or idea,
            "colour": "red",
            "details": ["glowing edge", "runes"],
            "view": "",
        },
        settings={"prompt": f"a red {idea}", "steps": 25, "guidance_scale": 3.0, "width": 64, "post": post},
        reasons={"steps": "the card's default", "colour": "fire is red"},
    )
    return PictureReport(
        name=f"{member}_{style}.png",
        stage="render",
        coordinates={"idea": member, "style": style},
        width=64,
        height=64,
        made=made,
        seed=42,
        identity="sha256:aa",
        artifact="sha256:bb",
        model="embedded painter",
        png=lambda: _png("red" if style == "flat" else "blue"),
    )


def sample_run() -> RunReport:
    return RunReport(
        name="item-icons",
        recipe="pipelines/item-icons.yaml",
        run="r1",
        seed=1234,
        seconds=61.2,
        pictures=(
            picture("fire sword", "fire-sword"),
            picture("fire sword", "fire-sword", "pixel"),
            picture("一只可爱的猫咪", "一只可爱的猫咪", "flat", "a cute cat"),
        ),
        failures=(
            FailureReport(
                "render",
                {"idea": "一只可爱的猫咪", "style": "pixel"},
                "out of memory",
                "E521",
                "use a smaller size",
            ),
        ),
        counts={"done": 3, "failed": 1},
        models=(
            ModelReport(
                "painter",
                "diffusion",
                "embedded painter",
                "embedded",
                licence="Apache-2.0",
                attribution=("icons by X",),
            ),
        ),
        dimensions={"idea": ("fire-sword", "一只可爱的猫咪"), "style": ("flat", "pixel")},
        out="out/item-icons",
    )
