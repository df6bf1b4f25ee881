"""A short run of each trainer: the loss falls, a resumed run gives the numbers of an uninterrupted one."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tiny import SHAPES, dice, easel
from transformers import CLIPTextModel, CLIPTokenizer

from training import autoencoder, clip, decoder, judge, text_tower, tokens, unet
from training.bank import Bank, hidden_states
from training.captions import caption
from training.loop import Job, train
from training.render import draw_subject
from training.settings import CHANNELS, LATENT, TEXT_WIDTH, TOKENS

Reading = tuple[CLIPTokenizer, CLIPTextModel, list[str], torch.Tensor]
"""Tokenizer, tower, captions, labels."""


def falls(job: Job, probes: int = 4) -> tuple[float, float]:
    """Mean loss over fixed steps before and after training."""

    def probe() -> float:
        total = 0.0
        for step in range(probes):
            torch.manual_seed(99 + step)
            with torch.no_grad():
                total += float(job.loss(step))
        return total / probes

    before = probe()
    train(job)
    return before, probe()


@pytest.fixture(scope="module")
def pictures() -> torch.Tensor:
    torch.set_num_threads(1)
    return autoencoder.pool(easel(), 12, 1)[:, ::4, ::4].contiguous()


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    rng = dice(1)
    subjects = [draw_subject(rng, rng.choice(SHAPES)) for _ in range(96)]
    texts = [caption(s, rng) for s in subjects]
    tokenizer = tokens.learn(texts, tmp_path_factory.mktemp("tokenizer"), 600)
    torch.manual_seed(1)
    tower = text_tower.build(len(tokenizer), tokenizer.bos_token_id, tokenizer.eos_token_id, layers=1)
    rows = torch.tensor([text_tower.labels(s) for s in subjects])
    return tokenizer, tower, texts, rows


def tiny_autoencoder(pictures: torch.Tensor, folder: Path) -> Job:
    return autoencoder.job(pictures, 12, folder, side=64, widths=(8, 8, 16))


def test_autoencoder(pictures: torch.Tensor, tmp_path: Path) -> None:
    job = tiny_autoencoder(pictures, tmp_path)
    before, after = falls(job)
    assert after < before
    autoencoder.fold_statistics(job.model, pictures)
    codes = autoencoder.encode(job.model, pictures)
    assert codes.shape == (12, CHANNELS, 16, 16)
    assert codes.std((0, 2, 3)).allclose(torch.ones(CHANNELS), atol=0.1)


def test_autoencoder_resumes(pictures: torch.Tensor, tmp_path: Path) -> None:
    whole = train(tiny_autoencoder(pictures, tmp_path / "whole"))
    train(tiny_autoencoder(pictures, tmp_path / "halves"), stop_at=6)
    resumed = train(tiny_autoencoder(pictures, tmp_path / "halves"))
    assert all(torch.equal(a, b) for a, b in zip(whole.parameters(), resumed.parameters(), strict=True))


def test_autoencoder_goes_on_from_an_earlier_training(pictures: torch.Tensor, tmp_path: Path) -> None:
    torch.manual_seed(4)
    earlier = autoencoder.build((8, 8, 16))
    earlier.save_pretrained(tmp_path / "vae-start")
    model, warm = autoencoder.begun(tmp_path)
    assert warm
    assert all(torch.equal(a, b) for a, b in zip(earlier.parameters(), model.parameters(), strict=True))
    fresh = tiny_autoencoder(pictures, tmp_path / "new")
    assert autoencoder.job(pictures, 12, tmp_path, side=64).rate < fresh.rate


def test_narrowed_autoencoder_keeps_the_chosen_channels(pictures: torch.Tensor) -> None:
    torch.manual_seed(2)
    model = autoencoder.build((8, 8, 16), 4).eval()
    small = autoencoder.narrowed(model, [0, 2])
    assert torch.allclose(
        autoencoder.encode(model, pictures)[:, [0, 2]], autoencoder.encode(small, pictures), atol=0.05
    )


def test_decoder_polish_leaves_the_encoder_alone(
    pictures: torch.Tensor, reading: Reading, tmp_path: Path
) -> None:
    tokenizer, tower, texts, _ = reading
    torch.manual_seed(3)
    model, net = autoencoder.build((8, 8, 16)), unet.build((16, 32)).eval()
    codes = autoencoder.encode(model.eval(), pictures)
    data = decoder.Pairs(pictures, codes, hidden_states(tower, tokenizer, texts[:12]))
    encoder = {k: v.clone() for k, v in model.encoder.state_dict().items()}
    before, after = falls(decoder.job(model.train(), net, data, 15, tmp_path))
    assert after < before
    assert all(torch.equal(v, encoder[k]) for k, v in model.encoder.state_dict().items())


def test_text_tower(reading: Reading, tmp_path: Path) -> None:
    tokenizer, tower, texts, rows = reading
    ids = tokens.encode(tokenizer, texts)
    assert ids.shape == (96, TOKENS)
    before, after = falls(text_tower.job(text_tower.Reader(tower), ids, rows, 12, tmp_path))
    assert after < 0.9 * before


def bank(reading: Reading) -> Bank:
    tokenizer, tower, texts, _ = reading
    hidden = hidden_states(tower, tokenizer, texts).view(32, 3, TOKENS, TEXT_WIDTH)
    torch.manual_seed(4)
    latents = torch.randn(32, CHANNELS, 1, 1).expand(-1, -1, LATENT, LATENT).half()
    return Bank(latents, hidden, hidden_states(tower, tokenizer, [""])[0])


def unet_job(data: Bank, folder: Path) -> Job:
    torch.manual_seed(5)
    return unet.job(unet.build((16, 32)), data, 16, folder, batch=8)


def test_unet(reading: Reading, tmp_path: Path) -> None:
    before, after = falls(unet_job(bank(reading), tmp_path))
    assert after < before


def test_unet_resumes(reading: Reading, tmp_path: Path) -> None:
    data = bank(reading)
    whole = train(unet_job(data, tmp_path / "whole"))
    train(unet_job(data, tmp_path / "halves"), stop_at=7)
    resumed = train(unet_job(data, tmp_path / "halves"))
    assert all(torch.equal(a, b) for a, b in zip(whole.parameters(), resumed.parameters(), strict=True))


def test_a_tenth_of_the_captions_is_empty(reading: Reading) -> None:
    data = bank(reading)
    torch.manual_seed(6)
    words = unet.pick(data, 2000)[1]
    share = float((words == data.empty.float()).flatten(1).all(1).float().mean())
    assert 0.07 < share < 0.13


def test_sampling_gives_latents(reading: Reading) -> None:
    data = bank(reading)
    model = unet.build((16, 32)).eval()
    made = unet.sample(model, data.hidden[:2, 0], data.empty, 3, 2.0, 7)
    assert made.shape == (2, CHANNELS, LATENT, LATENT)
    assert made.isfinite().all()


def test_judge(tmp_path: Path) -> None:
    torch.manual_seed(8)
    pictures, rows = judge.renders(easel(), 16, 1)
    before, after = falls(judge.job(judge.Judge(), pictures, rows, 8, tmp_path, batch=8))
    assert after < before
    assert judge.verdicts(judge.Judge().eval(), pictures[:4]).shape == (4, 4)


def test_clip(reading: Reading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tokenizer, tower, texts, _ = reading
    few = [(*SHAPES,), ("", "red"), ("white", "dark"), ("flat", "ink")]
    monkeypatch.setattr(clip, "ATTRIBUTES", few)
    monkeypatch.setattr(clip, "SIZES", tuple(len(v) for v in few))
    torch.manual_seed(9)
    pictures = torch.randint(0, 255, (12, clip.SIDE, clip.SIDE, 3), dtype=torch.uint8)
    rows = torch.stack([torch.randint(0, len(v), (12,)) for v in few], 1)
    every = clip.pooled(
        tower,
        tokenizer,
        [clip.subject_text(n, c, b, s) for n in few[0] for c in few[1] for b in few[2] for s in few[3]],
    )
    nouns = clip.pooled(tower, tokenizer, [clip.noun_text(n) for n in few[0]])
    data = clip.Album(
        pictures, rows, clip.pooled(tower, tokenizer, texts[:12]), every.view(*clip.SIZES, -1), nouns
    )
    model = clip.build(tower)
    before, after = falls(clip.job(model, data, 15, tmp_path, batch=12))
    assert after < before
    assert not any(p.requires_grad for p in model.text_model.parameters())
    assert 0 <= clip.zero_shot(model, data) <= 1
