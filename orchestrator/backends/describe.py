"""What is known of a model before it is loaded: its card, its identity, its folder. No torch here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from orchestrator.backends.registry import backend_of, sources_of
from orchestrator.backends.source import locate
from orchestrator.backends.unavailable import unavailable
from orchestrator.config import Settings
from orchestrator.errors import Diagnostic, ModelUnavailable
from orchestrator.recipe import Embedded, Endpoint, Folder, HandedIn, Hub, ModelChoice, Source
from orchestrator.stage import KINDS, Description

if TYPE_CHECKING:
    from orchestrator.backends.providers import Registered


def describe(choice: ModelChoice, settings: Settings, base: Path) -> Description:
    """Describes the model of a role; `base` is the folder against which a relative folder counts.

    Raises:
        ModelUnavailable: with the finding, at the place where the recipe names the model.
    """
    if isinstance(choice.source, Endpoint):
        from orchestrator.backends.endpoint import describe_named

        return describe_named(choice, choice.source.name, settings, base)
    if isinstance(choice.source, (Folder, Hub)):
        return _in_folder(choice, settings, base)
    return _by_backend(choice, settings, base)


def forms_of(kind: str) -> tuple[str, ...]:
    """The sources from which this package itself gives a kind, in words."""
    return tuple(_FORMS[source] for source in sources_of(kind))


def _in_folder(choice: ModelChoice, settings: Settings, base: Path) -> Description:
    """By the provider whose marker lies in the folder, else by what this package reads itself."""
    from orchestrator.backends.providers import claims, provider_names

    if not provider_names(choice.kind):
        return _by_backend(choice, settings, base)
    folder = locate(choice, base, base)
    found = claims(choice.kind, folder)
    if len(found.providers) > 1:
        raise _two_claims(choice, found.providers)
    for registered in found.providers:
        from orchestrator.backends.provided import describe_folder

        return describe_folder(choice, folder, registered, settings)
    try:
        return _by_backend(choice, settings, base)
    except ModelUnavailable as error:
        raise ModelUnavailable(_unasked(error.finding, found.broken)) from error


def _by_backend(choice: ModelChoice, settings: Settings, base: Path) -> Description:
    backend = backend_of(choice.kind, choice.source)
    if backend is None:
        raise _not_served(choice)
    return replace(backend.describer()(choice, settings, base), loaded_by=backend.load)


def _not_served(choice: ModelChoice) -> ModelUnavailable:
    served = [kind for kind in KINDS if backend_of(kind, choice.source) is not None]
    from_elsewhere = forms_of(choice.kind)
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


def _two_claims(choice: ModelChoice, claiming: Sequence[Registered]) -> ModelUnavailable:
    markers = " and ".join(f"`{each.provider.marker}` of {each.package}" for each in claiming)
    removals = " or ".join(f"`{each.removal}`" for each in claiming if each.removal)
    return unavailable(
        "E354",
        f"two model providers claim the folder `{choice.source}`",
        choice.span,
        f"In it lie {markers}, and nothing says which is meant.",
        f"take the other's marker out of the folder, or remove its package: {removals}",
    )


def _unasked(finding: Diagnostic, broken: Sequence[Diagnostic]) -> Diagnostic:
    """A folder that nobody reads, although a provider that might could not be asked."""
    said = "".join(f"\nit might be the folder of a provider that failed: {each.message}" for each in broken)
    return replace(finding, help=f"{finding.help}{said}".strip())


_FORMS: Final[Mapping[type[Source | HandedIn], str]] = {
    Embedded: "`embedded`",
    Folder: "a folder",
    Hub: "`huggingface:REPO@COMMIT`",
    Endpoint: "an endpoint",
    HandedIn: "an object in Python",
}
