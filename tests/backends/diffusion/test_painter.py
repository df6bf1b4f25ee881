from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from orchestrator.backends.diffusion.device import chosen_dtype
from orchestrator.backends.diffusion.handed_in import painter
from orchestrator.backends.diffusion.painter import DiffusersPainter
from orchestrator.backends.diffusion.pattern import PatternPainter
from orchestrator.backends.load import Loader
from orchestrator.config import Settings
from orchestrator.errors import Cancelled, ModelUnavailable
from orchestrator.stage import (
    Card,
    Description,
    Failure,
    Painter,
    PaintReply,
    PaintRequest,
    PixelGrid,
    RenderPlan,
)
from tests.backends.diffusion import tiny_checkpoints
from tests.machine import THREADS, settings_at

Describe = Callable[..., Description]
FAMILIES = (
    tiny_checkpoints.stable_diffusion_1_4,
    tiny_checkpoints.stable_diffusion_xl,
    tiny_checkpoints.stable_diffusion_3,
    tiny_checkpoints.flux,
)


def plan(prompt: str = "fire sword", **more: Any) -> RenderPlan:
    settings = {"width": 64, "height": 64, "steps": 2, "guidance_scale": 5.0, "scheduler": "DDIMScheduler"}
    return RenderPlan(prompt=prompt, **settings | more)


def draw(model: Painter, *requests: PaintRequest) -> list[PaintReply | Failure]:
    return list(model.paint(requests, lambda: False, _unwatched))


def _unwatched(*_: int) -> None:
    pass


def pixels(reply: PaintReply | Failure) -> bytes:
    assert isinstance(reply, PaintReply), reply
    return reply.image.tobytes()


@pytest.fixture(scope="session")
def model(sd14: Path, tmp_path_factory: pytest.TempPathFactory) -> Painter:
    from orchestrator.backends.diffusion.describe import describe_painter
    from orchestrator.errors import Span
    from orchestrator.recipe import Folder, ModelChoice

    settings = settings_at(tmp_path_factory.mktemp("store"))
    choice = ModelChoice("painter", "diffusion", Folder(str(sd14)), Span.point("recipe.yaml"))
    return Loader(settings)(describe_painter(choice, settings, sd14))  # type: ignore[return-value]


@pytest.mark.parametrize("make", FAMILIES, ids=lambda make: make.__name__)
def test_every_family_draws_from_its_own_folder(
    make: Callable[[Path], Path], describe: Describe, settings: Settings, tmp_path: Path
) -> None:
    described = describe(make(tmp_path / "model"))
    loaded = Loader(settings)(described)
    scheduler = described.card.schedulers[0]
    asked = plan(negative_prompt="blurry", scheduler=scheduler)
    first, second, other = draw(loaded, *(PaintRequest(asked, seed) for seed in (1, 1, 2)))  # type: ignore[arg-type]
    assert isinstance(first, PaintReply)
    assert first.image.size == (64, 64)
    assert pixels(first) == pixels(second) != pixels(other)
    assert 0 < described.card.width <= 1024


def test_a_picture_depends_on_its_plan_and_seed_alone(model: Painter) -> None:
    asked = PaintRequest(plan(), 7)
    alone = pixels(draw(model, asked)[0])
    beside = draw(model, PaintRequest(plan("potion"), 3), asked, PaintRequest(plan("key", steps=3), 4))
    assert pixels(beside[1]) == alone


def test_a_padded_batch_gives_the_same_bits_whatever_shares_it(sd14: Path) -> None:
    from diffusers import StableDiffusionPipeline

    pipe = StableDiffusionPipeline.from_pretrained(
        sd14, safety_checker=None, feature_extractor=None, use_safetensors=True
    )
    # One thread: several share out the rows of a batch, so that there the place in it moves the last bits.
    batched = DiffusersPainter(pipe, Card(name="sd", kind="diffusion", batch_size=3), {}, threads=1)
    assert batched.environment["batch"] == "3"
    asked = [PaintRequest(plan(prompt), seed) for seed, prompt in enumerate(("sword", "key", "cat", "owl"))]
    together = [pixels(reply) for reply in draw(batched, *asked)]
    assert [pixels(draw(batched, request)[0]) for request in asked] == together


