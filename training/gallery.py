"""A store of pictures on the device, renewed a part at a time.

Since drawing one anew for every step costs more.
"""

from __future__ import annotations

import torch

from training import tokens
from training.captions import short, subject
from training.easel import Easel, poses, some
from training.settings import DEVICE, SIZE, sized

_AT_ONCE = sized(256, 8)


class Gallery:
    """`count` pictures by chance as bytes, their subjects' rows and the ids of their short captions."""

    def __init__(self, easel: Easel, count: int, seed: int, *, made: float = 0.4) -> None:
        self.easel, self.count, self.made, self._next = easel, count, made, 0
        self.generator = torch.Generator().manual_seed(seed)
        self.pictures = torch.empty(count, 3, SIZE, SIZE, dtype=torch.uint8, device=DEVICE)
        self.rows = torch.empty(count, 5, dtype=torch.long, device=DEVICE)
        self.ids = torch.empty(count, tokens.encode([""]).shape[1], dtype=torch.long, device=DEVICE)
        for _ in range(0, count, _AT_ONCE):
            self.renew(_AT_ONCE)

    def renew(self, count: int = _AT_ONCE) -> None:
        """Draws the oldest pictures anew."""
        subjects = some(count, self.generator, made=self.made)
        made = self.easel.draw(subjects, poses(count, self.generator))
        places = (torch.arange(self._next, self._next + count) % self.count).to(DEVICE)
        self.pictures[places] = ((made + 1) * 127.5).round().byte()
        self.rows[places] = subjects.rows().to(DEVICE)
        self.ids[places] = tokens.encode([short(subject(row)) for row in subjects.rows().tolist()]).to(DEVICE)
        self._next = (self._next + count) % self.count

    def pick(self, count: int) -> torch.Tensor:
        """Indexes of pictures by chance."""
        return torch.randint(0, self.count, (count,), device=DEVICE)

    def at(self, picked: torch.Tensor) -> torch.Tensor:
        """Pictures from -1 to 1, N × 3 × SIZE × SIZE."""
        return self.pictures[picked].float() / 127.5 - 1
