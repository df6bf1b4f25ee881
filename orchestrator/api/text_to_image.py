"""`pipeline(...)`: the lines that people know, over expand → plan → render."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from orchestrator.api.locate import Located
from orchestrator.api.result import Run
from orchestrator.api.run_recipe import Part, Watch, run_checked
from orchestrator.api.validate import Request, check_located
from orchestrator.config import Settings, settings_from
from orchestrator.errors import StageFailure
from orchestrator.stage.canonical import canonical_json

if TYPE_CHECKING:
    from PIL import Image as PillowImage

_RECIPE = """\
recipe: 1
name: text-to-image
seed: {seed}
models:
  writer: {{llm: embedded}}
  painter: {{diffusion: embedded}}
items:
  idea: [idea]
stages:
  expand: {{use: expand}}
  plan: {{use: plan}}
  render: {{use: render}}
"""

_FAMILIAR = {"num_inference_steps": "steps"}
"""Names of diffusers' call arguments, and what `plan` calls them."""


@dataclass(frozen=True)
class TextToImage:
    """A callable that draws one idea; made by `pipeline`."""

    painter: object
    writer: object
    settings: Settings = field(repr=False)

    def __call__(self, prompt: str, *, seed: int = 0, **choices: object) -> PillowImage.Image:
        """Draws an idea: expand → plan → render.

        Args:
            prompt: the idea, as terse as one likes, English or Chinese.
            seed: of the recipe; the same seed gives the same picture.
            choices: params of `plan`, also by their names in diffusers: num_inference_steps, guidance_scale,
                negative_prompt, width, height, scheduler, style.

        Raises:
            InvalidInput: an unknown or mistyped argument, a model that cannot be described.
            StageFailure: the picture cannot be made.
        """
        run = self.run(prompt, seed=seed, **choices)
        for failure in run.failures.values():
            raise StageFailure(failure.message, code=failure.code, help=failure.help)
        return run.pictures[0]

    def run(self, prompt: str, *, seed: int = 0, **choices: object) -> Run:
        """As the call, but gives the whole run: prompt, settings, seed, notes."""
        located = Located(_RECIPE.format(seed=int(seed)).encode(), "<pipeline>", Path())
        request = Request(
            items={"idea": [prompt]},
            models=self._models(),
            overrides=_overrides(choices),
        )
        checked = check_located(located, request, self.settings)
        return run_checked(checked, self.settings, None, Part(), Watch())

    def _models(self) -> Mapping[str, object]:
        given = {"painter": self.painter, "writer": self.writer}
        return {role: _source(model) for role, model in given.items() if model is not None}


def pipeline(
    task: str = "text-to-image",
    model: object | None = None,
    *,
    writer: object | None = None,
    settings: Settings | None = None,
) -> TextToImage:
    """A text-to-image generator that rewrites ideas before it draws them.

    Args:
        task: "text-to-image" is the only one.
        model: None (the embedded painter), a folder or `huggingface:REPO@REVISION`, or a diffusers pipeline.
        writer: the language model, in the same forms.
        settings: of the operator; from the environment unless given.
    """
    if task != "text-to-image":
        raise ValueError(f"the task must be 'text-to-image', not {task!r}")
    return TextToImage(painter=model, writer=writer, settings=settings or settings_from())


def _source(model: object) -> object:
    """A folder as a recipe writes it: absolute, with forward slashes."""
    if isinstance(model, Path) or (isinstance(model, str) and Path(model).is_dir()):
        return Path(model).resolve().as_posix()
    return model


def _overrides(choices: Mapping[str, object]) -> list[str]:
    named = {_FAMILIAR.get(name, name): value for name, value in choices.items()}
    return [f"plan.{name}={canonical_json(value).decode()}" for name, value in named.items()]
