"""`orchestrator models`: what may stand behind a role of `models:`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from orchestrator.cli.arguments import examples
from orchestrator.cli.console import say, say_findings, say_json
from orchestrator.cli.request import named_config
from orchestrator.cli.status import FINE

if TYPE_CHECKING:
    from orchestrator.api import EndpointFacts, KindFacts, ModelsFacts, ProviderFacts

_EXAMPLES = examples("orchestrator models", "orchestrator models --json")


@click.command("models", epilog=_EXAMPLES, short_help="Lists kinds of model, endpoints and providers.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def command(*, as_json: bool) -> int:
    """Lists the kinds of model and where each comes from, your endpoints, and what packages provide."""
    from orchestrator.api import models

    found = models(config=named_config())
    if as_json:
        say_json(_document(found))
        return FINE
    say("\n".join(_lines(found)))
    say_findings(found.findings, {})
    return FINE


def _document(found: ModelsFacts) -> str:
    from orchestrator.errors.render import as_json

    document = {**asdict(found), "findings": json.loads(as_json(list(found.findings)))}
    return json.dumps(document, ensure_ascii=False, indent=2)


def _lines(found: ModelsFacts) -> list[str]:
    width = max(len(kind.name) for kind in found.kinds)
    return [
        "kinds",
        *(f"  {kind.name:<{width}}  {_kind(kind)}" for kind in found.kinds),
        "",
        "endpoints" if found.endpoints else "endpoints: none is configured in your config.toml",
        *(f"  {endpoint.name}  {_endpoint(endpoint)}" for endpoint in found.endpoints),
        "",
        "providers" if found.providers else "providers: no installed package adds one",
        *(f"  {provider.name}  {_provider(provider)}" for provider in found.providers),
    ]


def _kind(kind: KindFacts) -> str:
    sources = ", ".join(kind.sources) or "nothing that comes with this package"
    return f"{kind.summary}; usual role {kind.usual_role}; from {sources}"


def _endpoint(endpoint: EndpointFacts) -> str:
    asked = " at ".join(part for part in (endpoint.model, endpoint.url) if part)
    parts = [f"{endpoint.kind} by {endpoint.provider}: {asked}"]
    if not endpoint.provided:
        parts.append("no installed package provides it")
    if endpoint.key_env:
        parts.append(f"key in {endpoint.key_env}" + ("" if endpoint.key_is_set else ", which is not set"))
    parts += [f"{amount:g} a {unit.replace('_', ' ')}" for unit, amount in endpoint.price.items()]
    parts += [f"{name.replace('_', ' ')} {most}" for name, most in endpoint.caps.items()]
    return "; ".join(parts)


def _provider(provider: ProviderFacts) -> str:
    given = ["endpoints"] if provider.endpoints else []
    given += [f"folders with {provider.marker}"] if provider.marker else []
    package = f" ({provider.package} {provider.release})" if provider.package else ""
    return f"{provider.kind} from {' and '.join(given) or 'nothing'}{package}"
