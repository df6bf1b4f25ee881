"""models: the kinds of model, what gives each of them, and the endpoints of this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestrator.backends.describe import forms_of
from orchestrator.backends.providers import Registered, all_providers, provider_names
from orchestrator.config import EndpointSettings, Settings, settings_from
from orchestrator.errors import Diagnostic
from orchestrator.stage import KINDS, Kind


@dataclass(frozen=True, slots=True)
class KindFacts:
    """A kind of model: the Protocol that its models keep, the role it usually has, where it comes from."""

    name: str
    summary: str
    protocol: str
    usual_role: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EndpointFacts:
    """An endpoint of the operator's; the variable of its key is named, the key itself is not."""

    name: str
    kind: str
    provider: str
    model: str
    url: str
    key_env: str
    key_is_set: bool
    provided: bool
    identity: str
    price: Mapping[str, float]
    caps: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """Who gives a kind of model from outside, and the marker of its folders ("" where it reads none)."""

    name: str
    kind: str
    marker: str
    endpoints: bool
    package: str
    release: str


@dataclass(frozen=True, slots=True)
class ModelsFacts:
    """All of it, and what is wrong with packages that cannot be used."""

    kinds: tuple[KindFacts, ...]
    endpoints: tuple[EndpointFacts, ...]
    providers: tuple[ProviderFacts, ...]
    findings: tuple[Diagnostic, ...]


def models(*, config: Path | None = None, settings: Settings | None = None) -> ModelsFacts:
    """What may stand behind a role of `models:` on this machine.

    Args:
        config: a config file of the operator's, as after `--config`.
        settings: of the operator; from the environment, their files and the project here unless given.

    Raises:
        InvalidInput: a config file cannot be read (E450), or a key of it is wrong (E451, E454, E455).
    """
    settings = settings or settings_from(config=config, project=Path())
    found = tuple(all_providers())
    return ModelsFacts(
        kinds=tuple(_kind(kind) for kind in KINDS.values()),
        endpoints=tuple(_endpoint(each) for _, each in sorted(settings.endpoints.items())),
        providers=tuple(_provider(each) for each in found if isinstance(each, Registered)),
        findings=(*(each for each in found if isinstance(each, Diagnostic)), *settings.findings),
    )


def _kind(kind: Kind) -> KindFacts:
    protocol: str = getattr(kind.protocol, "__name__", "")
    return KindFacts(kind.name, kind.does, protocol, kind.usual_role, forms_of(kind.name))


def _endpoint(endpoint: EndpointSettings) -> EndpointFacts:
    import os

    return EndpointFacts(
        endpoint.name, endpoint.kind, endpoint.provider, endpoint.model, endpoint.url, endpoint.key_env,
        not endpoint.key_env or bool(os.environ.get(endpoint.key_env)),
        endpoint.provider in provider_names(endpoint.kind), endpoint.identity, endpoint.price, endpoint.caps,
    )  # fmt: skip


def _provider(found: Registered) -> ProviderFacts:
    offer = found.offer
    return ProviderFacts(
        found.name,
        found.kind,
        found.provider.marker,
        found.provider.endpoints,
        offer.package if offer else "",
        offer.release if offer else "",
    )
