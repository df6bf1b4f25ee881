"""Models that a provider gives, of an endpoint or in a folder: described and loaded."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast

from orchestrator.backends import identity
from orchestrator.backends.answers import Provided, wrong
from orchestrator.backends.handed_in import lacking
from orchestrator.backends.providers import Registered, provider_of
from orchestrator.backends.unavailable import unavailable
from orchestrator.config import EndpointSettings, Settings
from orchestrator.errors import InvalidInput, ModelUnavailable, Span
from orchestrator.provider import Wanted
from orchestrator.recipe import ModelChoice
from orchestrator.stage import Card, Description, Model
from orchestrator.stage.canonical import canonical_json, digest_of

LOADER: Final = f"{__name__}:load_provided"


def describe_endpoint(
    choice: ModelChoice, endpoint: EndpointSettings, registered: Registered, settings: Settings
) -> Description:
    """A model of an endpoint: known by what is asked for, and by what the operator vouches for."""
    wanted = _of_endpoint(choice.role, endpoint, settings)
    causes = {"provider": endpoint.provider, "model": endpoint.model, "identity": endpoint.identity}
    known_by = digest_of(canonical_json({"kind": choice.kind, "endpoint": causes}))
    return _described(choice, registered, wanted, known_by)


def describe_folder(
    choice: ModelChoice, folder: Path, registered: Registered, settings: Settings
) -> Description:
    """A model in a folder: known by the files that its provider opens."""
    wanted = _of_folder(choice.role, choice.kind, folder, settings)
    return _described(choice, registered, wanted, _known_by(folder, registered, settings))


def load_provided(description: Description, settings: Settings) -> Model:
    """The model that was described.

    Raises:
        ModelUnavailable: the provider raised, or gave something else than a model of its kind (E355); the
            files changed after they were described (E309).
    """
    registered = _registered(description.kind, description.provider, None)
    wanted = _asked_again(description, registered, settings)
    found = _call(registered, registered.provider.load, wanted, "load", None)
    if missing := lacking(description.kind, found):
        said = f"gave a {type(found).__name__}, which lacks {', '.join(f'`{name}`' for name in missing)}"
        raise wrong(registered, said, None)
    return cast("Model", Provided(registered, found))


def _described(choice: ModelChoice, registered: Registered, wanted: Wanted, known_by: str) -> Description:
    card = _call(registered, registered.provider.describe, wanted, "describe", choice.span)
    if not isinstance(card, Card):
        raise wrong(registered, f"gave a {type(card).__name__} in place of a card", choice.span)
    return Description(
        role=choice.role,
        kind=choice.kind,
        source=str(choice.source),
        identity=known_by,
        card=card if card.kind == choice.kind else card.model_copy(update={"kind": choice.kind}),
        location="" if wanted.folder is None else str(wanted.folder),
        loaded_by=LOADER,
        provider=registered.name,
    )


def _known_by(folder: Path, registered: Registered, settings: Settings) -> str:
    paths = {path for pattern in registered.provider.files for path in folder.glob(pattern)}
    names = {path.relative_to(folder).as_posix(): path for path in paths if path.is_file()}
    digests = identity.digests_of(dict(sorted(names.items())), settings.store)
    return digest_of(
        canonical_json({"kind": registered.kind, "provider": registered.name, "files": digests})
    )


def _registered(kind: str, name: str, span: Span | None) -> Registered:
    """The provider of a model that was described; ModelUnavailable where its package is gone or broken."""
    try:
        found = provider_of(kind, name)
    except InvalidInput as error:
        raise ModelUnavailable(replace(error.findings[0], span=span)) from error
    if found is None:
        raise unavailable(
            "E352", f"no installed package provides {kind} models as `{name}`", span, "", "install it again"
        )
    return found


def _asked_again(description: Description, registered: Registered, settings: Settings) -> Wanted:
    if not description.location:
        return _of_endpoint(description.role, settings.endpoints[description.source], settings)
    folder = Path(description.location)
    if _known_by(folder, registered, settings) != description.identity:
        raise unavailable(
            "E309",
            f"the files of {description.source!r} changed after they were checked",
            None,
            "A result is kept under the digest of the files that made it.",
            "run again; do not write into a model's folder during a run",
        )
    return _of_folder(description.role, description.kind, folder, settings)


def _of_endpoint(role: str, endpoint: EndpointSettings, settings: Settings) -> Wanted:
    return Wanted(
        role, endpoint.kind, None, endpoint.model, endpoint.url, endpoint.key_env, endpoint.price,
        endpoint.caps, settings.device, settings.threads,
    )  # fmt: skip


def _of_folder(role: str, kind: str, folder: Path, settings: Settings) -> Wanted:
    return Wanted(role, kind, folder.resolve(), device=settings.device, threads=settings.threads)


def _call(registered: Registered, place: str, wanted: Wanted, verb: str, span: Span | None) -> object:
    """What a provider's function gives; what it raises is told with its package."""
    try:
        module, _, name = place.partition(":")
        function: Any = getattr(import_module(module), name)
        return function(wanted)
    except ModelUnavailable:
        raise
    except Exception as error:  # whatever a stranger's code raises
        said = " ".join(str(error).split())
        told = said if isinstance(error, ValueError) and said else f"{type(error).__name__}: {said}"
        source = wanted.folder or wanted.model or wanted.url
        raise wrong(registered, f"cannot {verb} {str(source)!r}: {told}", span) from error
