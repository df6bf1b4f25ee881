"""What a call opens: no stage opens a file, since all that it reads comes through its context."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_OPENED: list[str] = []
sys.addaudithook(lambda event, args: _OPENED.append(str(args[0])) if event == "open" else None)


def opened_by(call: Callable[[], T]) -> tuple[T, list[str]]:
    """What the call gives, and the files that it opens at its second time, when all modules are imported."""
    call()
    _OPENED.clear()
    return call(), list(_OPENED)
