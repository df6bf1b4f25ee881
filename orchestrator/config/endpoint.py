"""A model behind an address, as the operator configures it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from orchestrator.errors import Span
from orchestrator.frozen import Frozen


class EndpointSettings(Frozen):
    """A model behind an address, as the operator configured it.

    Attributes:
        name: what a recipe writes.
        kind: of model, as `orchestrator.stage.KINDS` names it.
        provider: who speaks with it: a name that an installed package registered for this kind.
        model: what the provider is asked for, "" where the address says it all.
        url: the address, "" for the provider's own.
        key_env: the environment variable that holds the key, "" where none is needed. The key itself is read
            when a call is made, and kept nowhere.
        identity: what the operator vouches for, such as a version of the model; it enters keys.
        price: by unit, such as `picture`.
        caps: by name, such as `in_flight`; the provider keeps them.
        span: where it is configured.
    """

    name: str
    kind: str
    provider: str
    model: str = ""
    url: str = ""
    key_env: str = ""
    identity: str = ""
    price: Mapping[str, float] = field(default_factory=dict[str, float])
    caps: Mapping[str, int] = field(default_factory=dict[str, int])
    span: Span | None = field(default=None, compare=False)
