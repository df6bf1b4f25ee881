"""The work of a run that has ended: what was asked, what came of it, and the assets that this makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from orchestrator.api.assets import Asset, assets_of, is_sheet
from orchestrator.api.validate import Checked
from orchestrator.events import Outcome
from orchestrator.runtime import ItemResult, Results
from orchestrator.stage import Prompt, RenderPlan
from orchestrator.work import Coordinates, Selection

if TYPE_CHECKING:
    from PIL import Image as PillowImage


@dataclass(repr=False)
class FinishedRun:
    """The results of a checked recipe, read as assets; what is written of them is no part of it.

    `warned` are the lines of what its stages warned of, `file` is the recipe's, None for what is no file.
    """

    checked: Checked
    selection: Selection
    results: Results
    warned: tuple[str, ...] = ()
    file: Path | None = None

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
        return (self.selection.to,) if self.selection.to else self.checked.graph.handed_over

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
        return tuple(asset.image for asset in self.items if asset.shows)

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
