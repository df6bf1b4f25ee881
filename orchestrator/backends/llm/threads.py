"""How many threads a small language model runs on."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def torch_threads(count: int) -> Generator[None]:
    """Runs torch on so many threads, and leaves the process with as many as it had."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
