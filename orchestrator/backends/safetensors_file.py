"""Whether a file of weights is whole, by its first bytes; no weights are read."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Final, cast

_LARGEST_HEADER: Final = 100_000_000
_POINTER: Final = b"version https://git-lfs.github.com/spec/"


def problem_in(path: Path) -> str:
    """What is wrong with a file by its own header; "" if its size is as the header says."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(len(_POINTER))
        if start == _POINTER:
            return "it is a pointer of Git LFS, and `git lfs pull` fetches the file itself"
        file.seek(8)
        length = struct.unpack("<Q", start[:8])[0] if len(start) >= 8 else size  # noqa: PLR2004 - the format's prefix
        if length + 8 > size or length > _LARGEST_HEADER:
            return "it is cut short"
        try:
            header = cast("dict[str, dict[str, list[int]]]", json.loads(file.read(length)))
            ends = [tensor["data_offsets"][1] for name, tensor in header.items() if name != "__metadata__"]
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
            return "its header cannot be read"
    expected = 8 + length + max(ends, default=0)
    return "" if expected == size else f"it has {size} bytes where its header says {expected}"
