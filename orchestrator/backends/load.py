"""Loads the models that `describe` described."""

from __future__ import annotations

import os
from dataclasses import dataclass

from orchestrator.backends.registry import loader_of
from orchestrator.config import Settings
from orchestrator.stage import Description, Model


@dataclass(frozen=True, slots=True)
class Loader:
    """Loads by description; pickles, so that a spawned worker can load what the parent described."""

    settings: Settings

    def __call__(self, description: Description) -> Model:
        """The model, ready to work; raises ModelUnavailable with a finding."""
        _let_threads_sleep()
        return loader_of(description)(description, self.settings)


def _let_threads_sleep() -> None:
    """Idle OpenMP threads sleep in place of spinning; it counts only before torch is first imported.

    Measured on two cores of which another process held one, two threads: 25 s a picture spinning, 0.44 s so.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
