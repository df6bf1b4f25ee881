"""Each double does what the Protocol of its kind says, handed in from Python like a model of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from orchestrator.backends.describe import describe
from orchestrator.backends.doubles import ConstantChecker, CornerSegmenter, NearestUpscaler
from orchestrator.backends.load import Loader
from orchestrator.errors import ModelUnavailable, Span
from orchestrator.stage import KINDS, Checker, Segmenter, Upscaler, UpscaleRequest
from tests.backends.sources import choice
from tests.machine import settings_at

PICTURE = Image.new("RGB", (4, 2), "white")
PICTURE.putpixel((2, 1), (255, 255, 254))


@pytest.mark.parametrize(
    ("kind", "double", "protocol"),
    [
        ("segmenter", CornerSegmenter(), Segmenter),
        ("upscaler", NearestUpscaler(), Upscaler),
        ("checker", ConstantChecker(), Checker),
    ],
)
def test_a_double_is_handed_in_as_a_model_of_its_kind(tmp_path: Path, kind, double, protocol) -> None:
    settings = settings_at(tmp_path)
    described = describe(choice(kind, kind, "<python>", Span.point("r"), double), settings, tmp_path)
    assert (described.card.kind, described.source) == (kind, "<python>")
    again = describe(choice(kind, kind, "<python>", Span.point("r"), double), settings, tmp_path)
    assert described.identity == again.identity, "it vouches for itself"
    assert Loader(settings)(described) is double
    assert isinstance(double, protocol)
    assert KINDS[kind].protocol is protocol
    with pytest.raises(ModelUnavailable) as caught:
        describe(choice(kind, kind, "<python>", Span.point("r"), object()), settings, tmp_path)
    assert caught.value.finding.code == "E356"
    assert next(iter(KINDS[kind].answers)) in caught.value.finding.why


def test_what_they_answer() -> None:
    (mask,) = CornerSegmenter().segment([PICTURE], bool)
    assert (mask.mode, mask.size, mask.getpixel((2, 1)), mask.getpixel((1, 1))) == ("L", (4, 2), 255, 0)
    (large,) = NearestUpscaler().upscale([UpscaleRequest(PICTURE, 8, 6)], bool)
    assert (large.size, large.mode, large.getpixel((5, 5))) == ((8, 6), "RGB", (255, 255, 254))
    assert ConstantChecker({"nsfw": 0.9}).check([PICTURE, PICTURE], bool) == [{"nsfw": 0.9}] * 2
    assert ConstantChecker({"nsfw": 0.9}).identity != ConstantChecker().identity
