"""What a call opens. A stage opens nothing of its own accord: what it reads comes through its context."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import orchestrator

T = TypeVar("T")
_CODE = frozenset({".py", ".pyc", ".pyd", ".so", ".dll", ".dylib"})
_OWN = Path(orchestrator.__file__).parent / "builtin"
"""What comes with the built-in stages (a font) counts as part of them."""
_OPENED: list[str] = []
sys.addaudithook(lambda event, args: _OPENED.append(str(args[0])) if event == "open" else None)


def opened_by(call: Callable[[], T]) -> tuple[T, list[str]]:
    """What the call gives, and the files that it opens, but for code that is imported."""
    _OPENED.clear()
    result = call()
    return result, [name for name in _OPENED if not _is_code(Path(name))]


def _is_code(path: Path) -> bool:
    return path.suffix in _CODE or ".dist-info" in path.as_posix() or path.is_relative_to(_OWN)
