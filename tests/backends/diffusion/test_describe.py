from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from orchestrator.backends.describe import describe as describe_any
from orchestrator.backends.diffusion.describe import EMBEDDED
from orchestrator.backends.diffusion.families import FAMILIES
from orchestrator.backends.diffusion.handed_in import painter
from orchestrator.backends.diffusion.pattern import PatternPainter
from orchestrator.backends.digests import FileDigests
from orchestrator.backends.embedded import writer
from orchestrator.config import Settings
from orchestrator.errors import ModelUnavailable, Span
from orchestrator.recipe import Folder, ModelChoice
from orchestrator.stage import Card, Description
from tests.backends.diffusion.finding import finding_of

Describe = Callable[..., Description]
PINNED = "huggingface:CompVis/stable-diffusion-v1-4@133a221b8aa7292a167afc5127cb63fb5005638b"


def test_a_folder_is_described_by_its_settings(describe: Describe, sd14: Path) -> None:
    described = describe(sd14)
    assert described.kind == "diffusion"
    assert described.identity.startswith("sha256:")
    card = described.card
    assert (card.family, card.width, card.height, card.steps, card.guidance_scale) == (
        "stable-diffusion", 64, 64, 50, 7.5,
    )  # fmt: skip
    assert card.schedulers[0] == "PNDMScheduler"
    assert "EulerDiscreteScheduler" in card.schedulers
    assert card.prompt_tokens == 77


