"""Loads the models that `describe` described."""

from __future__ import annotations

import os
from dataclasses import dataclass

from orchestrator.config import Settings
from orchestrator.errors import Diagnostic, ModelUnavailable
from orchestrator.stage import Description, Model


@dataclass(frozen=True, slots=True)
class Loader:
    """Loads by description; pickles, so that a spawned worker can load what the parent described."""

    settings: Settings

    def __call__(self, description: Description) -> Model:
        """The model, ready to work; raises ModelUnavailable with a finding."""
        _let_threads_sleep()
        if description.kind == "diffusion":
            from orchestrator.backends.diffusion.load import load_painter

            return load_painter(description, self.settings)
        if description.kind == "llm":
            from orchestrator.backends.llm.load import load_writer

            return load_writer(description, self.settings)
        if description.kind == "clip":
            from orchestrator.backends.clip.load import load_scorer

            return load_scorer(description, self.settings)
        raise ModelUnavailable(
            Diagnostic(
                code="E120",
                message=f"`{description.kind}` is no kind of model",
                help="llm, diffusion or clip",
            )
        )


def _let_threads_sleep() -> None:
    """Idle OpenMP threads sleep in place of spinning; it counts only before torch is first imported.

    Measured on two cores of which another process held one, two threads: 25 s a picture spinning, 0.44 s so.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
