"""A checked recipe carried out: what is asked for, what can be written, the work, and the files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from orchestrator.api.request import Watch
from orchestrator.api.result import Run, Target
from orchestrator.api.selection import Part, select
from orchestrator.api.validate import Checked
from orchestrator.backends.load import Loader
from orchestrator.config import Settings
from orchestrator.errors import InvalidInput
from orchestrator.events import Event
from orchestrator.export import check_out, other_recipe
from orchestrator.report import Warnings
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
    checked, file = _from_the_root(checked)
    selection = select(checked.graph, part.only, part.limit, part.to)
    target = None if out is None else _target(checked, out, file)
    if export:
        from orchestrator.api.exporting import check_exports, stages_to_export

        check_exports(checked)
        selection = replace(selection, ends=stages_to_export(checked) if out is None else ())
    _read_resources(checked)
    settings = means.settings
    warnings = Warnings()

    def listen(event: Event) -> None:
        warnings(event)
        watch.listener(event)

    results = execute(
        checked.graph, selection, means.store(settings), Loader(settings), listen, watch.cancelled,
        models=means.models(settings),
    )  # fmt: skip
    done = Run(checked, selection, results, warnings.lines(), file=file)
    _write(done, target, watch, export=export)
    return done


def _write(done: Run, target: Target | None, watch: Watch, *, export: bool) -> None:
    """The files; what a stopped run has finished is written, and who stops the writing too has it end."""
    stopped = (lambda: False) if done.results.interrupted else watch.cancelled
    if target is not None:
        done.save_at(target, stopped)
    if export and not (done.written is not None and done.written.stopped):
        done.export(stopped)


def _from_the_root(checked: Checked) -> tuple[Checked, Path | None]:
    """The recipe as found from the root, and its file: a stage may change the current folder."""
    located = checked.located
    base = located.base.absolute()
    is_file = not located.ready and not located.file.startswith("<")
    file = base / Path(located.file).name if is_file else None
    return replace(checked, located=replace(located, base=base)), file


def _target(checked: Checked, out: Path, file: Path | None) -> Target:
    target = Target.of(out, checked.graph.recipe.name, file)
    finding = check_out(out) or other_recipe(target.at, target.owner)
    if finding is not None:
        raise InvalidInput([finding], dict(checked.sources))
    return target


def _read_resources(checked: Checked) -> None:
    """What the check had no need to open: before anything runs, InvalidInput where a file is broken."""
    for resource in checked.graph.resources.values():
        resource.value  # noqa: B018 - reads it
