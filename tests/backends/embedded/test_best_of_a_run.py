"""The shipped painter and CLIP in a run: four pictures are scored, the best is kept."""

from pathlib import Path

import pytest

import orchestrator
from orchestrator.api import Run
from tests.machine import settings_at

STAGES = '''\
"""A prompt without a language model."""

from orchestrator.stage import Idea, Params, Prompt, stage


class Say(Params):
    """Turn the idea into a prompt of its own words."""


@stage("studio.say", version=1)
def say(idea: Idea, params: Say) -> Prompt:
    return Prompt(subject=idea.text)
'''

RECIPE = """\
recipe: 1
name: best
seed: 3
models:
  painter: {diffusion: embedded}
  eye: {clip: embedded}
items:
  idea: [key, pumpkin]
  variant: 4
stages:
  say: {use: studio.say}
  plan: {use: plan, with: {style: flat}}
  render: {use: render}
  score: {use: score}
  best: {use: best-of, gather: [variant]}
"""


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder: Path = tmp_path_factory.mktemp("best")
    (folder / "stages.py").write_text(STAGES, encoding="utf-8")
    (folder / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    settings = settings_at(folder / "store")
    return orchestrator.run(folder / "recipe.yaml", stages_files=[folder / "stages.py"], settings=settings)


def scores(done: Run, idea: str) -> dict[str, float]:
    items = done.results.items
    return {
        dict(place)["variant"]: result.artifact().value
        for (stage, place), result in items.items()
        if stage == "score" and dict(place)["idea"] == idea
    }


def test_nothing_fails(done: Run) -> None:
    assert done.failures == {}
    assert len(done.items) == 2


def test_the_picture_with_the_highest_score_is_kept(done: Run) -> None:
    for item in done.items:
        found = scores(done, item.coordinates["idea"])
        best = max(found, key=lambda variant: found[variant])
        assert item.result.notes["best"] == {"variant": best}


def test_the_scorer_sees_what_was_asked_for(done: Run) -> None:
    nouns = [
        result.artifact().aspects["noun"]
        for (stage, _), result in done.results.items.items()
        if stage == "score"
    ]
    assert sorted(nouns)[len(nouns) // 2] > 0.5
