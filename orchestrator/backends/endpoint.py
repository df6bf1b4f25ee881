"""Endpoints: models that the operator configured, which a recipe names by a bare word."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from orchestrator.backends.provided import describe_endpoint
from orchestrator.backends.providers import provider_names, provider_of
from orchestrator.backends.unavailable import unavailable
from orchestrator.config import EndpointSettings, Settings
from orchestrator.errors import Diagnostic, InvalidInput, Label, ModelUnavailable, unknown
from orchestrator.errors.edits import respelt
from orchestrator.errors.phrases import listed
from orchestrator.recipe import Embedded, ModelChoice
from orchestrator.stage import Description


def describe_named(choice: ModelChoice, name: str, settings: Settings, base: Path) -> Description:
    """Describes the model of an endpoint.

    Raises:
        ModelUnavailable: nobody configured it (E350), it gives another kind (E351), no package provides it
            (E352), the variable of its key is not set (E357), or the provider cannot be used (E355, E409).
    """
    endpoint = settings.endpoints.get(name)
    if endpoint is None:
        raise ModelUnavailable(_not_configured(choice, name, settings, base))
    if endpoint.kind != choice.kind:
        raise ModelUnavailable(_of_another_kind(choice, endpoint))
    try:
        registered = provider_of(endpoint.kind, endpoint.provider)
    except InvalidInput as error:
        raise ModelUnavailable(replace(error.findings[0], span=choice.span)) from error
    if registered is None or not registered.provider.endpoints:
        raise _not_provided(choice, endpoint)
    if endpoint.key_env and not os.environ.get(endpoint.key_env):
        raise _no_key(choice, endpoint)
    return describe_endpoint(choice, endpoint, registered, settings)


def example(kind: str, name: str, names: Collection[str]) -> str:
    """What an operator writes to configure an endpoint, ready to be pasted into `config.toml`."""
    provider = next(iter(names), "PROVIDER")
    return f'[endpoints.{name}]\nkind = "{kind}"\nprovider = "{provider}"\nmodel = "MODEL"\n'


def _not_configured(choice: ModelChoice, name: str, settings: Settings, base: Path) -> Diagnostic:
    """A bare word that is neither `embedded` nor an endpoint of this machine."""
    there = [each.name for each in settings.endpoints.values() if each.kind == choice.kind]
    said = f"Configured for `{choice.kind}` on this machine: {listed(there)}." if there else (
        f"None is configured for `{choice.kind}` on this machine.")  # fmt: skip
    is_folder = (base / name).is_dir()
    found = unknown(
        "E350",
        f"no endpoint is called `{name}`",
        name,
        choice.span,
        () if is_folder else [str(Embedded()), *there],
        why=f"A bare word is `embedded` or an endpoint that the operator configured. {said} "
        "A folder is written with a `/`.",
        otherwise=f"did you mean `./{name}`?"
        if is_folder
        else "configure it in your `config.toml`, or in the file after `--config`; "
        "or name a folder, or a model on Hugging Face with its commit",
        otherwise_fix=f"./{name}" if is_folder else example(choice.kind, name, provider_names(choice.kind)),
    )
    return replace(found, edits=respelt(name, choice.span, f"./{name}") if is_folder else found.edits)


def _of_another_kind(choice: ModelChoice, endpoint: EndpointSettings) -> Diagnostic:
    return Diagnostic(
        code="E351",
        message=f"the endpoint `{endpoint.name}` gives the kind `{endpoint.kind}`, not `{choice.kind}`",
        span=choice.span,
        why="A role is of one kind, and so is an endpoint.",
        help="name an endpoint of this kind, or declare the role so",
        fix=f"{choice.role}: {{{endpoint.kind}: {endpoint.name}}}",
        labels=(Label(endpoint.span, "configured here"),) if endpoint.span is not None else (),
    )


def _not_provided(choice: ModelChoice, endpoint: EndpointSettings) -> ModelUnavailable:
    there = provider_names(endpoint.kind)
    return unavailable(
        "E352",
        f"no installed package provides `{endpoint.kind}` endpoints as `{endpoint.provider}`",
        choice.span,
        f"The endpoint `{endpoint.name}` asks for it. Installed for `{endpoint.kind}`: "
        f"{listed(there) if there else 'none'}.",
        "install the package that provides it, or name another provider; `orchestrator models` lists them",
    )


def _no_key(choice: ModelChoice, endpoint: EndpointSettings) -> ModelUnavailable:
    return unavailable(
        "E357",
        f"the environment variable `{endpoint.key_env}` of the endpoint `{endpoint.name}` is not set",
        choice.span,
        "It holds the key with which the endpoint is called; no file does.",
        "set it in the shell, or in the secrets of your CI",
    )
