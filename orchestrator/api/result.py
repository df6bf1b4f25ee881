"""What `run` hands back."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from orchestrator.api.describe_run import report_of
from orchestrator.api.finished_run import FinishedRun
from orchestrator.api.outputs import picture_files
from orchestrator.api.review_items import waiting_files
from orchestrator.errors.render import as_json
from orchestrator.export import OutputFile, Written, write_run
from orchestrator.report import RunReport, as_document, notebook, page, run_json

if TYPE_CHECKING:
    from orchestrator.api.exporting import Exported


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

    @cached_property
    def report(self) -> RunReport:
        """The run as data for pages and terminals."""
        return report_of(self, self.out, self.written)

    def save(self, out: str | Path) -> Written:
        """Writes pictures, sheets, `index.html` and `run.json` to a folder of this run's own.

        A partial or stopped run only adds files; a full one removes files of its own that it no longer makes.
        """
        self.out = Path(out)
        self.__dict__.pop("report", None)
        self.written = write_run(self._files(), self.out, partial=self.partial, owner=self.name)
        self.__dict__.pop("report", None)
        return self.written

    def export(self) -> tuple[Exported, ...]:
        """Writes the recipe's `export:` block, each folder under a manifest of its own.

        Files that the recipe no longer makes go from those folders, unless something failed or was left out.

        Raises:
            InvalidInput: there is no `export:` (E438), or a folder cannot be written.
        """
        from orchestrator.api.exporting import export_run

        self.exported = export_run(self)
        return self.exported

    def _files(self) -> list[OutputFile]:
        graph = self.checked.graph
        return [
            *picture_files(self.assets, graph, self.ends),
            *waiting_files(self.report.reviews),
            OutputFile(self.report.page_name, page(self.report).encode()),
            OutputFile(self.report.record_name, run_json(self.report)),
        ]

    def __repr__(self) -> str:
        counts = ", ".join(f"{count} {outcome}" for outcome, count in self.counts.items() if count)
        warned = len(self.report.warnings)
        warnings = f"; {warned} warning{'' if warned == 1 else 's'}" if warned else ""
        return f"<Run of {self.name}: {len(self.assets)} assets; {counts or 'nothing to do'}{warnings}>"

    def _repr_html_(self) -> str:
        return notebook(self.report)


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