def test_describing_imports_no_heavy_library(sd14: Path, tmp_path: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from orchestrator.backends.describe import describe
from orchestrator.config import Settings
from orchestrator.errors import Span
from orchestrator.recipe import Folder, ModelChoice
choice = ModelChoice("p", "diffusion", Folder({str(sd14)!r}), Span.point("r"))
describe(choice, Settings(Path({str(tmp_path)!r})), Path("."))
print([name for name in ("torch", "transformers", "diffusers", "numpy", "PIL") if name in sys.modules])
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_the_identity_is_of_bytes_and_not_of_place(describe: Describe, sd14: Path, own_sd14: Path) -> None:
    assert describe(own_sd14).identity == describe(sd14).identity
    config = own_sd14 / "unet" / "config.json"
    config.write_text(config.read_text() + "\n")
    assert describe(own_sd14).identity != describe(sd14).identity


def test_pickles_and_what_is_not_loaded_do_not_count(describe: Describe, sd14: Path, own_sd14: Path) -> None:
    (own_sd14 / "unet" / "diffusion_pytorch_model.bin").write_bytes(b"other bytes")
    (own_sd14 / "safety_checker" / "pytorch_model.bin").unlink()
    assert describe(own_sd14).identity == describe(sd14).identity


def test_digests_are_remembered_and_a_touched_file_is_read_again(
    describe: Describe, own_sd14: Path, settings: Settings
) -> None:
    before = describe(own_sd14).identity
    memory = settings.store / "model-digests.json"
    assert "unet" in memory.read_text()
    weights = own_sd14 / "unet" / "diffusion_pytorch_model.safetensors"
    held = bytearray(weights.read_bytes())
    state = weights.stat()
    held[-1] ^= 1
    weights.write_bytes(held)
    os.utime(weights, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert describe(own_sd14).identity != before


def test_a_broken_memory_or_a_store_that_cannot_be_written_is_no_error(
    describe: Describe, sd14: Path, settings: Settings, tmp_path: Path
) -> None:
    settings.store.mkdir()
    (settings.store / "model-digests.json").write_text("[broken")
    identity = describe(sd14).identity
    (tmp_path / "file").write_text("")
    digests = FileDigests.remembered(tmp_path / "file" / "store")
    assert digests.of(sd14 / "model_index.json").startswith("sha256:")
    digests.keep()
    assert describe(sd14).identity == identity


def test_a_relative_folder_counts_from_the_recipe(describe: Describe, own_sd14: Path) -> None:
    assert describe("./sd14").location == str(own_sd14.resolve())


def test_every_text_to_image_class_of_diffusers_is_known_or_left_out_on_purpose() -> None:
    from diffusers.pipelines import auto_pipeline

    left_out = ("ControlNet", "Combined", "Control", "Kontext", "IFPipeline", "Omni", "Helios")
    classes = {kind.__name__ for kind in auto_pipeline.AUTO_TEXT2IMAGE_PIPELINES_MAPPING.values()}
    assert set(FAMILIES) - {"StableDiffusionImg2ImgPipeline"} <= classes
    missing = {name for name in classes - set(FAMILIES) if not any(word in name for word in left_out)}
    # New families join the table once somebody has drawn with them.
    assert missing <= {
        "GlmImagePipeline",
        "Ideogram4Pipeline",
        "Krea2Pipeline",
        "NucleusMoEImagePipeline",
        "OvisImagePipeline",
        "PRXPipeline",
        "QwenImage21Pipeline",
    }


def test_a_missing_folder_and_one_that_looks_like_a_hub_model(describe: Describe) -> None:
    assert finding_of(describe, "./models/none").code == "E303"
    found = finding_of(describe, "CompVis/stable-diffusion-v1-4")
    assert (found.code, found.fix) == ("E303", "")  # nobody can paste a commit that has to be looked up
    assert "huggingface:CompVis/stable-diffusion-v1-4@COMMIT" in found.help


def test_a_folder_that_is_no_model(describe: Describe, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "readme.txt").write_text("hello")
    found = finding_of(describe, "./notes")
    assert found.code == "E304"
    assert "readme.txt" in found.why


def test_a_single_file_checkpoint_is_told_how_to_be_converted(describe: Describe, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "big.safetensors").write_bytes(b"")
    (tmp_path / "models" / "big.ckpt").write_bytes(b"")
    assert "from_single_file" in finding_of(describe, "./models").help
    assert finding_of(describe, "./models/big.ckpt").code == "E307"


def test_a_language_models_folder(describe: Describe, tmp_path: Path) -> None:
    (tmp_path / "llama").mkdir()
    (tmp_path / "llama" / "config.json").write_text("{}")
    (tmp_path / "llama" / "model.safetensors").write_bytes(b"")
    assert "llm:" in finding_of(describe, "./llama").help


@pytest.mark.parametrize("text", ["{", "[]", "\x00", '{"_class_name": '])
def test_broken_json(describe: Describe, own_sd14: Path, text: str) -> None:
    (own_sd14 / "model_index.json").write_text(text)
    assert finding_of(describe, own_sd14).code == "E305"


def test_broken_settings_of_a_component(describe: Describe, own_sd14: Path) -> None:
    (own_sd14 / "unet" / "config.json").write_bytes(b"\xff\xfe")
    found = finding_of(describe, own_sd14)
    assert found.code == "E305"
    assert "unet/config.json" in found.message


@pytest.mark.parametrize(
    "name", ["StableDiffusionUpscalePipeline", "AudioLDMPipeline", None, ["mine", "Mine"]]
)
def test_a_pipeline_that_draws_nothing_from_text(describe: Describe, own_sd14: Path, name: object) -> None:
    index = own_sd14 / "model_index.json"
    index.write_text(json.dumps(json.loads(index.read_text()) | {"_class_name": name}))
    assert finding_of(describe, own_sd14).code == "E306"


def test_weights_as_pickles_alone(describe: Describe, own_sd14: Path) -> None:
    (own_sd14 / "unet" / "diffusion_pytorch_model.safetensors").unlink()
    found = finding_of(describe, own_sd14)
    assert found.code == "E307"
    assert "unet/diffusion_pytorch_model.bin" in found.message


@pytest.mark.parametrize("gone", ["vae/diffusion_pytorch_model.safetensors", "vae/config.json"])
def test_files_that_are_missing(describe: Describe, own_sd14: Path, gone: str) -> None:
    (own_sd14 / gone).unlink()
    assert finding_of(describe, own_sd14).code == "E308"


def test_a_tokenizer_without_words(describe: Describe, own_sd14: Path) -> None:
    for name in ("tokenizer.json", "vocab.json"):
        (own_sd14 / "tokenizer" / name).unlink(missing_ok=True)
    (own_sd14 / "tokenizer" / "tokenizer_config.json").write_text("{}")
    found = finding_of(describe, own_sd14)
    assert (found.code, "vocabulary" in found.message) == ("E308", True)


def test_weights_that_are_pointers(describe: Describe, own_sd14: Path) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
    (own_sd14 / "unet" / "diffusion_pytorch_model.safetensors").write_bytes(pointer)
    found = finding_of(describe, own_sd14)
    assert (found.code, "git lfs pull" in found.message) == ("E309", True)


@pytest.mark.parametrize("keep", [0, 4, 100, -1, -1000])
def test_a_weights_file_cut_short(describe: Describe, own_sd14: Path, keep: int) -> None:
    weights = own_sd14 / "vae" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:keep])
    assert finding_of(describe, own_sd14).code == "E309"


def test_an_altered_file_is_found_by_its_digest(describe: Describe, own_sd14: Path) -> None:
    name = "vae/diffusion_pytorch_model.safetensors"
    digest = FileDigests(own_sd14).of(own_sd14 / name)
    (own_sd14 / "digests.json").write_text(json.dumps({name: digest}))
    assert describe(own_sd14).identity
    held = bytearray((own_sd14 / name).read_bytes())
    held[-1] ^= 1
    (own_sd14 / name).write_bytes(held)
    found = finding_of(describe, own_sd14)
    assert found.code == "E309"
    assert name in found.message


