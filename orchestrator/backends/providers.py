"""Providers by kind and name: built in, or out of installed packages; which of them a folder belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Final

from orchestrator.doors import Door, Offer
from orchestrator.errors import Diagnostic, InvalidInput
from orchestrator.frozen import Frozen
from orchestrator.provider import Provider
from orchestrator.stage import KINDS

DOOR: Final = Door("orchestrator.models", "model provider")
BUILT_IN: Final[Mapping[str, str]] = {}
"""Providers that come with the package, `KIND.NAME` to `module:name` of its `Provider`."""
_OURS: Final = frozenset({"model_index.json", "config.json", "card.json", "digests.json"})
"""Files of the folders that the package itself reads, which no provider can take for its own."""


class Registered(Frozen):
    """A provider, and who registered it."""

    kind: str
    name: str
    provider: Provider
    offer: Offer | None = None

    @property
    def package(self) -> str:
        """Name and version of the package."""
        return f"{self.offer.package} {self.offer.release}" if self.offer is not None else "orchestrator"

    @property
    def removal(self) -> str:
        """The line that removes the package; "" for what is built in."""
        return self.offer.removal if self.offer is not None else ""


class Claims(Frozen):
    """Whose folder it is, and the providers that could not be asked."""

    providers: tuple[Registered, ...]
    broken: tuple[Diagnostic, ...]


def provider_names(kind: str) -> tuple[str, ...]:
    """The names of the providers of a kind, sorted; nothing is imported."""
    names = (*BUILT_IN, *DOOR.names())
    return tuple(sorted({name.partition(".")[2] for name in names if name.partition(".")[0] == kind}))


def provider_of(kind: str, name: str) -> Registered | None:
    """The provider of this kind and name, imported now; None where there is none.

    Raises:
        InvalidInput: a package offers it and cannot be used (E409, E417, E418); without a place.
    """
    return _registered(f"{kind}.{name}")


def claims(kind: str, folder: Path) -> Claims:
    """The providers of a kind whose marker lies in a folder."""
    found: list[Registered] = []
    broken: list[Diagnostic] = []
    for name in provider_names(kind):
        try:
            registered = provider_of(kind, name)
        except InvalidInput as error:
            broken += error.findings
            continue
        marker = registered.provider.marker if registered is not None else ""
        if registered is not None and marker and (folder / marker).is_file():
            found.append(registered)
    return Claims(tuple(found), tuple(broken))


def all_providers() -> Iterator[Registered | Diagnostic]:
    """Every provider, and what is wrong with those that cannot be used."""
    yield from DOOR.findings(BUILT_IN)
    for full in dict.fromkeys((*BUILT_IN, *DOOR.names())):
        try:
            registered = _registered(full)
        except InvalidInput as error:
            yield from error.findings
            continue
        if registered is not None:
            yield registered


def _registered(full: str) -> Registered | None:
    """As `provider_of`, by the whole name of the entry point, which may have no dot."""
    kind, _, name = full.partition(".")
    if full in BUILT_IN:
        module, _, attribute = BUILT_IN[full].partition(":")
        return Registered(kind, name, getattr(import_module(module), attribute))
    offer = DOOR.find(full)
    return None if offer is None else Registered(kind, name, _loaded(offer), offer)


def _loaded(offer: Offer) -> Provider:
    provider = offer.load()
    said = _complaint(offer, provider)
    if said or not isinstance(provider, Provider):
        raise offer.refuse(said)
    return provider


def _complaint(offer: Offer, provider: object) -> str:
    kind, _, name = offer.name.partition(".")
    if kind not in KINDS or not name:
        return f"its name is not `KIND.NAME` with a kind of {', '.join(KINDS)}"
    if not isinstance(provider, Provider):
        return f"{offer.target} is a {type(provider).__name__}, no `orchestrator.provider.Provider`"
    for place in ("describe", "load"):
        if not _is_place(getattr(provider, place)):
            return f"its `{place}` is not the text `module:function`"
    if provider.marker in _OURS:
        return f"its marker `{provider.marker}` lies in every model folder that this package reads itself"
    if provider.marker in {".", ".."} or {"/", "\\"} & set(provider.marker):
        return f"its marker `{provider.marker}` is no plain name of a file"
    return ""


def _is_place(said: object) -> bool:
    return isinstance(said, str) and all(said.partition(":"))
