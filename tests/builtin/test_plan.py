from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from orchestrator.builtin.plan.drawn_noun import few_synonyms
from orchestrator.builtin.plan.pixel_cells import dividing_cells
from orchestrator.builtin.plan.stage import Plan, plan
from orchestrator.builtin.plan.wording import general_wording, in_wording_of
from orchestrator.stage import (
    Card,
    Context,
    PixelGrid,
    Prompt,
    RenderPlan,
    StageFailure,
    Style,
    StylePreset,
)
from orchestrator.stage.vocabulary import nearest_drawable

CAPTION = (
    "{style} style icon of a {colour} {noun}, {subject}, {material}, {lighting}, {view}, "
    "{background} background, {details}"
)
SMALL = Card(
    name="small",
    kind="diffusion",
    width=256,
    height=256,
    steps=12,
    guidance_scale=2.5,
    schedulers=("DPMSolverMultistepScheduler", "DDIMScheduler"),
    nouns=("apple", "axe", "boots", "cat", "chest", "gem", "knife", "ring", "sword"),
    styles=("flat", "3d", "pixel"),
    colours=("red", "gold", "blue"),
    backgrounds=("white", "dark", "sky"),
    caption=CAPTION,
)
LARGE = Card(name="sd", kind="diffusion", steps=50, guidance_scale=7.5, schedulers=("PNDMScheduler",))
PIXEL = StylePreset(
    name="pixel", words=("pixel art", "hard edges"), negative=("blurry",), pixel_cells=48, pixel_colours=16
)
INK = StylePreset(name="ink", words=("ink drawing",), negative=("photo",))


def planned(
    prompt: Prompt, card: Card = SMALL, preset: StylePreset | None = None, **pins: object
) -> tuple[RenderPlan, dict[str, object]]:
    notes: dict[str, object] = {}
    params = Plan.checked({**pins, "painter": "painter", **({"style": preset.name} if preset else {})})
    resources: dict[tuple[str, str], object] = {
        ("lexicon", "drawable"): few_synonyms(),
        ("lexicon", "things"): {},
    }
    resources |= {("style", preset.name): preset} if preset else {}
    made = plan(prompt, params, Context(cards={"painter": card}, resources=resources, notes=(notes,)))
    return made, notes


def test_everything_comes_from_the_card_when_nothing_is_said() -> None:
    made, notes = planned(Prompt(subject="fire sword"))
    assert made == RenderPlan(
        prompt="flat style icon of a sword, fire sword, white background",
        style="flat",
        width=256,
        height=256,
        steps=12,
        guidance_scale=2.5,
        scheduler="DPMSolverMultistepScheduler",
    )
    assert notes["drawn_as"] == "sword"
    reasons = notes["reasons"]
    assert isinstance(reasons, dict)
    assert {"style", "width", "height", "steps", "guidance_scale", "scheduler", "negative_prompt"} <= set(
        reasons
    )
    assert all(isinstance(reason, str) and reason and "\n" not in reason for reason in reasons.values())


def test_each_setting_can_be_pinned() -> None:
    pins = {"width": 128, "height": 320, "steps": 40, "guidance_scale": 6, "scheduler": "DDIMScheduler",
            "negative_prompt": "red"}  # fmt: skip
    made, notes = planned(Prompt(subject="cat", negative=("blue",)), preset=PIXEL, **pins)
    assert {name: getattr(made, name) for name in pins} == pins
    assert made.style == "pixel"
    reasons = notes["reasons"]
    assert isinstance(reasons, dict)
    assert {reasons[name] for name in (*pins, "style")} == {"pinned in the recipe"}
    assert notes["overruled"] == {"negative_prompt": "blue: the recipe pins another"}
    assert "a width of 128 may look odd" in str(str(notes["warnings"]))


def test_the_whole_prompt_is_said_in_the_wording_of_the_card() -> None:
    made, notes = planned(
        Prompt(
            subject="ancient axe", style="3d", colour="crimson", material="rusty iron", lighting="rim light",
            view="front view, centred", background="night sky", details=("runes", "leather grip"),
        )
    )  # fmt: skip
    assert made.prompt == (
        "3d style icon of a red axe, ancient axe, rusty iron, rim light, front view, centred, "
        "sky background, runes, leather grip"
    )
    reasons = notes["reasons"]
    assert isinstance(reasons, dict)
    assert reasons["colour"] == "red is what small has for crimson"
    assert reasons["background"] == "sky is what small has for night sky"


def test_the_article_follows_the_next_word() -> None:
    assert planned(Prompt(subject="apple"))[0].prompt.startswith("flat style icon of an apple")


