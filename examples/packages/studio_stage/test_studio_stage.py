"""How a stage is tested: it is a function, and `orchestrator.testing` has what a run would give it."""

import pytest
from PIL import Image as PillowImage
from studio_stage import Shadow, shadow

from orchestrator.stage import Image, StageFailure
from orchestrator.testing import context


def test_the_shadow_falls_under_the_subject() -> None:
    picture = PillowImage.new("RGBA", (8, 8))
    picture.paste("red", (2, 2, 4, 4))
    ctx = context(Shadow(down=2, blur=0))
    made = shadow(Image.of(picture), Shadow(down=2, blur=0), ctx).pil
    assert [made.getpixel((2, y)) for y in (2, 4, 6)] == [(255, 0, 0, 255), (0, 0, 0, 255), (0, 0, 0, 0)]
    assert ctx.notes[0] == {"shadow": "2 px down"}


def test_a_picture_without_a_hole_is_refused() -> None:
    with pytest.raises(StageFailure, match="nothing is transparent"):
        shadow(Image.of(PillowImage.new("RGB", (8, 8))), Shadow(), context())
