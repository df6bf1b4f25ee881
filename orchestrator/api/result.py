"""What `run` hands back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from orchestrator.api.describe_run import report_of
from orchestrator.api.finished_run import FinishedRun
from orchestrator.api.outputs import picture_files
from orchestrator.api.portable import portable
from orchestrator.api.review_items import waiting_files
from orchestrator.errors import Diagnostic, InvalidInput
from orchestrator.errors.render import as_json
from orchestrator.export import OutputFile, Owner, Written, blocked_files, other_recipe, place_of, write_run
from orchestrator.report import RunReport, as_document, notebook, page, run_json

if TYPE_CHECKING:
    from orchestrator.api.exporting import Exported


@dataclass(frozen=True, slots=True)
class Target:
    """A folder for a run's files, found before anything runs: a stage may change the current folder.

    Attributes:
        shown: as the user named it.
        at: from the root.
        root: the same, links resolved.
        owner: the recipe whose files they are.
    """

    shown: Path
    at: Path
    root: Path
    owner: Owner

    @classmethod
    def of(cls, out: str | Path, recipe: str, file: Path | None) -> Target:
        """The folder of this name, for the files of a recipe."""
        at = Path(out).absolute()
        return cls(Path(out), at, at.resolve(), Owner(recipe, place_of(file, at)))


@dataclass(repr=False)
class Run(FinishedRun):
    """A run that has ended; shows itself in a notebook as its pictures.

    `assets` are the finished items of every open end, in the order of the recipe; `pictures`, `prompts`,
    `settings` and `seeds` are theirs, one for each item that has coordinates. `written` and `exported` tell
    what `save` and `export` did.
    """

    out: Path | None = None
    written: Written | None = None
    exported: tuple[Exported, ...] = ()
    _aside: dict[str, str] = field(default_factory=dict[str, str])

    @cached_property
    def _described(self) -> RunReport:
        stopped = self.written is not None and self.written.stopped
        return report_of(self, measured=not stopped)

    @property
    def report(self) -> RunReport:
        """The run as data for pages and terminals."""
        if self.out is None or self.written is None:
            return self._described
        return replace(
            self._described.set_aside(self._aside),
            out=self.out.as_posix(),
            kept=self.written.kept,
            blocked=self.written.blocked,
            there=frozenset((*self.written.added, *self.written.unchanged, *self.written.kept)),
            stopped_writing=self.written.stopped,
        )

    def save(self, out: str | Path) -> Written:
        """Writes pictures, sheets, `index.html` and `run.json` to a folder of this run's own.

        A partial or stopped run only adds files; a full one removes files of its own that it no longer makes.
        Nothing is raised for a file that cannot be written: see `Written.blocked`.

        Raises:
            InvalidInput: the folder is another recipe's (E425).
        """
        target = Target.of(out, self.name, self.file)
        if (finding := other_recipe(target.at, target.owner)) is not None:
            raise InvalidInput([finding])
        return self.save_at(target)

    def save_at(self, target: Target, stopped: Callable[[], bool] = lambda: False) -> Written:
        """As `save`, into a folder that was found before the run; `stopped` is asked between files."""
        self.out, self._aside = target.shown, {}
        self.written = write_run(
            self._files(target), target.at, partial=self.partial, owner=target.owner, stopped=stopped,
            root=target.root, aside=self._aside,
        )  # fmt: skip
        return self.written

    def export(self, stopped: Callable[[], bool] = lambda: False) -> tuple[Exported, ...]:
        """Writes the recipe's `export:` block, each folder under a manifest of its own.

        Files that the recipe no longer makes go from those folders, unless something failed or was left out.

        Raises:
            InvalidInput: there is no `export:` (E438).
        """
        from orchestrator.api.exporting import export_run

        self.exported = export_run(self, stopped)
        return self.exported

    @property
    def blocked(self) -> tuple[Diagnostic, ...]:
        """What could not be written, a finding for each reason and folder."""
        folders = [(self.written, self.out)] if self.written and self.out else []
        folders += [(export.written, export.folder) for export in self.exported]
        return tuple(finding for written, folder in folders for finding in blocked_files(written, folder))

    @property
    def stopped(self) -> bool:
        """Whether the user stopped it, at work or while files were written."""
        written = [*([self.written] if self.written else []), *(export.written for export in self.exported)]
        return bool(self.counts.get("cancelled")) or any(each.stopped for each in written)

    def _files(self, target: Target) -> Iterator[OutputFile]:
        """Each made when its turn has come; the page and the record last, when all pictures were read."""
        located = self.checked.located
        yield from picture_files(self.assets, self.ends, located)
        yield from waiting_files(self._described.reviews)
        report = portable(self._described, located, [self.checked.settings.store, target.at])

        def data(made: Callable[[RunReport], bytes]) -> bytes:
            return made(report.set_aside(self._aside))

        yield OutputFile(report.page_name, partial(data, _page_file))
        yield OutputFile(report.record_name, partial(data, run_json))

    def __repr__(self) -> str:
        counts = ", ".join(f"{count} {outcome}" for outcome, count in self.counts.items() if count)
        warned = len(self.report.findings) + len(self.report.warnings)
        warnings = f"; {warned} warning{'' if warned == 1 else 's'}" if warned else ""
        return f"<Run of {self.name}: {len(self.assets)} assets; {counts or 'nothing to do'}{warnings}>"

    def _repr_html_(self) -> str:
        return notebook(self.report)


def _page_file(report: RunReport) -> bytes:
    return page(report).encode(errors="backslashreplace")


def run_document(run: Run, *, exported: bool = False) -> dict[str, object]:
    """A run as `run --json` prints it: as run.json, and with `exported` what became of each export folder."""
    document = as_document(run.report)
    if exported:
        document["exported"] = [_exported(export) for export in run.exported]
    return document


def _exported(export: Exported) -> dict[str, object]:
    """One folder; `findings` stand there only where an entry was not written."""
    record: dict[str, object] = {"folder": export.folder.as_posix(), **asdict(export.written)}
    return {**record, "findings": json.loads(as_json(export.findings))} if export.findings else record
