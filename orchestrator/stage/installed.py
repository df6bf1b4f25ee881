"""Stages out of installed packages, by the entry-point group `orchestrator.stages`.

    [project.entry-points."orchestrator.stages"]
    "studio.outline" = "studio_stages.outline"

The name is that of the stage, the value the module that declares it, so that a name is found without an
import. Who installs a package into this environment trusts it; the recipe's text installs nothing.
"""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import import_module, metadata
from pathlib import Path
from typing import Final, cast

from orchestrator.errors import Diagnostic, InvalidInput, Span
from orchestrator.stage.declaration import StageSpec, specs_in
from orchestrator.stage.source_digest import source_of

GROUP: Final = "orchestrator.stages"


def offered_names() -> tuple[str, ...]:
    """The names of all stages that installed packages offer."""
    return tuple(sorted({point.name for point in metadata.entry_points(group=GROUP)}))


def load_installed(name: str) -> tuple[StageSpec, ...]:
    """The stages of the module that offers this one; () where no package does.

    Raises:
        InvalidInput: it cannot be imported, declares no such stage, or two packages offer it (E409).
    """
    points = tuple(metadata.entry_points(group=GROUP, name=name))
    if not points:
        return ()
    packages = sorted({_package(point) for point in points})
    if len(packages) > 1:
        raise InvalidInput([_broken(name, " and ".join(packages), "both offer it")])
    try:
        specs = specs_in(vars(import_module(points[0].module)))
    except Exception as error:  # whatever a package raises at import
        raise InvalidInput([_broken(name, packages[0], f"{type(error).__name__}: {error}")]) from error
    if not any(name in {spec.name, *spec.was} for spec in specs):
        raise InvalidInput([_broken(name, packages[0], f"{points[0].module} declares no such stage")])
    return tuple(replace(spec, source=_source(points[0], spec)) for spec in specs)


def _package(point: metadata.EntryPoint) -> str:
    return point.dist.name if point.dist is not None else "a package"


def _source(point: metadata.EntryPoint, spec: StageSpec) -> str:
    """A package counts as its version; one that is edited where it lies, as its file."""
    if point.dist is None or _is_editable(point.dist):
        return source_of(Path(spec.function.__code__.co_filename).read_text(encoding="utf-8"))
    return f"{point.dist.name} {point.dist.version}"


def _is_editable(dist: metadata.Distribution) -> bool:
    try:
        document: object = json.loads(dist.read_text("direct_url.json") or "{}")
    except ValueError:
        return False
    folder = cast("dict[str, object]", document).get("dir_info") if isinstance(document, dict) else None
    return isinstance(folder, dict) and bool(cast("dict[str, object]", folder).get("editable"))


def _broken(name: str, package: str, said: str) -> Diagnostic:
    return Diagnostic(
        code="E409",
        message=f"the stage {name!r} of {package} cannot be used: {said}",
        span=Span.point("<installed packages>"),
        why=f"An installed package offers it in the entry-point group {GROUP!r}.",
        help="mend or remove the package",
    )
