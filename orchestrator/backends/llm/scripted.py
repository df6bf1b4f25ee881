"""A writer for tests: answers by a script, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from orchestrator.stage import Failure, WriteReply, WriteRequest

Script = Callable[[WriteRequest], WriteReply | Failure]


def first_choices(request: WriteRequest) -> WriteReply:
    """Ranks every slot in the order in which its values were given."""
    return WriteReply(ranked=dict(request.choices))


def preferring(**best: str) -> Script:
    """Ranks the named value of a slot first: `preferring(category="weapon")`."""

    def script(request: WriteRequest) -> WriteReply:
        ranked = {
            slot: tuple(sorted(values, key=lambda value, slot=slot: value != best.get(slot)))
            for slot, values in request.choices.items()
        }
        return WriteReply(ranked=ranked)

    return script


@dataclass(slots=True)
class ScriptedWriter:
    """Stands in for a language model; `asked` holds every request."""

    script: Script = first_choices
    asked: list[WriteRequest] = field(default_factory=list[WriteRequest])
    environment: Mapping[str, str] = field(default_factory=lambda: {"writer": "scripted"})
    kinds: ClassVar[tuple[str, ...]] = ("llm",)

    def write(
        self, requests: Sequence[WriteRequest], cancelled: Callable[[], bool]
    ) -> Sequence[WriteReply | Failure]:
        """Answers each request by the script."""
        del cancelled
        self.asked.extend(requests)
        return [self.script(request) for request in requests]
