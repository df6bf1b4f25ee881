from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from orchestrator.backends.clip.doubles import ConstantScorer, PatternScorer
from orchestrator.backends.clip.pixels import Preparation
from orchestrator.backends.describe import describe
from orchestrator.backends.load import Loader
from orchestrator.config import Settings
from orchestrator.errors import Cancelled, ModelUnavailable, Span
from orchestrator.recipe import ModelChoice
from orchestrator.stage import Failure, Scorer
from orchestrator.stage.card import Card
from tests.backends import sources
from tests.machine import settings_at

SPAN = Span.point("recipe.yaml", 4, 17)
RED, BLUE = Image.new("RGB", (40, 30), "red"), Image.new("RGB", (30, 40), "blue")


def never() -> bool:
    return False


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny random CLIP in the folder format of transformers."""
    from transformers import CLIPConfig, CLIPModel, CLIPTextConfig, CLIPVisionConfig

    torch.manual_seed(3)
    folder = tmp_path_factory.mktemp("whole") / "clip"
    letters = [chr(at) for at in range(33, 127)]
    words = [*letters, *(f"{letter}</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    small: dict[str, Any] = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1}
    small |= {"num_attention_heads": 2, "projection_dim": 8}
    text = CLIPTextConfig(
        **small, vocab_size=len(words), max_position_embeddings=24, bos_token_id=188, eos_token_id=189
    )
    vision = CLIPVisionConfig(**small, image_size=16, patch_size=8)
    config = CLIPConfig(text_config=text.to_dict(), vision_config=vision.to_dict(), projection_dim=8)
    CLIPModel(config).save_pretrained(folder)
    special = {"bos_token": words[-2], "eos_token": words[-1], "pad_token": words[-1], "unk_token": words[-1]}
    files: dict[str, object] = {
        "vocab.json": {word: at for at, word in enumerate(words)},
        "special_tokens_map.json": special,
        "tokenizer_config.json": {**special, "tokenizer_class": "CLIPTokenizer", "model_max_length": 24},
        "preprocessor_config.json": {"size": {"shortest_edge": 16}, "crop_size": {"height": 16, "width": 16}},
    }
    for name, value in files.items():
        (folder / name).write_text(json.dumps(value), "utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n", "utf-8")
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """A copy that a test may break."""
    import shutil

    return Path(shutil.copytree(whole, tmp_path / "models" / "clip"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_at(tmp_path / "store")


@pytest.fixture(scope="module")
def scorer(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Scorer:
    settings = settings_at(tmp_path_factory.mktemp("store"))
    model = Loader(settings)(describe(choice(whole.as_posix()), settings, whole))
    assert isinstance(model, Scorer)
    return model


def choice(source: str, given: object | None = None) -> ModelChoice:
    return sources.choice("judge", "clip", source, SPAN, given)


def refused(folder: Path, settings: Settings) -> str:
    with pytest.raises(ModelUnavailable) as error:
        describe(choice("./models/clip"), settings, folder.parents[1])
    assert error.value.finding.span == SPAN
    assert error.value.finding.why
    assert error.value.finding.help
    return f"{error.value.finding.code} {error.value.finding.message}"


def test_a_folder_is_described_with_a_card_of_its_own_making(folder: Path, settings: Settings) -> None:
    described = describe(choice("./models/clip"), settings, folder.parents[1])
    assert (described.kind, described.card.width, described.card.prompt_tokens) == ("clip", 16, 24)
    assert described.card.nouns == ()
    assert pickle.loads(pickle.dumps(described)) == described  # noqa: S301 - our own bytes
    (folder / "readme.txt").write_text("not opened, not counted")
    assert describe(choice("./models/clip"), settings, folder.parents[1]).identity == described.identity
    (folder / "merges.txt").write_text("#version: 0.2\na b\n")
    assert describe(choice("./models/clip"), settings, folder.parents[1]).identity != described.identity


def test_a_card_beside_the_weights_is_read(folder: Path, settings: Settings) -> None:
    (folder / "card.json").write_text(Card(name="own", kind="clip", nouns=("cat",)).model_dump_json())
    assert describe(choice("./models/clip"), settings, folder.parents[1]).card.nouns == ("cat",)
    (folder / "card.json").write_text('{"nam": 1}')
    assert refused(folder, settings).startswith("E374 card.json")


def test_what_is_missing_or_strange_is_refused(folder: Path, settings: Settings) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    assert "pytorch_model.bin alone" in refused(folder, settings)
    (folder / "config.json").write_text('{"model_type": "siglip"}')
    assert refused(folder, settings).startswith("E371")
    (folder / "config.json").write_text("[]")
    assert refused(folder, settings).startswith("E374 config.json")
    (folder / "config.json").unlink()
    assert refused(folder, settings).startswith("E370")


def test_a_file_cut_short_is_found_before_it_is_opened(folder: Path, settings: Settings) -> None:
    import hashlib

    weights = folder / "model.safetensors"
    named = {"model.safetensors": hashlib.sha256(weights.read_bytes()).hexdigest()}
    (folder / "digests.json").write_text(json.dumps(named))
    describe(choice("./models/clip"), settings, folder.parents[1])
    weights.write_bytes(weights.read_bytes()[:-7])
    assert refused(folder, settings).startswith("E373 model.safetensors")


def test_damage_without_digests_is_found_when_loading(folder: Path, settings: Settings) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-7])
    described = describe(choice("./models/clip"), settings, folder.parents[1])
    with pytest.raises(ModelUnavailable) as error:
        Loader(settings)(described)
    assert error.value.finding.code == "E374"


def test_a_folder_that_changes_after_it_was_checked_is_not_loaded(folder: Path, settings: Settings) -> None:
    described = describe(choice("./models/clip"), settings, folder.parents[1])
    (folder / "merges.txt").write_text("#version: 0.2\na b\n")
    with pytest.raises(ModelUnavailable, match="changed"):
        Loader(settings)(described)


def test_scores_are_cosines_and_do_not_depend_on_what_shares_the_call(scorer: Scorer) -> None:
    together = scorer.score([RED, BLUE, RED], ["a cat", "a cat", "a sword"], never)
    assert all(isinstance(value, float) and -1 <= value <= 1 for value in together)
    assert together[0] == scorer.score([RED], ["a cat"], never)[0]
    assert len(set(together)) == 3
    assert {"torch", "transformers", "device", "dtype", "threads"} <= set(scorer.environment)


def test_shares_are_a_softmax_over_the_vocabulary(scorer: Scorer) -> None:
    shares = scorer.classify([RED, BLUE], ["cat", "dog", "sword"], never)
    for share in shares:
        assert not isinstance(share, Failure)
        assert sum(share.values()) == pytest.approx(1)
        assert list(share) == ["cat", "dog", "sword"]
    cosines = scorer.score([RED] * 3, ["cat", "dog", "sword"], never)
    first = shares[0]
    assert not isinstance(first, Failure)
    assert max(first, key=lambda word: first[word]) == ["cat", "dog", "sword"][cosines.index(max(cosines))]  # type: ignore[type-var]


def test_it_agrees_with_the_library_on_a_picture_of_its_own_size(scorer: Scorer, whole: Path) -> None:
    from transformers import CLIPModel, CLIPTokenizer

    model: Any = CLIPModel.from_pretrained(whole).eval()
    tokens = CLIPTokenizer.from_pretrained(whole)(["a cat"], return_tensors="pt")
    picture = Image.effect_noise((16, 16), 90).convert("RGB")
    pixels = torch.from_numpy(Preparation(16, 16, 16).prepare(picture))[None]
    with torch.inference_mode():
        made = model(**tokens, pixel_values=pixels)
    expected = float((made.image_embeds @ made.text_embeds.T)[0, 0])
    assert scorer.score([picture], ["a cat"], never)[0] == pytest.approx(expected, abs=1e-5)


def test_a_long_text_is_cut_and_any_picture_is_taken(scorer: Scorer) -> None:
    modes = ("L", "LA", "RGB", "RGBA", "I;16")
    pictures = [
        Image.new(mode, size)
        for mode, size in zip(modes, [(1, 1), (3, 90), (64, 8), (9, 9), (5, 5)], strict=True)
    ]
    scores = scorer.score(pictures, ["word " * 400] * 5, never)
    assert all(isinstance(value, float) for value in scores)


def test_a_stop_is_heeded(scorer: Scorer) -> None:
    with pytest.raises(Cancelled):
        scorer.score([RED], ["a cat"], lambda: True)


def test_transparency_lies_on_white_and_the_middle_is_seen() -> None:
    clear = Image.new("RGBA", (8, 8), (255, 0, 0, 0))
    prepared = Preparation(4, 4, 4, mean=(0, 0, 0), deviation=(1, 1, 1))
    assert prepared.prepare(clear).min() == 1
    wide = Image.new("RGB", (12, 4), "black")
    wide.paste("white", (4, 0, 8, 4))
    assert prepared.prepare(wide).min() == 1
    assert (
        Preparation.read({"size": 20, "crop_size": 10, "resample": 2}).resample is Image.Resampling.BILINEAR
    )
    uncropped = {"size": {"height": 7, "width": 9}, "crop_size": 224, "do_center_crop": False}
    assert (Preparation.read(uncropped).height, Preparation.read(uncropped).width) == (7, 9)
    assert Preparation.read({"size": {"height": 7, "width": 9}}).shortest is None


def test_the_doubles_are_scorers_that_vouch_for_themselves(settings: Settings, tmp_path: Path) -> None:
    for double in (ConstantScorer(), PatternScorer()):
        first, second = (describe(choice("", double), settings, tmp_path) for _ in range(2))
        assert first.identity == second.identity
        assert Loader(settings)(first) is double
        assert isinstance(double, Scorer)
        assert double.score([RED, BLUE], ["a", "b"], never) == double.score([RED, BLUE], ["a", "b"], never)
    assert isinstance(PatternScorer().score([RED], ["refuse"], never)[0], Failure)
    with pytest.raises(ModelUnavailable, match="no scorer"):
        describe(choice("", object()), settings, tmp_path)


def test_describing_imports_no_heavy_library() -> None:
    heavy = "{'torch', 'transformers', 'PIL'}"
    code = f"import sys, orchestrator.backends.clip.describe; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
