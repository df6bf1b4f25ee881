"""Painting over a picture: the image-to-image pipeline over the components of a text-to-image one."""

from __future__ import annotations

import inspect
import math
from typing import Any

from orchestrator.errors import StageFailure

LEAST_STEPS = 4
"""Steps that are really done, however weak the strength is (never more than the plan has)."""


def over_pictures(pipe: Any) -> Any:
    """The image-to-image pipeline of the same components, which loads nothing; E525 where there is none."""
    from diffusers import AutoPipelineForImage2Image

    if _paints_over(pipe):
        return pipe
    try:
        made: Any = AutoPipelineForImage2Image.from_pipe(pipe)
    except (ValueError, AttributeError) as error:
        raise _cannot(pipe) from error
    if not _paints_over(made):
        raise _cannot(pipe)
    made.set_progress_bar_config(disable=True)
    return made


def _paints_over(pipe: Any) -> bool:
    return {"image", "strength"} <= set(inspect.signature(type(pipe).__call__).parameters)


def _cannot(pipe: Any) -> StageFailure:
    name = type(pipe).__name__
    return StageFailure(
        f"the painter, a {name}, cannot paint over a picture",
        code="E525",
        help="name a painter of another family, such as Stable Diffusion, SDXL or SD3",
    )


def steps_done(steps: int, strength: float) -> int:
    """How many steps are done from a picture of this strength on: its part of the plan's, at least a few."""
    return max(math.ceil(steps * strength - 1e-9), min(steps, LEAST_STEPS))


def whole_way(steps: int, strength: float) -> int:
    """The number of steps of the whole way, of which a pipeline does the last `strength` part.

    Pipelines round that part down to whole steps: 12 steps at 0.15 would begin at 1/12 of the noise. Here it
    is chosen so that the way begins close to the strength.
    """
    done = steps_done(steps, strength)
    whole = math.ceil(done / strength - 1e-9)
    return whole if int(whole * strength) >= done else whole + 1
