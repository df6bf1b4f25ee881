"""A checked recipe carried out: what is asked for, what can be written, the work, and the files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from orchestrator.api.request import Part, Watch
from orchestrator.api.result import Run
from orchestrator.api.selection import select
from orchestrator.api.validate import Checked
from orchestrator.backends.load import Loader
from orchestrator.config import Settings
from orchestrator.errors import InvalidInput
from orchestrator.export import check_out
from orchestrator.runtime import LoadedModels, execute
from orchestrator.store import Store


@dataclass(frozen=True, slots=True)
class Means:
    """What a run works with: the operator's settings, and the store and models that belong to them."""

    settings: Settings
    store: Callable[[Settings], Store]
    models: Callable[[Settings], LoadedModels]


def carried_out(
    checked: Checked, means: Means, out: Path | None, part: Part, watch: Watch, *, export: bool = False
) -> Run:
    """Does what is not done yet, and writes what is asked for; an export without `out` runs what it needs.

    Raises:
        InvalidInput: a part that is not there, a folder that cannot be written, a broken resource; nothing
            has run then.
    """
    selection = select(checked.graph, part.only, part.limit, part.to)
    if out is not None and (finding := check_out(out)) is not None:
        raise InvalidInput([finding], dict(checked.sources))
    if export:
        from orchestrator.api.exporting import check_exports, stages_to_export

        check_exports(checked)
        selection = replace(selection, ends=stages_to_export(checked) if out is None else ())
    _read_resources(checked)
    settings = means.settings
    results = execute(
        checked.graph, selection, means.store(settings), Loader(settings), watch.listener, watch.cancelled,
        models=means.models(settings),
    )  # fmt: skip
    done = Run(checked=checked, selection=selection, results=results)
    if out is not None:
        done.save(out)
    if export:
        done.export()
    return done


def _read_resources(checked: Checked) -> None:
    """What the check had no need to open: before anything runs, InvalidInput where a file is broken."""
    for resource in checked.graph.resources.values():
        resource.value  # noqa: B018 - reads it
