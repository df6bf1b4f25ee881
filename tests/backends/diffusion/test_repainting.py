from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from orchestrator.backends.diffusion.painter import DiffusersPainter
from orchestrator.backends.diffusion.pattern import PatternPainter
from orchestrator.backends.diffusion.repainting import LEAST_STEPS, steps_done, whole_way
from orchestrator.backends.load import Loader
from orchestrator.config import Settings
from orchestrator.errors import Cancelled
from orchestrator.stage import Card, Description, Failure, Painter, PaintReply, PaintRequest, RenderPlan
from tests.backends.diffusion import tiny_checkpoints

Describe = Callable[..., Description]
FAMILIES = (
    tiny_checkpoints.stable_diffusion_1_4,
    tiny_checkpoints.stable_diffusion_xl,
    tiny_checkpoints.stable_diffusion_3,
    tiny_checkpoints.flux,
)
BASE = Image.linear_gradient("L").resize((64, 64)).convert("RGB")


def plan(prompt: str = "fire sword", scheduler: str = "DDIMScheduler", steps: int = 4) -> RenderPlan:
    return RenderPlan(
        prompt=prompt, width=64, height=64, steps=steps, guidance_scale=5.0, scheduler=scheduler
    )


def over(strength: float = 0.5, seed: int = 1, base: Image.Image = BASE, **more: Any) -> PaintRequest:
    return PaintRequest(plan(**more), seed, base, strength)


def draw(model: Painter, *requests: PaintRequest) -> list[bytes]:
    replies = model.paint(requests, lambda: False, lambda *_: None)
    assert all(isinstance(reply, PaintReply) for reply in replies), replies
    return [reply.image.tobytes() for reply in replies if isinstance(reply, PaintReply)]


@pytest.fixture
def model(sd14: Path, describe: Describe, settings: Settings) -> Painter:
    return Loader(settings)(describe(sd14))  # type: ignore[return-value]


@pytest.mark.parametrize("make", FAMILIES, ids=lambda make: make.__name__)
def test_every_family_paints_over_pictures(
    make: Callable[[Path], Path], describe: Describe, settings: Settings, tmp_path: Path
) -> None:
    described = describe(make(tmp_path / "model"))
    model: Any = Loader(settings)(described)
    scheduler = described.card.schedulers[0]
    first, second, other, weak, drawn = draw(
        model,
        over(scheduler=scheduler),
        over(scheduler=scheduler),
        over(scheduler=scheduler, seed=2),
        over(scheduler=scheduler, strength=0.1),
        PaintRequest(plan(scheduler=scheduler), 1),
    )
    assert first == second
    assert len({first, other, weak, drawn}) == 4


def test_a_picture_depends_on_its_own_request_alone(model: Painter) -> None:
    (alone,) = draw(model, over(0.5))
    beside = draw(model, PaintRequest(plan("key"), 3), over(0.3, seed=9), over(0.5), over(0.5, prompt="key"))
    assert beside[2] == alone != beside[3]
    flipped = BASE.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    assert draw(model, over(0.5, base=flipped))[0] != alone


def test_a_padded_batch_gives_the_same_bits_whatever_shares_it(sd14: Path) -> None:
    from diffusers import StableDiffusionPipeline

    pipe = StableDiffusionPipeline.from_pretrained(
        sd14, safety_checker=None, feature_extractor=None, use_safetensors=True
    )
    batched = DiffusersPainter(pipe, Card(name="sd", kind="diffusion", batch_size=3), {}, threads=1)
    bases = [BASE, BASE.rotate(90), BASE.rotate(180), BASE.rotate(270)]
    asked = [over(0.5, seed=seed, base=base) for seed, base in enumerate(bases)]
    together = draw(batched, *asked)
    assert [draw(batched, request)[0] for request in asked] == together


@pytest.mark.parametrize("scheduler", ["PNDMScheduler", "EulerDiscreteScheduler", "UniPCMultistepScheduler"])
def test_the_steps_that_are_done_are_counted(model: Painter, scheduler: str) -> None:
    seen: list[tuple[int, int]] = []
    asked = [over(0.5, scheduler=scheduler, steps=12), over(0.1, scheduler=scheduler, steps=12)]
    model.paint(asked, lambda: False, lambda done, total: seen.append((done, total)))
    assert {total for _, total in seen} == {10}
    assert seen[-1][0] == 10
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_cancelling_stops_within_a_step(model: Painter) -> None:
    seen: list[int] = []
    with pytest.raises(Cancelled):
        model.paint([over(1.0, steps=50)], lambda: len(seen) > 2, lambda done, _: seen.append(done))
    assert len(seen) == 3


@given(st.integers(1, 100), st.floats(0.02, 1))
def test_the_way_begins_close_to_the_strength_and_is_never_too_short(steps: int, strength: float) -> None:
    whole, done = whole_way(steps, strength), steps_done(steps, strength)
    begun = int(whole * strength)
    assert min(steps, LEAST_STEPS) <= done <= steps
    assert done <= begun <= done + 1
    assert begun / whole <= strength
    assert strength - begun / whole < 1 / whole
    assert whole <= 1000


class TextAlone:
    """A pipeline of a family that has none for painting over."""

    def __init__(self) -> None:
        self.components: dict[str, object] = {}
        self.config: dict[str, object] = {}

    def set_progress_bar_config(self, **_: object) -> None:
        pass

    def __call__(self, prompt: list[str], generator: list[torch.Generator]) -> Any:
        assert len(generator) == len(prompt)
        return SimpleNamespace(images=np.full((len(prompt), 64, 64, 3), 0.5))


def test_a_family_that_cannot_is_named_and_other_requests_are_drawn() -> None:
    painter = DiffusersPainter(TextAlone(), Card(name="s", kind="diffusion"), {}, 1)
    plain = PaintRequest(plan(scheduler=""), 1)
    bad, good = painter.paint([over(scheduler=""), plain], lambda: False, lambda *_: None)
    assert isinstance(bad, Failure)
    assert bad.code == "E525"
    assert "TextAlone" in bad.message
    assert isinstance(good, PaintReply)


def test_the_double_paints_as_thickly_as_the_strength_says() -> None:
    double = PatternPainter()
    under, faint, thick, bare = draw(double, over(0.02), over(0.3), over(1.0), PaintRequest(plan(), 1))
    away = [np.abs(np.frombuffer(one, np.uint8).astype(int) - np.asarray(BASE).ravel()).mean()
            for one in (under, faint, thick)]  # fmt: skip
    assert away == sorted(away)
    assert away[0] < 5
    assert thick == bare
