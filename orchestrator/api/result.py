"""What `run` hands back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from orchestrator.api.assets import Asset, assets_of, gives_pictures, is_sheet
from orchestrator.api.describe_run import report_of
from orchestrator.api.outputs import picture_files
from orchestrator.api.reviews import waiting_files
from orchestrator.api.validate import Checked
from orchestrator.events import Outcome
from orchestrator.export import OutputFile, Written, write_run
from orchestrator.report import RunReport, notebook, page, run_json
from orchestrator.runtime import ItemResult, Results
from orchestrator.stage import Picture, Prompt, RenderPlan
from orchestrator.store import Store
from orchestrator.work import Coordinates, Selection

if TYPE_CHECKING:
    from PIL import Image as PillowImage

    from orchestrator.api.exporting import Exported


@dataclass(repr=False)
class Run:
    """A run that has ended; shows itself in a notebook as its pictures.

    `assets` are the finished items of every open end, in the order of the recipe; `pictures`, `prompts`,
    `settings` and `seeds` are theirs, one for each item that has coordinates.
    """

    checked: Checked
    selection: Selection
    results: Results
    store: Store
    out: Path | None = None
    written: Written | None = None
    exported: tuple[Exported, ...] = ()

    @property
    def name(self) -> str:
        """The name of the recipe."""
        return self.checked.graph.recipe.name

    @property
    def ends(self) -> tuple[str, ...]:
        """The stages whose output this run hands over.

        The last one asked for, else every open end of a file type; a recipe without one hands over the last
        of its open ends.
        """
        if self.selection.to:
            return (self.selection.to,)
        graph = self.checked.graph
        files = [end for end in graph.open_ends if gives_pictures(graph, end)]
        return tuple(files or graph.open_ends[-1:])

    @cached_property
    def assets(self) -> tuple[Asset, ...]:
        """Every finished item of the ends, sheets included."""
        return tuple(assets_of(self.checked.graph, self.results, self.ends))

    @cached_property
    def items(self) -> tuple[Asset, ...]:
        """The assets that are no sheet."""
        return tuple(asset for asset in self.assets if not is_sheet(asset))

    @property
    def pictures(self) -> tuple[PillowImage.Image, ...]:
        """The pictures of the items, as PIL images."""
        return tuple(asset.image for asset in self.items if isinstance(asset.artifact, Picture))

    @property
    def sheets(self) -> tuple[PillowImage.Image, ...]:
        """The sheets, as PIL images."""
        return tuple(asset.image for asset in self.assets if is_sheet(asset))

    @property
    def prompts(self) -> tuple[Prompt | None, ...]:
        """The structured prompt of each item."""
        return tuple(asset.prompt for asset in self.items)

    @property
    def settings(self) -> tuple[RenderPlan | None, ...]:
        """The render plan of each item."""
        return tuple(asset.settings for asset in self.items)

    @property
    def seeds(self) -> tuple[int | None, ...]:
        """The seed of each item."""
        return tuple(asset.seed for asset in self.items)

    @property
    def failures(self) -> Mapping[tuple[str, Coordinates], ItemResult]:
        """The items that failed themselves (not those that were skipped because of them)."""
        return {place: result for place, result in self.results.items.items() if result.outcome == "failed"}

    @property
    def counts(self) -> Mapping[Outcome, int]:
        """Work items by outcome: done, stored, failed, skipped, waiting, cancelled."""
        return self.results.counts

    @property
    def partial(self) -> bool:
        """Whether a part was left out on purpose, or the run was stopped."""
        return self.selection.partial or bool(self.counts.get("cancelled"))

    @cached_property
    def report(self) -> RunReport:
        """The run as data for pages and terminals."""
        return report_of(self)

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
        return f"<Run of {self.name}: {len(self.assets)} assets; {counts or 'nothing to do'}>"

    def _repr_html_(self) -> str:
        return notebook(self.report)
