from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer

from training import learn, parcel, sheets, train, weights
from training.vocabulary import MATERIALS, NOUNS, STYLES, SURFACES


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    done: list[str] = []
    train.once(tmp_path, "text", lambda: done.append("first"))
    train.once(tmp_path, "text", lambda: done.append("again"))
    assert done == ["first"]

    def stopped() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train.once(tmp_path, "clip", stopped)
    train.once(tmp_path, "clip", lambda: done.append("clip"))
    assert done == ["first", "clip"]


def test_the_clock_gives_each_training_its_share() -> None:
    bound = train.Clock(1000.0)
    assert bound.left("clip") < bound.left("decoder") < bound.left("unet") <= 1000
    assert bound.left("text") >= train.LEAST["text"]
    assert bound.steps("unet") > 10**8
    free = train.Clock(0.0)
    assert free.left("unet") > 10**8
    assert free.steps("unet") == train.STEPS["unet"]
    assert set(train.SHARES) == set(train.STEPS)


def test_a_part_that_fails_is_begun_once_more(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    part = train.Part(tmp_path, "painter", ["--seconds", "no number"])
    while part.runs():
        part.job.wait()
    assert part.job.returncode
    assert "begun once more, without graphs" in capsys.readouterr().out


def test_the_sheets_show_every_noun_material_and_surface() -> None:
    assert [s.noun for s in sheets.overview()] == list(NOUNS)
    assert {s.style for s in sheets.overview()} == set(STYLES)
    assert {s.material for s in sheets.materials()} == set(MATERIALS)
    assert {s.noun for s in sheets.surfaces()} == set(SURFACES)


def test_weights_travel_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parcel, "PART", 100_000)
    model = torch.nn.ModuleDict({"encoder": torch.nn.Linear(200, 300), "decoder": torch.nn.Linear(300, 200)})
    weights.written(model, tmp_path / "run" / "vae.safetensors")
    with torch.no_grad():
        model["decoder"].weight.add_(1)
    weights.written(model, tmp_path / "run" / "vae-decoder.safetensors")
    parcel.send(tmp_path / "run", tmp_path / "sent")
    assert len(list((tmp_path / "sent").iterdir())) == 4
    parcel.take(tmp_path / "sent", tmp_path / "back")
    for name in ("vae", "vae-decoder"):
        one, two = (weights.read(tmp_path / f / f"{name}.safetensors") for f in ("run", "back"))
        assert all(torch.equal(one[key], two[key]) for key in one)


def test_a_training_goes_on_from_earlier_weights_as_far_as_they_fit(tmp_path: Path) -> None:
    earlier, wider = torch.nn.Linear(4, 3), torch.nn.Linear(4, 3)
    weights.written(earlier, weights.start_file("line", tmp_path))
    assert weights.begun("line", wider, tmp_path)
    assert torch.equal(wider.weight, earlier.weight.half().float())
    other = torch.nn.Linear(5, 3)
    assert not weights.begun("line", other, tmp_path)
    assert torch.equal(other.bias, earlier.bias.half().float())
    assert not weights.begun("nothing", other, tmp_path)


def test_a_tiny_training_goes_through_and_its_parts_can_be_packed(tmp_path: Path) -> None:
    environment = os.environ | {
        "ORCHESTRATOR_TRAINING_TINY": "1",
        "ORCHESTRATOR_TRAINING": str(tmp_path),
        "ORCHESTRATOR_TRAINING_DEVICE": "cpu",
        "OMP_NUM_THREADS": "1",
    }
    script = f"""
from pathlib import Path
from training import pack, render, train
from training.painter import Painter
here, clock = Path({str(tmp_path)!r}), train.Clock(0.0)
render.make(here / "run")
for part in (train.readers, train.pictures, train.painter):
    part(here / "run", clock, 1)
pack.make(here / "run", here / "painter", here / "clip")
assert Painter(here / "painter").draw(["flat style icon of a sword"], [1], 2).shape == (1, 256, 256, 3)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "unet-training DONE 2 steps" in done.stdout
    assert (tmp_path / "run" / "sheets" / "materials.jpg").exists()
    assert (tmp_path / "painter" / "digests.json").exists()


def test_a_tokenizer_learnt_from_nothing_gives_the_ids_of_transformers(tmp_path: Path) -> None:
    texts = learn.corpus(200)
    made = learn.learn(texts, tmp_path, 700)
    plain = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    for text in texts[:50]:
        assert made(text).input_ids[1:-1] == plain.encode(text, add_special_tokens=False).ids
