"""The recipes that take one another in, and what they take together."""

from __future__ import annotations

from dataclasses import field, replace

from orchestrator.frozen import Frozen


class Taken:
    """What all includes of a recipe took together."""

    def __init__(self) -> None:
        self.includes = self.bytes = self.nodes = 0


class Chain(Frozen):
    """The recipes that take one another in, the outermost first, by name from the recipe's folder."""

    names: tuple[str, ...]
    taken: Taken = field(default_factory=Taken, compare=False)

    def and_(self, name: str) -> Chain:
        """The chain with one more link."""
        return replace(self, names=(*self.names, name))
