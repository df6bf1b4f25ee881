"""What is known of a model before it is loaded: its card, its identity, its folder. No torch here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from orchestrator.backends.endpoint import no_endpoint
from orchestrator.backends.registry import backend_of, sources_of
from orchestrator.backends.unavailable import unavailable
from orchestrator.config import Settings
from orchestrator.errors import ModelUnavailable
from orchestrator.recipe import Embedded, Endpoint, Folder, HandedIn, Hub, ModelChoice, Source
from orchestrator.stage import KINDS, Description


def describe(choice: ModelChoice, settings: Settings, base: Path) -> Description:
    """Describes the model of a role; `base` is the folder against which a relative folder counts.

    Raises:
        ModelUnavailable: with the finding, at the place where the recipe names the model.
    """
    if isinstance(choice.source, Endpoint):
        raise no_endpoint(choice, choice.source.name, base)
    backend = backend_of(choice.kind, choice.source)
    if backend is None:
        raise _not_served(choice)
    return replace(backend.describer()(choice, settings, base), loaded_by=backend.load)


def _not_served(choice: ModelChoice) -> ModelUnavailable:
    served = [kind for kind in KINDS if backend_of(kind, choice.source) is not None]
    from_elsewhere = [_FORMS[source] for source in sources_of(choice.kind)]
    return unavailable(
        "E353",
        f"nothing here gives a model of the kind `{choice.kind}` from `{choice.source}`",
        choice.span,
        f"Models of the kind `{choice.kind}` come from {', '.join(from_elsewhere)}."
        if from_elsewhere
        else f"None comes with this package; `{choice.source}` gives {', '.join(served) or 'no kind'}.",
        "hand an object in from Python, or install a package that gives one and name its folder or endpoint; "
        "`orchestrator models` lists what there is",
    )


_FORMS: Final[Mapping[type[Source | HandedIn], str]] = {
    Embedded: "`embedded`",
    Folder: "a folder",
    Hub: "`huggingface:REPO@COMMIT`",
    Endpoint: "an endpoint",
    HandedIn: "an object in Python",
}
