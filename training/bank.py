"""The bank of latents that the UNet learns from, renewed while it trains."""

from __future__ import annotations

from pathlib import Path

import torch

from training import autoencoder, tokens
from training.easel import Easel, poses, some
from training.loop import Tensors
from training.settings import BF16, CHANNELS, DEVICE, LATENT, TOKENS, say, sized

CAPTIONS = 2


class Plan:
    """Subjects by chance and `CAPTIONS` captions of each: made by several processes.

    Before a CUDA context exists.
    """

    def __init__(self, count: int, processes: int, seed: int = 31) -> None:
        generator = torch.Generator().manual_seed(seed)
        self.subjects, self.poses = some(count, generator), poses(count, generator)
        self.ids = tokens.captions_of(self.subjects.rows(), CAPTIONS, seed + 1, processes)
        self.count = count


class Bank:
    """`count` latents with their captions' ids on the device; goes through a longer plan, round and round.

    Where the run's autoencoder is replaced by a newer one, all latents are made anew.
    """

    def __init__(self, folder: Path, easel: Easel, plan: Plan, count: int) -> None:
        self.folder, self.easel, self.plan, self.count = folder, easel, plan, count
        self.ids = torch.empty(count, CAPTIONS, TOKENS, dtype=torch.int16, device=DEVICE)
        self.latents = torch.empty(count, CHANNELS, LATENT, LATENT, dtype=BF16, device=DEVICE)
        self._next, self._place = 0, 0
        self.file = autoencoder.latest(folder)
        self.model = autoencoder.load(self.file)
        self._fill()

    def _fill(self) -> None:
        for _ in range(0, self.count, 256):
            self.renew(min(256, self.count))
        say("bank:", self.count, "latents by", self.file)

    def renew(self, count: int) -> None:
        """Draws and encodes the next pictures of the plan over the oldest latents."""
        rows = torch.arange(self._next, self._next + count) % self.plan.count
        places = (torch.arange(self._place, self._place + count) % self.count).to(DEVICE)
        pictures = self.easel.draw(self.plan.subjects.part(rows), self.plan.poses.part(rows))
        self.latents[places] = autoencoder.encode(self.model, pictures).to(BF16)
        self.ids[places] = self.plan.ids[rows].to(DEVICE)
        self._next, self._place = (self._next + count) % self.plan.count, (self._place + count) % self.count

    def tend(self, step: int) -> None:
        """What is to be done before a step."""
        if step % 20 == 0:
            self.renew(sized(256, 4))
        if step % 50 == 0 and autoencoder.latest(self.folder) != self.file:
            self.file = autoencoder.latest(self.folder)
            self.model = autoencoder.load(self.file)
            self._fill()

    def pick(self, size: int) -> Tensors:
        """Latents and ids of one caption of each, by chance."""
        rows = torch.randint(0, self.count, (size,), device=DEVICE)
        which = torch.randint(0, CAPTIONS, (size,), device=DEVICE)
        return self.latents[rows].float(), self.ids[rows, which].long()
