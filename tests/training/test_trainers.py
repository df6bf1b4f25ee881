"""What each trainer minimises, on made-up nets: gradients arrive where they should and nowhere else."""

from __future__ import annotations

from pathlib import Path

import torch
from tiny import easel
from torch import nn

from training import autoencoder, decoder, judge, tokens
from training.easel import poses, some
from training.loop import Job, train
from training.settings import CHANNELS, TOKENS
from training.vocabulary import MATERIALS


def pictures(count: int = 2) -> torch.Tensor:
    return torch.rand(count, 3, 32, 32, generator=torch.Generator().manual_seed(5)) * 2 - 1


def blurred(true: torch.Tensor) -> torch.Tensor:
    return nn.functional.avg_pool2d(nn.functional.pad(true, (1, 1, 1, 1), mode="replicate"), 3, 1)


def test_distance_and_crispness_are_nothing_for_the_same_picture_and_grow_with_blur() -> None:
    true = pictures()
    assert float(autoencoder.distance(true, true)) == 0
    assert float(decoder.crispness(true, true)) == 0
    assert float(autoencoder.distance(blurred(true), true)) > 0.1
    assert float(decoder.crispness(blurred(true), true)) > 0.1


def test_sharpness_is_one_for_the_same_picture_and_less_for_a_blurred_one() -> None:
    true = pictures()
    assert torch.allclose(autoencoder.sharpness(true, true), torch.ones(2))
    assert float(autoencoder.sharpness(blurred(true), true).max()) < 0.5
    assert float(autoencoder.psnr(true, true).min()) > 90
    assert float(autoencoder.psnr(blurred(true), true).max()) < 20


def test_folding_makes_the_latents_mean_nought_and_deviation_one() -> None:
    torch.manual_seed(2)
    model = autoencoder.prepared(autoencoder.build())
    shown = torch.rand(8, 3, 64, 64) * 2 - 1
    autoencoder.fold(model, shown)
    codes = autoencoder.encode(model, shown)
    assert codes.shape == (8, CHANNELS, 4, 4)
    assert codes.std((0, 2, 3)).allclose(torch.ones(CHANNELS), atol=0.15)
    assert codes.mean((0, 2, 3)).allclose(torch.zeros(CHANNELS), atol=0.15)


def test_the_critic_learns_and_its_gradient_reaches_the_decoded_picture_turned_round() -> None:
    torch.manual_seed(3)
    critic = decoder.Critic()
    true, made = pictures(), blurred(pictures()).requires_grad_()
    critic.told(made, true, 0.5).backward()
    turned = made.grad
    assert turned is not None
    assert any(p.grad is not None and float(p.grad.abs().sum()) > 0 for p in critic.parameters())
    plain = blurred(pictures()).requires_grad_()
    critic.eval()
    nn.functional.softplus(critic(plain) - critic(true)).mean().backward()
    assert plain.grad is not None
    assert float((turned * plain.grad).sum()) < 0


def test_token_ids_are_marked_cut_and_padded() -> None:
    ids = tokens.encode(["a red sword", " ".join(["sword"] * 100), ""])
    assert ids.shape == (3, TOKENS)
    assert int(ids[1, -1]) == tokens.end()
    assert int(ids[2, 1]) == tokens.end()
    rows = some(6, torch.Generator().manual_seed(1)).rows()
    captions = tokens.captions_of(rows, 2, 3, 1)
    assert captions.shape == (6, 2, TOKENS)
    assert torch.equal(captions, tokens.captions_of(rows, 2, 3, 1))


def test_gold_is_read_as_a_material_and_a_usual_one_as_none() -> None:
    gold, iron = judge._GOLD, MATERIALS.index("iron")
    rows = torch.tensor([[0, gold, 0, 0, 0], [0, gold, 0, 0, iron], [0, 0, 0, 0, 0]])
    assert judge.read_as(rows).tolist() == [len(judge.READ) - 1, judge.READ.index("iron"), -1]


def test_the_judge_of_materials_learns(tmp_path: Path) -> None:
    torch.manual_seed(4)
    subjects = some(400, torch.Generator().manual_seed(1), made=1.0)
    kept = torch.isin(subjects.material, torch.tensor([1, 2]))
    subjects = subjects.part(kept.nonzero()[:, 0][:24])._replace(noun=torch.zeros(24, dtype=torch.long))
    shown = easel().draw(subjects, poses(24, torch.Generator().manual_seed(2)))
    truth = judge.read_as(subjects.rows())
    model = judge.MaterialJudge()

    def loss(given: torch.Tensor) -> torch.Tensor:
        return nn.functional.cross_entropy(model(given), truth)

    before = float(loss(shown).detach())
    train(Job("judge", model, lambda _: (shown,), loss, tmp_path, steps=12, warmup=2, rate=2e-3, average=0.0))
    model.train()
    assert float(loss(shown).detach()) < 0.6 * before
