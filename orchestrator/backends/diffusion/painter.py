"""Draws plans with a diffusers pipeline: fixed batches, one generator a picture, cancelled between steps."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import torch
from PIL import Image

from orchestrator.backends.diffusion.post import finished
from orchestrator.backends.diffusion.repainting import over_pictures, steps_done, whole_way
from orchestrator.backends.diffusion.tokens import token_notes
from orchestrator.errors import Cancelled, StageFailure
from orchestrator.stage import Card, Failure, PaintReply, PaintRequest, RenderPlan
from orchestrator.stage.schedulers import read_scheduler

Answer = PaintReply | Failure
_EXHAUSTED = ("out of memory", "can't allocate memory", "not enough memory")


@dataclass(slots=True)
class _Progress:
    """Steps of all batches of a call, as the plans count them; some schedulers call the model more often."""

    cancelled: Callable[[], bool]
    on_step: Callable[[int, int], None]
    total: int
    before: int = 0
    steps: int = 0

    def look(self) -> None:
        if self.cancelled():
            raise Cancelled

    def begin(self, steps: int) -> None:
        self.look()
        self.steps = steps

    def step(self, pipe: Any, at: int, *_: Any) -> dict[str, Any]:
        """The callback_on_step_end of diffusers; it changes no tensor."""
        self.look()
        calls = max(int(getattr(pipe, "num_timesteps", 0) or 0), at + 1, self.steps)
        self.on_step(self.before + self.steps * (at + 1) // calls, self.total)
        return {}

    def end(self) -> None:
        self.before += self.steps


class _Brush:
    """A pipeline and the names of what it can be given."""

    def __init__(self, pipe: Any) -> None:
        self.pipe = pipe
        self.takes = frozenset(inspect.signature(type(pipe).__call__).parameters)

    def draw(self, wanted: Mapping[str, Any]) -> tuple[np.ndarray, list[bool]]:
        """The pictures as numbers, as far as the pipeline takes what is wanted, and which it blackened."""
        given = {name: value for name, value in wanted.items() if name in self.takes}
        made = self.pipe(**given)
        images = np.asarray(made.images, dtype=np.float32)
        unsafe = getattr(made, "nsfw_content_detected", None) or [False] * len(images)
        return images, [bool(each) for each in unsafe]


class DiffusersPainter:
    """A Painter over any of diffusers' text-to-image pipelines.

    A picture comes from its plan and seed alone: noise is drawn on the CPU by a generator of its own, and a
    batch always has `card.batch_size` rows, padded by repeating its last request.
    """

    kinds: ClassVar[tuple[str, ...]] = ("diffusion",)
    environment: Mapping[str, str]

    def __init__(self, pipe: Any, card: Card, environment: Mapping[str, str], threads: int) -> None:
        self.environment = {**environment, "batch": str(card.batch_size)}
        self._pipe, self._card, self._threads = pipe, card, threads
        self._scheduler = getattr(pipe, "scheduler", None)
        self._brush, self._over = _Brush(pipe), None
        pipe.set_progress_bar_config(disable=True)

    def paint(
        self,
        requests: Sequence[PaintRequest],
        cancelled: Callable[[], bool],
        on_step: Callable[[int, int], None],
    ) -> Sequence[Answer]:
        """Draws each request; raises Cancelled as soon as the user asked to stop."""
        torch.set_num_threads(self._threads)
        batches = _batches(requests, self._card.batch_size)
        progress = _Progress(cancelled, on_step, sum(_steps(requests[batch[0]]) for batch in batches))
        answers: dict[int, Answer] = {}
        for batch in batches:
            chosen = [requests[at] for at in batch]
            progress.begin(_steps(chosen[0]))
            answers |= zip(batch, self._drawn(chosen, self._card.batch_size, progress), strict=True)
            progress.end()
        return [answers[at] for at in range(len(requests))]

    def _drawn(self, requests: list[PaintRequest], rows: int, progress: _Progress) -> list[Answer]:
        """One batch. If it fails, its halves: out of memory may pass, and a bad request fails alone."""
        try:
            pixels, unsafe = self._pixels(requests, rows, progress)
        except Cancelled:
            raise
        except Exception as error:  # noqa: BLE001 - a pipeline raises anything; the item fails, not the run
            if len(requests) == 1 and rows == 1:
                return [_failure(error, requests[0].plan)]
            rows = max(1, rows // 2)
            _free_memory()
            halves = [requests[at : at + rows] for at in range(0, len(requests), rows)]
            return [answer for half in halves for answer in self._drawn(half, rows, progress)]
        return [
            _blackened() if black else self._answer(request, image, rows)
            for request, image, black in zip(requests, pixels, unsafe, strict=False)
        ]

    def _pixels(
        self, requests: list[PaintRequest], rows: int, progress: _Progress
    ) -> tuple[np.ndarray, list[bool]]:
        padded = requests + [requests[-1]] * (rows - len(requests))
        plan, brush = requests[0].plan, self._brush_for(requests[0])
        if plan.scheduler:
            brush.pipe.scheduler = self._fresh_scheduler(plan.scheduler)
        wanted: dict[str, Any] = {
            "prompt": [request.plan.prompt for request in padded],
            "negative_prompt": [request.plan.negative_prompt for request in padded],
            "width": plan.width,
            "height": plan.height,
            "num_inference_steps": plan.steps,
            "guidance_scale": plan.guidance_scale,
            "generator": [torch.Generator("cpu").manual_seed(request.seed) for request in padded],
            "output_type": "np",
            "callback_on_step_end": progress.step,
            **_pictures(padded),
        }
        if not self._card.takes_negative_prompt:
            del wanted["negative_prompt"]
        return brush.draw(wanted)

    def _brush_for(self, request: PaintRequest) -> _Brush:
        if request.image is None:
            return self._brush
        if self._over is None:
            self._over = _Brush(over_pictures(self._pipe))
        return self._over

    def _fresh_scheduler(self, name: str) -> Any:
        """A scheduler without the state of an earlier picture, on the settings that came with the model."""
        own: Any = self._scheduler
        known: dict[str, Any] = {
            kind.__name__: kind for kind in (type(own), *getattr(own, "compatibles", ()))
        }
        chosen = read_scheduler(name)
        if chosen is None or chosen.name not in known:
            raise ValueError(f"the scheduler {name} cannot run on this model; these can: {', '.join(known)}")
        return known[chosen.name].from_config(own.config, **chosen.settings)

    def _answer(self, request: PaintRequest, image: np.ndarray, rows: int) -> Answer:
        plan = request.plan
        negative = plan.negative_prompt if self._card.takes_negative_prompt else ""
        notes = token_notes(self._pipe, plan.prompt, negative)
        if rows != self._card.batch_size:
            notes["batch"] = rows
        if problem := _unusable(image):
            return Failure(
                f"the painter gave {problem}", "E520", notes=notes,
                help="try another scheduler or guidance; in half precision, ORCHESTRATOR_DTYPE=float32",
            )  # fmt: skip
        picture = Image.fromarray((image * 255).round().astype(np.uint8))
        return finished(picture, plan, notes)


def _batches(requests: Sequence[PaintRequest], size: int) -> list[list[int]]:
    """Positions of requests that may share a call, in batches of at most `size`, in order of appearance."""
    alike: dict[tuple[object, ...], list[int]] = {}
    for at, request in enumerate(requests):
        plan = request.plan
        over = request.image is not None and request.strength
        shared = (plan.width, plan.height, plan.steps, plan.guidance_scale, plan.scheduler, over)
        alike.setdefault(shared, []).append(at)
    return [group[at : at + size] for group in alike.values() for at in range(0, len(group), size)]


def _steps(request: PaintRequest) -> int:
    """The steps that are done."""
    return request.plan.steps if request.image is None else steps_done(request.plan.steps, request.strength)


def _pictures(requests: Sequence[PaintRequest]) -> dict[str, Any]:
    """What a pipeline is told besides, where pictures are painted over."""
    first = requests[0]
    if first.image is None:
        return {}
    return {
        "image": [request.image for request in requests],
        "strength": first.strength,
        "num_inference_steps": whole_way(first.plan.steps, first.strength),
    }


def _blackened() -> Failure:
    return Failure(
        "the model's safety checker took the picture for unsafe and made it black", "E520",
        help="say it in other words, or draw several (`variant: 4`): the checker errs at times",
    )  # fmt: skip


def _unusable(image: np.ndarray) -> str:
    if not np.isfinite(image).all():
        return "values that are no numbers (NaN)"
    return "" if image.max() > 1 / 255 else "a picture that is black all over"


def _failure(error: Exception, plan: RenderPlan) -> Failure:
    if isinstance(error, StageFailure):
        return Failure(str(error), error.code, error.help)
    text = str(error).strip() or type(error).__name__
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)) or any(sign in text for sign in _EXHAUSTED):
        return Failure(
            f"not enough memory to draw one picture of {plan.width}×{plan.height}", "E521",
            help="pin a smaller width and height on `plan`, or close other programs that use the device",
        )  # fmt: skip
    return Failure(f"the painter failed: {text.splitlines()[0]}", "E522", help="pin other settings on `plan`")


def _free_memory() -> None:
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
