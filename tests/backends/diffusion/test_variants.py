from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestrator.backends.diffusion.folder import read_folder
from orchestrator.backends.diffusion.load import load_painter
from orchestrator.config import Settings
from orchestrator.stage import Description, PaintReply, PaintRequest, RenderPlan
from tests.backends.diffusion import tiny_checkpoints
from tests.backends.diffusion.finding import finding_of

Describe = Callable[..., Description]
VARIANTS = ("fp16", "bf16", "non_ema")


def in_variant(folder: Path, component: str, variant: str) -> Path:
    (weights,) = (folder / component).glob("*model.safetensors")
    return weights.rename(weights.with_name(weights.name.replace(".safetensors", f".{variant}.safetensors")))


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_is_taken_where_there_is_no_other(describe: Describe, own_sd14: Path, variant: str) -> None:
    in_variant(own_sd14, "unet", variant)
    folder = read_folder(own_sd14, "sd14")
    assert folder.variants == {"unet": variant}
    assert f"unet/diffusion_pytorch_model.{variant}.safetensors" in folder.files
    assert not any(name.endswith(".bin") for name in folder.files)
    assert describe(own_sd14).identity


def test_variants_in_one_folder_load_and_draw_what_they_are(
    describe: Describe, own_sd14: Path, settings: Settings
) -> None:
    plan = RenderPlan(prompt="a red apple", width=64, height=64, steps=1, guidance_scale=1)

    def drawn() -> bytes:
        loaded = load_painter(describe(own_sd14), settings)
        (reply,) = loaded.paint([PaintRequest(plan, 7)], lambda: False, lambda _done, _of: None)
        assert isinstance(reply, PaintReply)
        return reply.image.tobytes()

    before = drawn()
    for component, variant in (("unet", "bf16"), ("vae", "non_ema"), ("text_encoder", "fp16")):
        in_variant(own_sd14, component, variant)
    shutil.copy(own_sd14 / "model_index.json", own_sd14 / "unet" / "LICENSE")
    assert drawn() == before


def test_plain_weights_are_taken_before_variants_beside(own_sd14: Path) -> None:
    held = own_sd14 / "unet" / "diffusion_pytorch_model.safetensors"
    held.with_name("diffusion_pytorch_model.bf16.safetensors").write_bytes(b"other")
    in_variant(own_sd14, "vae", "bf16")
    assert read_folder(own_sd14, "sd14").variants == {"vae": "bf16"}


def test_stable_diffusion_3_without_t5_says_how_it_is_written_and_draws(
    describe: Describe, settings: Settings, tmp_path: Path
) -> None:
    folder = tiny_checkpoints.stable_diffusion_3(tmp_path / "sd3")
    with_t5 = describe(folder).card.prompt_tokens
    for name in ("text_encoder_3", "tokenizer_3"):
        shutil.rmtree(folder / name)
    found = finding_of(describe, folder)
    assert (found.code, '"text_encoder_3": [null, null]' in found.help) == ("E308", True)
    index = json.loads((folder / "model_index.json").read_text())
    index |= {"text_encoder_3": [None, None], "tokenizer_3": [None, None]}
    (folder / "model_index.json").write_text(json.dumps(index))
    assert (with_t5, describe(folder).card.prompt_tokens) == (256, 77)
    plan = RenderPlan(prompt="a red apple " * 60, width=64, height=64, steps=1, guidance_scale=2)
    loaded = load_painter(describe(folder), settings)
    (reply,) = loaded.paint([PaintRequest(plan, 7)], lambda: False, lambda _done, _of: None)
    assert isinstance(reply, PaintReply)
    assert reply.notes["tokens"]["limit"] == 77