def test_a_pin_wins_over_the_idea_and_says_so() -> None:
    made, notes = planned(Prompt(subject="cat", style="3d"), preset=PIXEL)
    assert made.style == "pixel"
    assert notes["overruled"] == {"style": "the idea says 3d, the recipe pins pixel"}


def test_a_pixel_look_has_a_grid() -> None:
    assert planned(Prompt(subject="cat"), preset=PIXEL)[0].post == (PixelGrid(cells=64, colours=16),)
    assert planned(Prompt(subject="cat", style="pixel"))[0].post == (PixelGrid(cells=32, colours=24),)
    assert planned(Prompt(subject="cat", style="3d"))[0].post == ()


@pytest.mark.parametrize(
    ("size", "asked", "cells"),
    [
        ((256, 256), 32, 32),
        ((256, 256), 48, 64),
        ((320, 256), 32, 40),
        ((832, 1216), 32, 38),
        ((511, 512), 32, 512),
    ],
)
def test_the_grid_of_a_pixel_look_divides_the_size(size: tuple[int, int], asked: int, cells: int) -> None:
    assert dividing_cells(asked, size) == cells
    assert all(side % (max(size) // cells) == 0 for side in size)


def test_a_grid_that_was_fitted_to_the_size_says_so() -> None:
    _, notes = planned(Prompt(subject="cat"), preset=PIXEL)
    assert "48 would not divide 256×256 into cells of one size" in str(notes["reasons"])


def test_a_style_that_the_painter_does_not_know_is_a_warning() -> None:
    made, notes = planned(Prompt(subject="cat"), preset=INK)
    assert made.style == "flat"
    assert notes["warnings"] == ["small cannot draw in the style ink; it knows flat, 3d, pixel"]


def test_a_subject_that_the_painter_does_not_know_fails_with_its_nearest_nouns() -> None:
    with pytest.raises(StageFailure) as caught:
        planned(Prompt(subject="an axle"))
    assert caught.value.code == "E526"
    assert str(caught.value) == "small cannot draw 'an axle': none of its 9 nouns comes near"
    assert "name one that it knows (axe" in caught.value.help
    assert "chest" not in caught.value.help
    assert "`unknown: draw`" in caught.value.help
    assert "--set models.painter=" in caught.value.help


def test_a_recipe_may_have_it_drawn_all_the_same_and_is_told() -> None:
    made, notes = planned(Prompt(subject="an accordion"), unknown="draw")
    assert "drawn_as" not in notes
    assert str(notes["warnings"]).startswith(
        "[\"small cannot draw 'an accordion': none of its 9 nouns comes near"
    )
    assert made.prompt == "flat style icon of an accordion, an accordion, white background"


def test_a_colour_that_the_painter_does_not_know_is_left_natural() -> None:
    made, notes = planned(Prompt(subject="cat", colour="octarine"))
    assert made.prompt == "flat style icon of a cat, cat, white background"
    assert "octarine" in str(notes["reasons"])


def test_a_small_painter_is_spared_words_that_it_does_not_know() -> None:
    made, notes = planned(Prompt(subject="cat", negative=("red", "watermark")))
    assert made.negative_prompt == "red"
    assert "watermark" in str(notes["reasons"])


def test_a_large_painter_gets_the_general_wording() -> None:
    made, notes = planned(
        Prompt(subject="red apple", colour="red", material="wax", background="dark cave", details=("dew",)),
        LARGE,
        INK,
    )
    assert made.prompt == "red apple, ink drawing, wax, dark cave background, dew"
    assert made.negative_prompt == "photo"
    assert "drawn_as" not in notes
    assert planned(Prompt(subject="cat", style="baroque"), LARGE)[0].prompt == "cat, baroque style"


def test_a_large_painter_has_a_usual_negative_without_what_is_wanted() -> None:
    assert "text" in planned(Prompt(subject="cat"), LARGE)[0].negative_prompt.split(", ")
    assert "text" not in planned(Prompt(subject="a sign with text"), LARGE)[0].negative_prompt.split(", ")


def test_a_painter_that_takes_no_negative_prompt() -> None:
    flux = LARGE.model_copy(update={"takes_negative_prompt": False})
    made, notes = planned(Prompt(subject="cat"), flux, negative_prompt="blurry")
    assert made.negative_prompt == ""
    assert notes["overruled"] == {"negative_prompt": "blurry: sd takes none"}


@pytest.mark.parametrize(
    ("pinned", "given", "reason"),
    [
        (500, 504, "500, rounded to a multiple of 8"),
        (512, 512, "pinned in the recipe"),
        (130, 128, "130, rounded"),
    ],
)
def test_sizes_are_rounded_with_a_reason(pinned: int, given: int, reason: str) -> None:
    made, notes = planned(Prompt(subject="cat"), LARGE, width=pinned)
    assert (made.width, made.height) == (given, 512)
    reasons = notes["reasons"]
    assert isinstance(reasons, dict)
    assert reasons["width"].startswith(reason)


@pytest.mark.parametrize("side", [16, 100, 4096])
def test_a_size_that_the_painter_cannot_draw(side: int) -> None:
    with pytest.raises(StageFailure) as caught:
        planned(Prompt(subject="cat"), LARGE, height=side)
    assert caught.value.code == "E523"
    assert "128 to 2048" in caught.value.help


def test_a_scheduler_that_the_painter_does_not_have() -> None:
    with pytest.raises(StageFailure) as caught:
        planned(Prompt(subject="cat"), scheduler="DDIMSheduler")
    assert caught.value.code == "E524"
    assert "did you mean DDIMScheduler?" in caught.value.help


@pytest.mark.parametrize("wrong", [
    {"steps": "25"}, {"steps": 0}, {"width": 8}, {"guidance_scale": 51}, {"stile": "flat"}, {"seed": 1},
])  # fmt: skip
def test_params_are_strict(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Plan.checked(wrong)


@pytest.mark.parametrize(
    ("subject", "noun"),
    [
        ("fire sword", "sword"),
        ("Swords", "sword"),
        ("sword of the cat king", "sword"),
        ("pair of boots", "boots"),
        ("leather boot", "boots"),
        ("knives", "knife"),
        ("treasure chest", "chest"),
        ("a pile of gems", "gem"),
        ("spring", None),
        ("rocket", None),
        ("knight with a sword", None),
        ("kitten", "cat"),
        ("emerald", "gem"),
        ("一只猫", None),
        ("", None),
        ("of swords", "sword"),
    ],
)
def test_the_noun_that_is_drawn(subject: str, noun: str | None) -> None:
    assert nearest_drawable(subject, SMALL.nouns, few_synonyms()).noun == noun


@given(st.text(max_size=60), st.text(max_size=20), st.lists(st.text(max_size=20), max_size=3))
@settings(deadline=None)
def test_any_prompt_gives_a_plan(subject: str, colour: str, details: list[str]) -> None:
    prompt = Prompt(subject=subject or "cat", colour=colour, details=tuple(details))
    for card in (SMALL, LARGE):
        made, _ = planned(prompt, card, unknown="draw")
        assert RenderPlan.decode(made.encode()) == made


def test_a_lexicon_names_what_is_drawn_and_the_reason_is_kept() -> None:
    table = {"chains": ["", "=sword", ">cat"], "words": {"zweihander": 1, "lynx": 2, "justice": 0}}
    for subject, noun, why in (("Zweihander", "sword", "a synonym"), ("lynx", "cat", "a kind of it")):
        notes: dict[str, object] = {}
        ctx = Context(
            cards={"p": SMALL},
            resources={("lexicon", "drawable"): table, ("lexicon", "things"): {}},
            notes=(notes,),
        )
        made = plan(Prompt(subject=subject), Plan.checked({"painter": "p", "lexicon": "drawable"}), ctx)
        assert f"icon of a {noun}, {subject}" in made.prompt
        assert notes["drawn_as"] == noun
        assert f"({why})" in str(notes["reasons"])
        assert ("warnings" in notes) == (why == "a kind of it")


def test_absent_parts_leave_no_trace_and_nothing_is_said_twice() -> None:
    values = {"style": "", "colour": "", "noun": "sword", "subject": "sword", "background": "", "details": ""}
    assert (
        in_wording_of("{noun}, {subject}, {material}, {background} background, icon", values) == "sword, icon"
    )
    assert general_wording({"subject": "red cat", "colour": "red"}, ("flat", "flat")) == "red cat, flat"


def test_the_style_param_is_a_resource() -> None:
    params = Plan.checked({"style": "pixel"})
    assert params.style == Style(name="pixel")
    assert params.painter.name == ""


def test_a_vocabulary_without_a_caption_means_the_wording_of_the_embedded_painters() -> None:
    made, _ = planned(Prompt(subject="old axe", details=("runes",)), SMALL.model_copy(update={"caption": ""}))
    assert made.prompt == "flat style icon of an axe, old axe, white background, runes"
