"""The registry of export formats: what may stand behind `format:` of an `export:` entry."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import cast

from orchestrator.format import AnyFormat

MODULES: Mapping[str, str] = {"files": "orchestrator.export.plain_files"}
"""Format to the module that holds it as `FORMAT`; only the one that a recipe names is imported."""


def format_names() -> tuple[str, ...]:
    """All formats, sorted; those of packages whether they can be used or not."""
    from orchestrator.export.package_format import FORMATS

    return tuple(sorted({*MODULES, *FORMATS.names()}))


def format_of(name: str) -> AnyFormat | None:
    """The format of this name, imported now; None where there is none.

    Raises:
        InvalidInput: a package offers it and it cannot be used (E409, E417, E418); without a place.
    """
    if name in MODULES:
        return cast("AnyFormat", import_module(MODULES[name]).FORMAT)
    from orchestrator.export.package_format import FORMATS, PackageFormat

    offer = FORMATS.find(name)
    return None if offer is None else PackageFormat.of(offer)
