"""`pipeline(...)`: the lines that people know, over expand → plan → render."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Self

from orchestrator.api.locate import Located
from orchestrator.api.validate import Checked, Request, check_located
from orchestrator.config import Settings
from orchestrator.errors import Cancelled, StageFailure
from orchestrator.stage.canonical import canonical_json

if TYPE_CHECKING:
    from PIL import Image as PillowImage

    from orchestrator.api.result import Run

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


class TextToImage:
    """A callable that draws one idea; made by `pipeline`. Its models are loaded by the first call and kept.

    `close`, or leaving it as a context, lets them go; so does whoever forgets it.
    """

    def __init__(
        self,
        painter: object,
        writer: object,
        settings: Settings,
        carry_out: Callable[[Checked], Run],
        close: Callable[[], None],
    ) -> None:
        self.painter, self.writer, self._settings = painter, writer, settings
        self._carry_out, self._close = carry_out, weakref.finalize(self, close)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of what it has loaded; a session that it was made in goes on."""
        self._close()

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
            Cancelled: it was stopped by Ctrl-C.
        """
        run = self.run(prompt, seed=seed, **choices)
        if run.results.interrupted:
            raise Cancelled
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
        return self._carry_out(check_located(located, request, self._settings))

    def _models(self) -> Mapping[str, object]:
        given = {"painter": self.painter, "writer": self.writer}
        return {role: _source(model) for role, model in given.items() if model is not None}


def refuse_other(task: str) -> None:
    """ValueError for a task that is not ours."""
    if task != "text-to-image":
        raise ValueError(f"the task must be 'text-to-image', not {task!r}")


def _source(model: object) -> object:
    """A folder as a recipe writes it: absolute, with forward slashes."""
    if isinstance(model, Path) or (isinstance(model, str) and Path(model).is_dir()):
        return Path(model).resolve().as_posix()
    return model


def _overrides(choices: Mapping[str, object]) -> list[str]:
    named = {_FAMILIAR.get(name, name): value for name, value in choices.items()}
    return [f"plan.{name}={canonical_json(value).decode()}" for name, value in named.items()]
