"""run: check a recipe, do the work that is not done yet, and hand back what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from orchestrator.api.locate import locate
from orchestrator.api.result import Run
from orchestrator.api.selection import select
from orchestrator.api.validate import Checked, Items, Request, check_located
from orchestrator.backends.load import Loader
from orchestrator.config import Settings, settings_from
from orchestrator.errors import InvalidInput
from orchestrator.events import Event, Listener
from orchestrator.export import check_out
from orchestrator.runtime import execute
from orchestrator.store import Store


def _nobody_listens(event: Event) -> None:
    """A listener for runs that nobody watches."""
    del event


def _nobody_cancels() -> bool:
    """For runs that end by themselves."""
    return False


@dataclass(frozen=True, slots=True)
class Watch:
    """Who follows a run, and who may stop it."""

    listener: Listener = _nobody_listens
    cancelled: Callable[[], bool] = _nobody_cancels


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of the work a run takes on: ids by dimension, a number of items, a last stage."""

    only: Mapping[str, Sequence[str]] | None = None
    limit: int | None = None
    to: str | None = None


def run(
    recipe: str | Path,
    *,
    items: Items | None = None,
    models: Mapping[str, object] | None = None,
    overrides: Sequence[str] = (),
    stages_files: Sequence[str | Path] = (),
    out: str | Path | None = None,
    part: Part = Part(),
    watch: Watch = Watch(),
    settings: Settings | None = None,
) -> Run:
    """Runs a recipe (a path, or the name of a ready one); what the store has is not made again.

    Args:
        recipe: path of a recipe file, or the name of a ready recipe.
        items: members by dimension that replace those of the recipe: `{"idea": ["fire sword"]}`.
        models: by role: a source as a recipe writes it, or a diffusers pipeline of your own.
        overrides: `STAGE.PARAM=VALUE` and `models.ROLE=SOURCE`, as after `--set`.
        stages_files: Python files that declare further stages; they are imported.
        out: folder for pictures, page and run.json; without it nothing is written (see `Run.save`).
        part: only some items, or only up to a stage.
        watch: a listener of events, and a way to stop.
        settings: of the operator; from the environment unless given.

    Raises:
        InvalidInput: with every finding of the recipe; nothing has run then. An item that fails raises
            nothing: see `Run.failures`.
    """
    located = locate(recipe)
    settings = settings or settings_from(project=located.home)
    request = Request(items, models, overrides, stages_files)
    return run_checked(check_located(located, request, settings), settings, out, part, watch)


def run_checked(
    checked: Checked,
    settings: Settings,
    out: str | Path | None,
    part: Part,
    watch: Watch,
    *,
    export: bool = False,
) -> Run:
    """As `run`, for a recipe that was checked already; an export without `out` runs what it needs alone."""
    selection = select(checked.graph, part.only, part.limit, part.to)
    if out is not None and (finding := check_out(Path(out))) is not None:
        raise InvalidInput([finding], dict(checked.sources))
    if export:
        from orchestrator.api.exporting import check_exports, stages_to_export

        check_exports(checked)
        selection = replace(selection, ends=stages_to_export(checked) if out is None else ())
    _read_resources(checked)
    store = Store.open(settings.store)
    results = execute(checked.graph, selection, store, Loader(settings), watch.listener, watch.cancelled)
    done = Run(checked=checked, selection=selection, results=results, store=store)
    if out is not None:
        done.save(out)
    if export:
        done.export()
    return done


def _read_resources(checked: Checked) -> None:
    """What the check had no need to open: before anything runs, InvalidInput where a file is broken."""
    for resource in checked.graph.resources.values():
        resource.value  # noqa: B018 - reads it
