from __future__ import annotations

import numpy as np
import pytest
import torch
from tiny import dice, easel, of, picture

from training import drawings, materials, measure, sampling, surfaces, textures
from training import easel as easels
from training.settings import SIZE
from training.vocabulary import BACKGROUNDS, NOUNS, STYLES


@pytest.mark.parametrize("style", STYLES)
def test_every_style_draws_on_its_ground(style: str) -> None:
    drawn = picture("apple", style, "red", "sky")
    assert drawn.shape == (SIZE, SIZE, 3)
    assert np.allclose(drawn[4, 4] / 255, BACKGROUNDS["sky"], atol=0.01)


def test_named_colour_rules_the_object() -> None:
    red, green, blue = picture("shield", "flat", "blue")[128, 100].astype(int)
    assert blue > red
    assert blue > green


def test_contour_of_ink_is_dark_and_chalk_on_a_dark_ground() -> None:
    light, dark = picture("shield", "ink", "blue"), picture("shield", "ink", "blue", "dark")
    rim = np.abs(light.astype(int) - dark.astype(int)).sum(-1) > 300
    rim &= (light.max(-1) < 60) & (dark.min(-1) > 190)
    assert rim.sum() > 200


def test_relief_casts_a_shadow_on_the_ground_and_a_flat_drawing_none() -> None:
    solid, flat = picture("shield", "3d", "red"), picture("shield", "flat", "red")
    outside = (flat.min(-1) == 255) & (np.indices((SIZE, SIZE)).sum(0) > 330)
    assert solid[outside].min() < 200


def test_pixel_picture_has_blocks() -> None:
    drawn = picture("shield", "pixel", "gold", "dark")
    assert (drawn[::8, ::8].repeat(8, 0).repeat(8, 1) == drawn).all()


def test_post_step_makes_a_grid() -> None:
    noise = torch.rand(1, 3, SIZE, SIZE, generator=torch.Generator().manual_seed(1)) * 2 - 1
    made = easels.as_bytes(sampling.grid(noise))[0].numpy()
    assert measure.is_grid(made)
    assert not measure.is_grid(easels.as_bytes(noise)[0].numpy())


def test_same_pose_same_picture_other_pose_another() -> None:
    subjects = of("sword", "3d", "", "grass")
    one, two, other = (
        easel().draw(subjects, easels.poses(1, torch.Generator().manual_seed(seed))) for seed in (1, 1, 2)
    )
    assert torch.equal(one, two)
    assert not torch.equal(one, other)


@pytest.mark.parametrize("style", STYLES)
def test_every_material_shows_on_a_picture_and_differs_from_all_others(style: str) -> None:
    drawn = {name: picture("shield", style, "", "white", name).astype(float) for name in materials.NAMES}
    for name, one in drawn.items():
        for other, two in drawn.items():
            assert name == other or np.abs(one - two).mean() > 1.2, (name, other)


def test_a_material_keeps_a_named_colour() -> None:
    red, green, blue = (
        picture("shield", "flat", "blue", "white", "wood")[80:180, 80:180].reshape(-1, 3).mean(0)
    )
    assert blue > red + 30
    assert blue > green


def test_glass_lets_the_ground_through() -> None:
    light, dark = (
        picture("shield", "flat", "", ground, "glass")[128, 128].astype(int) for ground in ("white", "dark")
    )
    assert (light - dark).min() > 40
    solid = picture("shield", "flat", "", "dark", "stone").astype(int) - picture(
        "shield", "flat", "", "white", "stone"
    )
    assert abs(solid[128, 128]).max() == 0


@pytest.mark.parametrize("name", surfaces.SURFACES)
def test_surfaces_repeat_without_a_seam(name: str) -> None:
    picture_, height = surfaces.SURFACES[name]()
    assert picture_.shape == (SIZE, SIZE, 3)
    for plane in (picture_.mean(-1), height):
        for axis in (0, 1):
            steps = np.abs(plane - np.roll(plane, 1, axis)).mean(1 - axis)
            assert steps[0] <= max(0.02, steps.max() * 1.05), (
                "the seam is no stronger than the strongest line inside"
            )


def test_a_surface_fills_the_picture_and_is_rolled() -> None:
    still = picture("brick texture", "flat")
    moved = easels.Poses(torch.eye(2, 3)[None], torch.tensor([[40, 7]]))
    drawn = easels.as_bytes(easel().draw(of("brick texture", "flat"), moved))[0].numpy()
    assert (drawn == np.roll(still, (40, 7), (0, 1))).all()
    assert (still[4, 4] != 255).any()


def test_parts_of_an_interface_are_not_turned() -> None:
    turned = easels.poses(1, torch.Generator().manual_seed(3))
    drawn = easels.as_bytes(easel().draw(of("panel", "flat"), turned))[0].numpy()
    opaque = (drawn < 200).any(-1)
    left = opaque.argmax(1)[opaque.any(1)][30:-30]
    assert left.max() - left.min() <= 1


def test_nothing_is_further_from_the_middle_than_it_may_be() -> None:
    image = drawings.fitted(drawings.vector(drawings.nouns()["wall"].drawing))
    ys, xs = np.where(image[..., 3] > 0.5)
    assert np.hypot(ys - 127.5, xs - 127.5).max() <= drawings.REACH + 2


def test_every_noun_has_a_drawing() -> None:
    sources, own = drawings._sources(), drawings._own()
    for noun in drawings.nouns().values():
        source, _, name = noun.drawing.partition(":")
        assert noun.drawing in sources or (source == "own" and name in own) or name in surfaces.SURFACES, noun
    assert len(NOUNS) == len(set(NOUNS)) == 758


def test_silhouettes_are_flat_in_flat_style_and_lit_in_relief() -> None:
    noun = drawings.nouns()["gargoyle"]
    flat, solid = drawings.flat_drawing(noun), drawings.solid_drawing(noun)
    assert solid is not None
    tones = [
        len(np.unique((image[image[..., 3] > 0.99][:, :3] * 20).round(), axis=0)) for image in (flat, solid)
    ]
    assert tones[1] > 1.3 * tones[0]


def test_fields_repeat_and_stay_in_their_range() -> None:
    for plane in (textures.noise(dice(1).randrange(99), 5), textures.clouds(2, 3)):
        assert plane.min() >= 0
        assert plane.max() <= 1
        assert abs(plane[0] - plane[-1]).mean() < 4 * abs(plane[1] - plane[2]).mean() + 0.01
