"""torch's default precision, which belongs to the whole process."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def default_precision_kept() -> Generator[None]:
    """Puts the default precision back: a library that fails amid loading in another one leaves it changed."""
    import torch

    before = torch.get_default_dtype()
    try:
        yield
    finally:
        torch.set_default_dtype(before)
