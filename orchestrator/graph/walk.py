"""One walk along the wires, up or down."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator


def reached(start: Iterable[str], onward: Callable[[str], Iterable[str]]) -> Iterator[str]:
    """Stages that are reached from some, themselves included: breadth first, each once.

    `onward` says where it goes on from a stage; it is asked once that stage was taken.
    """
    waiting, seen = deque(start), set[str]()
    while waiting:
        name = waiting.popleft()
        if name not in seen:
            seen.add(name)
            yield name
            waiting.extend(onward(name))
