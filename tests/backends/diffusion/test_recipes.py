"""Whole recipes over tiny checkpoints: the ready one for Stable Diffusion 1.4, and objects handed in."""

from __future__ import annotations

from pathlib import Path

import pytest

import orchestrator
from orchestrator.backends.llm.scripted import ScriptedWriter
from orchestrator.config import Settings

COMMIT = "133a221b8aa7292a167afc5127cb63fb5005638b"


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub" / "models--CompVis--stable-diffusion-v1-4" / "snapshots"


def test_the_ready_recipe_draws_with_the_pinned_commit_out_of_the_cache(
    hub: Path, sd14: Path, settings: Settings
) -> None:
    hub.mkdir(parents=True)
    (hub / COMMIT).symlink_to(sd14, target_is_directory=True)
    ideas = {"idea": ["fire sword", "一只可爱的猫咪"]}
    models = {"writer": ScriptedWriter()}
    run = orchestrator.run("stable-diffusion-1-4", items=ideas, models=models, settings=settings)
    assert not run.failures
    assert [picture.size for picture in run.pictures] == [(64, 64)] * 2
    assert len(run.sheets) == 1
    plans = [plan for plan in run.settings if plan is not None]
    assert [(plan.steps, plan.guidance_scale, plan.scheduler) for plan in plans] == [
        (50, 7.5, "PNDMScheduler")
    ] * 2
    assert plans[0].prompt.startswith("fire sword")
    assert "cat" in plans[1].prompt


@pytest.mark.usefixtures("hub")
def test_without_network_and_cache_the_finding_says_how_to_get_the_model(settings: Settings) -> None:
    with pytest.raises(orchestrator.InvalidInput) as caught:
        orchestrator.run("stable-diffusion-1-4", settings=settings)
    (found,) = caught.value.findings
    assert found.code == "E310"
    assert found.fix == f"hf download CompVis/stable-diffusion-v1-4 --revision {COMMIT}"
    assert found.span is not None
    assert found.span.file.endswith("stable-diffusion-1-4.yaml")


def test_a_pipeline_object_draws_in_a_run(sd14: Path, settings: Settings) -> None:
    from diffusers import StableDiffusionPipeline

    pipe = StableDiffusionPipeline.from_pretrained(
        sd14, safety_checker=None, feature_extractor=None, use_safetensors=True
    )
    given = {"painter": orchestrator.painter(pipe, identity="studio-sd@1"), "writer": ScriptedWriter()}

    def drawn() -> orchestrator.Run:
        return orchestrator.run(
            "item-icons",
            items={"idea": ["fire sword"]},
            models=given,
            overrides=["plan.steps=2"],
            settings=settings,
        )

    first, second = drawn(), drawn()
    assert not first.failures
    assert first.pictures[0].tobytes() == second.pictures[0].tobytes()
    assert (
        second.results.items[next(place for place in second.results.items if place[0] == "render")].outcome
        == "stored"
    )
