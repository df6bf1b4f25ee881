"""run: check a recipe, do the work that is not done yet, and hand back what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from orchestrator.api.request import UNWATCHED, Watch
from orchestrator.api.result import Run
from orchestrator.api.selection import WHOLE, Part
from orchestrator.api.session import Session
from orchestrator.api.validate import Items
from orchestrator.config import Settings


def run(
    recipe: str | Path,
    *,
    items: Items | None = None,
    models: Mapping[str, object] | None = None,
    overrides: Sequence[str] = (),
    stages_files: Sequence[str | Path] = (),
    out: str | Path | None = None,
    part: Part = WHOLE,
    watch: Watch = UNWATCHED,
    settings: Settings | None = None,
) -> Run:
    """Runs a recipe (a path, or the name of a ready one); what the store has is not made again.

    Models are loaded for this call alone; a `Session` keeps them for the next.

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
    with Session(settings) as session:
        return session.run(
            recipe, items=items, models=models, overrides=overrides, stages_files=stages_files, out=out,
            part=part, watch=watch,
        )  # fmt: skip