@pytest.mark.parametrize(
    "scheduler", ["PNDMScheduler", "EulerAncestralDiscreteScheduler", "HeunDiscreteScheduler"]
)
def test_schedulers_are_fresh_and_count_the_plans_steps(model: Painter, scheduler: str) -> None:
    seen: list[tuple[int, int]] = []
    asked = PaintRequest(plan(scheduler=scheduler, steps=4), 1)
    replies = model.paint([asked, asked], lambda: False, lambda done, total: seen.append((done, total)))
    assert pixels(replies[0]) == pixels(replies[1])
    assert {total for _, total in seen} == {8}
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (8, 8)


def test_an_unknown_scheduler_fails_the_item_alone(model: Painter) -> None:
    bad, good = draw(model, PaintRequest(plan(scheduler="NoScheduler"), 1), PaintRequest(plan(), 1))
    assert isinstance(bad, Failure)
    assert bad.code == "E522"
    assert "PNDMScheduler" in bad.message
    assert isinstance(good, PaintReply)


def test_guidance_steps_and_negative_prompt_reach_the_model(model: Painter) -> None:
    base = pixels(draw(model, PaintRequest(plan(), 1))[0])
    for change in ({"guidance_scale": 9.0}, {"steps": 3}, {"negative_prompt": "blurry"}):
        assert pixels(draw(model, PaintRequest(plan(**change), 1))[0]) != base


def test_other_sizes_and_post_steps(model: Painter) -> None:
    grid = PixelGrid(cells=16, colours=4)
    (reply,) = draw(model, PaintRequest(plan(width=96, height=48, post=(grid,)), 1))
    assert isinstance(reply, PaintReply)
    assert reply.image.size == (96, 48)
    assert len(reply.image.getcolors() or []) <= 4


def test_words_beyond_the_limit_are_named(model: Painter) -> None:
    (short,) = draw(model, PaintRequest(plan("a key"), 1))
    assert short.notes == {"tokens": {"count": 6, "limit": 77}}
    (long,) = draw(model, PaintRequest(plan("sword " * 14 + "and dragon wings"), 1))
    assert long.notes["tokens"] == {"count": 2 + 14 * 5 + 14, "limit": 77}
    assert long.notes["cut_off"] == "dragon wings"


def test_cancelling_stops_within_a_step(model: Painter) -> None:
    seen: list[int] = []
    with pytest.raises(Cancelled):
        model.paint(
            [PaintRequest(plan(steps=50), 1)], lambda: len(seen) > 2, lambda done, _: seen.append(done)
        )
    assert len(seen) == 3


def test_the_environment_is_recorded(model: Painter) -> None:
    wanted = {
        "torch",
        "diffusers",
        "transformers",
        "device",
        "device_model",
        "instruction_set",
        "dtype",
        "threads",
        "batch",
        "layout",
    }
    assert set(model.environment) == wanted
    assert model.environment["dtype"] in {"float32", "bfloat16"}
    assert model.environment["threads"] == str(THREADS)
    assert model.environment["layout"] == "channels_last"
    assert all(model.environment.values())


OPENED: list[str] = []
sys.addaudithook(lambda event, args: OPENED.append(str(args[0])) if event == "open" else None)


def test_loading_opens_no_pickle_and_nothing_that_is_not_counted(
    describe: Describe, settings: Settings, own_sd14: Path
) -> None:
    from orchestrator.backends.diffusion.folder import read_folder

    described = describe(own_sd14)
    OPENED.clear()
    Loader(settings)(described)
    inside = {Path(name).resolve() for name in OPENED if name.startswith(str(own_sd14))}
    counted = {(own_sd14 / name).resolve() for name in read_folder(own_sd14, "").files}
    assert {path.relative_to(own_sd14.resolve()).as_posix() for path in inside - counted} == set()
    assert not any(path.suffix == ".bin" for path in inside)