def test_a_component_with_code_of_its_own(describe: Describe, own_sd14: Path) -> None:
    index = own_sd14 / "model_index.json"
    index.write_text(json.dumps(json.loads(index.read_text()) | {"unet": ["my_code", "MyUNet"]}))
    assert finding_of(describe, own_sd14).code == "E312"
    elsewhere = {"../../unet": ["diffusers", "UNet2DConditionModel"]}
    index.write_text(json.dumps({"_class_name": "StableDiffusionPipeline"} | elsewhere))
    assert finding_of(describe, own_sd14).code == "E312"


def test_a_card_of_its_own_is_read_and_checked(describe: Describe, own_sd14: Path) -> None:
    card = own_sd14 / "card.json"
    card.write_text(
        json.dumps({"name": "mine", "kind": "diffusion", "caption": "a {noun}", "nouns": ["cat"]})
    )
    identity = describe(own_sd14).identity
    assert describe(own_sd14).card.nouns == ("cat",)
    for broken in ({"kind": "diffusion"}, {"name": "a", "kind": "diffusion", "nuons": []}, []):
        card.write_text(json.dumps(broken))
        assert finding_of(describe, own_sd14).code == "E313"
    card.unlink()
    assert describe(own_sd14).identity == identity


@pytest.mark.parametrize("caption", ["{noun.__class__}", "{noun:99999999}", "{other}", "{noun!r}", "{", "{}"])
def test_a_caption_cannot_reach_into_python(describe: Describe, own_sd14: Path, caption: str) -> None:
    (own_sd14 / "card.json").write_text(json.dumps({"name": "a", "kind": "diffusion", "caption": caption}))
    assert finding_of(describe, own_sd14).code == "E313"


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub" / "models--CompVis--stable-diffusion-v1-4" / "snapshots"


@pytest.mark.usefixtures("hub")
def test_a_model_that_is_not_in_the_cache_says_how_to_get_it(describe: Describe) -> None:
    found = finding_of(describe, PINNED)
    assert found.code == "E310"
    assert found.fix == (
        "hf download CompVis/stable-diffusion-v1-4 --revision 133a221b8aa7292a167afc5127cb63fb5005638b"
    )
    assert "painter: {diffusion: models/stable-diffusion-v1-4}" in found.help


def test_a_model_in_the_cache_is_found_at_its_commit(describe: Describe, sd14: Path, hub: Path) -> None:
    hub.mkdir(parents=True)
    (hub / PINNED.partition("@")[2]).symlink_to(sd14, target_is_directory=True)
    described = describe(PINNED)
    assert described.identity == describe(sd14).identity
    assert described.card.name == "CompVis/stable-diffusion-v1-4@133a221b"


def test_a_revision_that_is_no_commit_is_refused_and_offers_the_cached_one(
    describe: Describe, hub: Path
) -> None:
    commit = PINNED.partition("@")[2]
    (hub / commit).mkdir(parents=True)
    found = finding_of(describe, "huggingface:CompVis/stable-diffusion-v1-4@main")
    assert (found.code, found.fix) == ("E311", PINNED)


def test_an_object_that_draws_nothing(describe: Describe) -> None:
    assert finding_of(describe, "<python>", {"no": "painter"}).code == "E314"


@pytest.mark.parametrize("lacking", ["card", "environment", "paint"])
def test_an_object_that_lacks_what_a_painter_has(describe: Describe, lacking: str) -> None:
    own = PatternPainter()
    has = {name: getattr(own, name) for name in ("card", "environment", "paint") if name != lacking}
    assert finding_of(describe, "<python>", SimpleNamespace(**has)).code == "E314"


def test_a_class_in_place_of_a_painter(describe: Describe) -> None:
    class Own(PatternPainter):
        card, environment = PatternPainter().card, PatternPainter().environment

    assert describe("<python>", Own()).card == Own.card
    assert finding_of(describe, "<python>", Own).code == "E314"


def test_a_painter_of_ones_own_vouches_for_itself(describe: Describe) -> None:
    own = PatternPainter()
    assert describe("<python>", own).identity == describe("<python>", painter(own)).identity
    assert describe("<python>", own).card.name == "pattern-painter"
    other = painter(own, identity="studio@3")
    assert describe("<python>", other).identity != describe("<python>", own).identity
    assert replace(describe("<python>", own), handed_in=None).source == "<python>"


def test_the_shipped_cards_need_no_validation() -> None:
    data = (EMBEDDED / "card.json").read_bytes()
    assert Card.shipped(data) == Card.model_validate_json(data)
    assert Card.shipped(data).model_dump_json() == Card.model_validate_json(data).model_dump_json()
    assert Card.model_validate(writer.CARD.model_dump()) == writer.CARD


def test_a_folder_named_with_a_tilde_is_no_home(tmp_path: Path) -> None:
    choice = ModelChoice("painter", "diffusion", Folder("./~nobody/sd"), Span.point("recipe.yaml"))
    with pytest.raises(ModelUnavailable) as error:
        describe_any(choice, Settings(store=tmp_path), tmp_path)
    assert error.value.finding.code == "E303"
