"""What of torch belongs to the whole process, and is put back: threads and the default precision."""

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


@contextmanager
def default_precision_kept() -> Generator[None]:
    """Puts the default precision back: a library that fails amid loading in another one leaves it changed."""
    import torch

    before = torch.get_default_dtype()
    try:
        yield
    finally:
        torch.set_default_dtype(before)
