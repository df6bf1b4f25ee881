from __future__ import annotations

import numpy as np
import pytest
from PIL import Image as PillowImage

from orchestrator.builtin.repaint import Repaint, repaint
from orchestrator.errors import Cancelled
from orchestrator.stage import Failure, Image, RenderPlan, batch_of
from orchestrator.stage.declaration import spec_of
from orchestrator.testing import PatternPainter, context
from tests.builtin.opened import opened_by


def plan(prompt: str = "a happy cat", width: int = 64, height: int = 64) -> RenderPlan:
    return RenderPlan(prompt=prompt, width=width, height=height, steps=3, guidance_scale=2)


def base(mode: str = "RGB", size: tuple[int, int] = (64, 64)) -> Image:
    return Image.of(PillowImage.radial_gradient("L").resize(size).convert(mode))


def painted(
    *pairs: tuple[RenderPlan, Image], seeds: tuple[int, ...] = (), **params: object
) -> list[Image | Failure]:
    asked = Repaint.checked(params)
    ctx = context(asked, seeds=seeds or (1,) * len(pairs), models={"painter": PatternPainter()})
    plans, images = zip(*pairs, strict=True)
    return list(repaint(batch_of(plans), batch_of(images), asked, ctx))


def away(image: Image | Failure, other: Image) -> float:
    assert isinstance(image, Image), image
    return float(np.abs(np.asarray(image.pil, float) - np.asarray(other.pil, float)).mean())


def test_strength_says_how_much_changes() -> None:
    distances = [away(painted((plan(), base()), strength=s)[0], base()) for s in (0.1, 0.4, 0.7, 1.0)]
    assert distances == sorted(distances)
    assert distances[0] < distances[-1] / 5


def test_plan_seed_and_picture_decide() -> None:
    asked = plan(), base()
    sad, turned = plan("a sad cat"), Image.of(base().pil.rotate(90).point(lambda value: 255 - value))
    results = painted(asked, asked, asked, (sad, base()), (plan(), turned), seeds=(1, 1, 2, 1, 1))
    assert results[0] == results[1]
    assert len({hash(result) for result in results}) == 4


def test_the_result_has_the_plans_size_whatever_the_picture_has() -> None:
    for size in ((64, 64), (16, 16), (300, 100), (100, 300)):
        (result,) = painted((plan(width=96, height=48), base(size=size)))
        assert isinstance(result, Image)
        assert (result.size, result.mode) == ((96, 48), "RGB")


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "I;16"])
def test_every_mode_is_painted_over(mode: str) -> None:
    picture = base() if mode == "I;16" else base(mode)
    if mode == "I;16":
        picture = Image.of(PillowImage.fromarray(np.asarray(base("L").pil).astype(np.uint16) * 257))
        assert picture.mode == mode
    assert painted((plan(), picture), strength=0.3) == painted((plan(), base()), strength=0.3)


def test_what_is_transparent_shows_the_ground() -> None:
    clear = Image.of(PillowImage.new("RGBA", (64, 64), (9, 9, 9, 0)))
    red = Image.of(PillowImage.new("RGB", (64, 64), "#ff0000"))
    assert painted((plan(), clear), ground="#ff0000") == painted((plan(), red))


def test_one_failure_leaves_the_others() -> None:
    bad, good = painted((plan("refuse"), base()), (plan(), base()))
    assert isinstance(bad, Failure)
    assert isinstance(good, Image)


def test_cancellation_reaches_the_painter() -> None:
    ctx = context(Repaint(), models={"painter": PatternPainter()}, cancelled=lambda: True)
    with pytest.raises(Cancelled):
        repaint(batch_of([plan()]), batch_of([base()]), Repaint(), ctx)


def test_it_opens_no_file() -> None:
    results, opened = opened_by(lambda: painted((plan(), base("RGBA", (50, 70)))))
    assert isinstance(results[0], Image)
    assert opened == []


def test_the_declaration() -> None:
    spec = spec_of(repaint)
    assert spec is not None
    assert (spec.batch, spec.variants, spec.seeded) == (True, True, True)
    assert [port.name for port in spec.inputs] == ["plan", "image"]
