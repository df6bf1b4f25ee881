"""`Many[T]` as an artifact and as the output of a stage."""

from __future__ import annotations

import pytest
from PIL import Image as PillowImage

from orchestrator.stage import Context, Idea, Image, Many, Params, stage
from orchestrator.stage.declaration import spec_of
from orchestrator.stage.many import many_of, typed


def picture(shade: int) -> Image:
    return Image.of(PillowImage.new("L", (4, 3), shade))


def test_members_come_back_as_they_were_encoded() -> None:
    kind = many_of(Image)
    many = kind([picture(1), picture(2)])
    again = kind.decode(many.encode())
    assert [member.digest for member in again] == [member.digest for member in many]
    assert again.digest == many.digest
    assert len(again) == 2
    assert again[1] == picture(2)


def test_order_and_number_are_part_of_the_digest() -> None:
    kind = many_of(Image)
    digests = {kind(m).digest for m in ([picture(1)], [picture(1), picture(2)], [picture(2), picture(1)])}
    assert len(digests) == 3


def test_bytes_cut_short_are_refused() -> None:
    data = many_of(Image)([picture(1)]).encode()
    with pytest.raises(ValueError, match="cut short"):
        many_of(Image).decode(data[:-3])


def test_none_is_too_few() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Many([])


def test_a_stage_declares_many() -> None:
    @stage("studio.frames", version=1)
    def frames(image: Image, params: Params, ctx: Context) -> Many[Image]:
        return Many([image, image])

    spec = spec_of(frames)
    assert spec is not None
    assert spec.output is many_of(Image)
    assert spec.output.__name__ == "Many[Image]"


def test_members_of_another_type_do_not_fit() -> None:
    assert typed(Many([picture(1)]), many_of(Image)) is not None
    assert typed(Many([Idea(text="a")]), many_of(Image)) is None