def test_files_that_changed_after_they_were_checked(
    describe: Describe, settings: Settings, own_sd14: Path
) -> None:
    described = describe(own_sd14)
    config = own_sd14 / "unet" / "config.json"
    config.write_text(config.read_text() + " ")
    with pytest.raises(ModelUnavailable) as caught:
        Loader(settings)(described)
    assert caught.value.finding.code == "E309"


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (lambda: {"amx_bf16": True}, torch.bfloat16),
        (lambda: {"amx_bf16": False}, torch.float32),
        (dict, torch.float32),
    ],
)
def test_half_precision_is_for_cpus_that_multiply_it(
    settings: Settings,
    known: Callable[[], dict[str, bool]],
    expected: torch.dtype,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", known, raising=False)
    auto, pinned = replace(settings, dtype="auto"), replace(settings, dtype="float32")
    assert chosen_dtype(auto, torch.device("cpu")) is expected
    assert chosen_dtype(pinned, torch.device("cpu")) is torch.float32


@pytest.mark.parametrize("wrong", [{"device": "cuda:9"}, {"device": "toaster"}, {"dtype": "int4"}])
def test_a_device_or_precision_that_is_not_there(
    describe: Describe, sd14: Path, tmp_path: Path, wrong: Any
) -> None:
    with pytest.raises(ModelUnavailable) as caught:
        Loader(settings_at(tmp_path, **wrong))(describe(sd14))
    assert caught.value.finding.code == "E320"


def test_weights_that_do_not_fit_their_settings(
    describe: Describe, settings: Settings, own_sd14: Path
) -> None:
    config = own_sd14 / "unet" / "config.json"
    config.write_text(config.read_text().replace('"cross_attention_dim": 32', '"cross_attention_dim": 40'))
    with pytest.raises(ModelUnavailable) as caught:
        Loader(settings)(describe(own_sd14))
    assert caught.value.finding.code == "E321"


def test_a_failed_load_leaves_the_precision_of_the_process_alone(
    describe: Describe, settings: Settings, own_sd14: Path
) -> None:
    config = own_sd14 / "unet" / "config.json"
    config.write_text(config.read_text().replace('"act_fn": "silu"', '"act_fn": "unheard-of"'))
    with pytest.raises(ModelUnavailable):
        Loader(replace(settings, dtype="bfloat16"))(describe(own_sd14))
    assert torch.get_default_dtype() is torch.float32


def test_a_pipeline_handed_in_draws_as_it_stands(describe: Describe, settings: Settings, sd14: Path) -> None:
    from diffusers import StableDiffusionPipeline

    pipe = StableDiffusionPipeline.from_pretrained(
        sd14, safety_checker=None, feature_extractor=None, use_safetensors=True
    )
    described = describe("<python>", pipe)
    assert described.card.width == 64
    assert described.identity != describe("<python>", pipe).identity
    vouched = painter(pipe, identity="studio-sd@3")
    assert describe("<python>", vouched).identity == describe("<python>", vouched).identity
    (drawn,) = draw(Loader(settings)(described), PaintRequest(plan(), 5))  # type: ignore[arg-type]
    assert isinstance(drawn, PaintReply)
    outright = pipe("fire sword", generator=torch.Generator().manual_seed(5), **as_planned(pipe)).images[0]
    assert pixels(drawn) == Image.fromarray((outright * 255).round().astype(np.uint8)).tobytes()


def as_planned(pipe: Any) -> dict[str, Any]:
    """What `plan()` means when the pipeline is called outright."""
    from diffusers import DDIMScheduler

    pipe.scheduler = DDIMScheduler.from_config(pipe.scheduler.config)
    return {
        "negative_prompt": "", "width": 64, "height": 64, "num_inference_steps": 2, "guidance_scale": 5.0,
        "output_type": "np",
    }  # fmt: skip


def test_a_folder_draws_as_its_pipeline_does_but_for_the_last_bits(
    settings: Settings, describe: Describe, sd14: Path
) -> None:
    """The loader lays weights out otherwise, and so a value may fall to the next number."""
    from diffusers import StableDiffusionPipeline

    pipe = StableDiffusionPipeline.from_pretrained(
        sd14, safety_checker=None, feature_extractor=None, use_safetensors=True
    )
    single, asked = Loader(replace(settings, dtype="float32")), PaintRequest(plan(), 5)
    one, other = (draw(single(each), asked)[0] for each in (describe(sd14), describe("<python>", pipe)))  # type: ignore[arg-type]
    assert isinstance(one, PaintReply)
    assert isinstance(other, PaintReply)
    apart = np.asarray(one.image, int) - np.asarray(other.image, int)
    assert np.abs(apart).max() <= 2


class ScriptedPipeline:
    """A pipeline that answers as it is told to; it stands in for states that real weights never reach."""

    def __init__(self, answer: Callable[[Sequence[str]], np.ndarray]) -> None:
        self.answer, self.components, self.sizes = answer, {}, list[int]()

    def set_progress_bar_config(self, **_: object) -> None:
        pass

    def __call__(self, prompt: list[str], generator: list[torch.Generator]) -> Any:
        assert len(generator) == len(prompt)
        self.sizes.append(len(prompt))
        return SimpleNamespace(images=self.answer(prompt))


def scripted(
    answer: Callable[[Sequence[str]], np.ndarray], batch: int = 1
) -> tuple[DiffusersPainter, list[int]]:
    pipe = ScriptedPipeline(answer)
    return DiffusersPainter(pipe, Card(name="s", kind="diffusion", batch_size=batch), {}, 1), pipe.sizes


@pytest.mark.parametrize(("value", "word"), [(np.nan, "NaN"), (0.0, "black")])
def test_nan_and_black_pictures_are_failures(value: float, word: str) -> None:
    model, _ = scripted(lambda prompts: np.full((len(prompts), 64, 64, 3), value))
    (reply,) = draw(model, PaintRequest(plan(scheduler=""), 1))
    assert isinstance(reply, Failure)
    assert reply.code == "E520"
    assert word in reply.message


def test_a_picture_that_the_safety_checker_made_black_is_named_as_such() -> None:
    class Checked(ScriptedPipeline):
        def __call__(self, prompt: list[str], generator: list[torch.Generator]) -> Any:
            made = super().__call__(prompt, generator)
            made.nsfw_content_detected = ["axe" in text for text in prompt]
            return made

    def answer(prompts: Sequence[str]) -> np.ndarray:
        return np.stack([np.full((64, 64, 3), 0.0 if "axe" in text else 0.5) for text in prompts])

    model = DiffusersPainter(Checked(answer), Card(name="s", kind="diffusion", batch_size=2), {}, 1)
    black, well = draw(model, *(PaintRequest(plan(text, scheduler=""), 1) for text in ("axe", "apple")))
    assert isinstance(black, Failure)
    assert (black.code, "safety checker" in black.message) == ("E520", True)
    assert isinstance(well, PaintReply)


def test_a_batch_that_runs_out_of_memory_is_split() -> None:
    def answer(prompts: Sequence[str]) -> np.ndarray:
        if len(prompts) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return np.full((len(prompts), 64, 64, 3), 0.5)

    model, sizes = scripted(answer, batch=4)
    replies = draw(model, *(PaintRequest(plan(scheduler=""), seed) for seed in range(3)))
    assert [reply.notes for reply in replies] == [{"batch": 1}] * 3
    assert sizes == [4, 2, 1, 1, 2, 1]


def test_one_bad_request_of_a_batch_fails_alone_and_memory_is_named() -> None:
    def answer(prompts: Sequence[str]) -> np.ndarray:
        if "huge" in prompts:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes")
        return np.full((len(prompts), 64, 64, 3), 0.5)

    model, _ = scripted(answer, batch=2)
    good, bad = draw(
        model, PaintRequest(plan("key", scheduler=""), 1), PaintRequest(plan("huge", scheduler=""), 2)
    )
    assert isinstance(good, PaintReply)
    assert isinstance(bad, Failure)
    assert bad.code == "E521"


def test_the_double_keeps_the_contract() -> None:
    double = PatternPainter()
    assert isinstance(double, Painter)
    asked = PaintRequest(plan(post=(PixelGrid(cells=8, colours=2),)), 1)
    first, other = draw(double, asked, PaintRequest(asked.plan, 2))
    assert pixels(first) == pixels(draw(double, asked)[0]) != pixels(other)
    assert isinstance(draw(double, PaintRequest(plan("refuse"), 1))[0], Failure)
    with pytest.raises(Cancelled):
        double.paint([asked], lambda: True, _unwatched)
