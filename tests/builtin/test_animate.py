from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as PillowImage

from orchestrator.builtin.animate import Animate, animate, strengths
from orchestrator.errors import Cancelled
from orchestrator.stage import Context, Image, Many, RenderPlan, StageFailure
from orchestrator.stage.declaration import spec_of
from orchestrator.stage.many import many_of
from orchestrator.testing import PatternPainter, context
from tests.builtin.opened import opened_by

BASE = Image.of(PillowImage.radial_gradient("L").resize((64, 64)).convert("RGB"))


def desk(**more: object) -> Context:
    return context(Animate(), models={"painter": PatternPainter()}, **more)


def plan(prompt: str = "a cat") -> RenderPlan:
    return RenderPlan(prompt=prompt, width=64, height=64, steps=3, guidance_scale=2)


def loop(frames: int = 4, seed: int = 1, base: Image = BASE, **more: float) -> Many[Image]:
    ctx = desk(seed=seed)
    return animate(plan(), base, Animate(frames=frames, **more), ctx)


@given(st.integers(2, 64), st.floats(0.02, 1))
def test_the_path_rises_and_falls_and_closes(frames: int, most: float) -> None:
    path = strengths(frames, most)
    assert len(path) == frames
    assert path[0] == 0
    assert path[1:] == path[:0:-1]
    half = path[: frames // 2 + 1]
    assert half == sorted(half)
    assert max(path) <= round(most, 3)
    if frames % 2 == 0:
        assert max(path) == round(most, 3)


def test_the_first_frame_is_the_picture_and_the_farthest_the_middle() -> None:
    frames = loop(8, strength=0.8)
    assert len(frames) == 8
    assert frames[0] == BASE
    assert all(frames[at] == frames[-at] for at in range(1, 8))
    assert len({frame.digest for frame in frames}) == 5


def test_the_seed_decides_and_no_frame_stands_still() -> None:
    assert loop().digest == loop().digest
    assert loop().digest != loop(seed=2).digest
    assert loop()[1] != loop()[0] != loop()[2]


def test_a_picture_of_another_size_is_fitted_in_every_frame() -> None:
    small = Image.of(PillowImage.new("RGBA", (20, 10), (255, 0, 0, 0)))
    assert {(frame.size, frame.mode) for frame in loop(base=small)} == {((64, 64), "RGB")}


def test_only_what_differs_is_painted_and_the_strengths_are_noted() -> None:
    seen: list[tuple[int, int]] = []
    ctx = desk(on_step=lambda done, total: seen.append((done, total)))
    animate(plan(), BASE, Animate(frames=4, strength=0.4), ctx)
    assert seen[-1] == (6, 6)
    assert ctx.notes[0]["strengths"] == [0, 0.2, 0.4, 0.2]
    assert ctx.notes[0]["tokens"] == {"count": 2, "limit": 77}


def test_a_frame_that_fails_fails_the_loop() -> None:
    with pytest.raises(StageFailure, match=r"the frame of strength 0\.2 failed: .*refuse") as caught:
        animate(plan("refuse"), BASE, Animate(), desk())
    assert caught.value.code == "E522"


def test_cancellation_reaches_the_painter() -> None:
    with pytest.raises(Cancelled):
        animate(plan(), BASE, Animate(), desk(cancelled=lambda: True))


def test_it_opens_no_file() -> None:
    frames, opened = opened_by(loop)
    assert len(frames) == 4
    assert opened == []


def test_the_declaration() -> None:
    spec = spec_of(animate)
    assert spec is not None
    assert (spec.output, spec.variants, spec.seeded) == (many_of(Image), True, True)
