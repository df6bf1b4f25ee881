"""Stages out of installed packages, by the entry-point group `orchestrator.stages`.

    [project.entry-points."orchestrator.stages"]
    "studio.outline" = "studio_stages.outline"

The name is that of the stage, the value the module that declares it, or the function itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Final

from orchestrator.doors import Door, Offer
from orchestrator.stage.declaration import StageSpec, spec_of, specs_in
from orchestrator.stage.source_digest import source_with

STAGES: Final = Door("orchestrator.stages", "stage")


def load_installed(name: str) -> tuple[StageSpec, ...]:
    """The stages of the module that offers this one; () where no package does.

    Raises:
        InvalidInput: it cannot be imported or declares no such stage (E409), two packages offer it (E417), or
            it is written for another version of the door (E418).
    """
    offer = STAGES.find(name)
    if offer is None:
        return ()
    specs = tuple(_declared(offer.load()))
    if not any(name in {spec.name, *spec.was} for spec in specs):
        raise offer.refuse(f"{offer.target} declares no such stage")
    return tuple(replace(spec, source=_source(offer, spec)) for spec in specs)


def package_of(spec: StageSpec) -> tuple[str, str]:
    """Name and version of the package that offers a stage; ("", "") where none does."""
    offers = (offer for offer in STAGES.offers() if offer.name in {spec.name, *spec.was})
    found = next((offer for offer in offers if _source(offer, spec) == spec.source), None)
    return (found.package, found.release) if found else ("", "")


def _declared(loaded: object) -> Iterable[StageSpec]:
    if isinstance(loaded, ModuleType):
        return specs_in(vars(loaded))
    spec = spec_of(loaded)
    return () if spec is None else (spec,)


def _source(offer: Offer, spec: StageSpec) -> str:
    """A package counts as its version; one that is edited where it lies, as its file."""
    if offer.editable:
        return _source_of_file(Path(spec.function.__code__.co_filename), spec.function.__module__)
    return f"{offer.package} {offer.release}"


def _source_of_file(path: Path, module: str) -> str:
    """A file with the modules of its package that it imports."""
    from orchestrator.stage.local_modules import local_modules

    text = path.read_text(encoding="utf-8")
    package = module if path.stem == "__init__" else module.rpartition(".")[0]
    return source_with(text, local_modules(text, path.parent, package), {})
