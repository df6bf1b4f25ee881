"""validate: recipe, items, settings and models in, a checked graph or all findings out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from orchestrator.api.locate import Located, locate
from orchestrator.api.recipe_files import RecipeFiles
from orchestrator.api.review_file import reviewing
from orchestrator.api.stage_files import Stages, stages_with
from orchestrator.backends.describe import describe
from orchestrator.config import Settings, settings_from, unusable_settings
from orchestrator.errors import Diagnostic, InvalidInput, has_errors, in_order_of_place
from orchestrator.frozen import Frozen
from orchestrator.graph import Graph, ResolvedResource, Surroundings, build
from orchestrator.graph.likely_stage import likely_stage
from orchestrator.library import Library, shipped_folder
from orchestrator.recipe import Caps, Given, Reading, Recipe, examine
from orchestrator.stage import File

if TYPE_CHECKING:
    from orchestrator.api.input_files import InputFiles
    from orchestrator.export.planned import PlannedExport

Items = Mapping[str, Sequence[object] | Mapping[str, object] | int]
"""Members by dimension; a table as a recipe names it; for `variant` a number."""


class Checked(Frozen):
    """A recipe without errors.

    Attributes:
        graph: what will run.
        findings: warnings only.
        sources: text by file name, for renderers.
        located: where the recipe was found.
        exports: the entries of its `export:` block.
        settings: those that it was checked with.
    """

    graph: Graph
    findings: tuple[Diagnostic, ...]
    sources: Mapping[str, str]
    located: Located
    settings: Settings
    exports: tuple[PlannedExport, ...] = ()


class Request(Frozen):
    """What a caller says besides the recipe: items, models, `--set`, and stage files."""

    items: Items | None = None
    models: Mapping[str, object] | None = None
    overrides: Sequence[str] = ()
    stages_files: Sequence[str | Path] = ()
    items_from: str = "<python>"

    def __post_init__(self) -> None:
        """Refuses what only Python can get wrong."""
        for name, given, example in (
            ("items", self.items, '{"idea": ["fire sword"]}'),
            ("models", self.models, '{"painter": "models/my-checkpoint/"}'),
        ):
            if given is not None and not isinstance(cast("object", given), Mapping):
                raise TypeError(f"{name} is a mapping, such as {example}, not {type(given).__name__}")

    @property
    def given(self) -> Given:
        """What is laid over the recipe."""
        return Given(self.items or {}, self.items_from, self.models or {}, self.overrides)


def check(
    recipe: str | Path,
    *,
    items: Items | None = None,
    models: Mapping[str, object] | None = None,
    overrides: Sequence[str] = (),
    stages_files: Sequence[str | Path] = (),
    settings: Settings | None = None,
) -> Checked:
    """Checks a recipe (a path, or the name of a ready one) without loading or running anything.

    Args:
        recipe: path of a recipe file, or the name of a ready recipe.
        items: members by dimension that replace those of the recipe.
        models: by role: a source as a recipe writes it, or a diffusers pipeline.
        overrides: `STAGE.PARAM=VALUE` and `models.ROLE=SOURCE`, as after `--set`.
        stages_files: Python files that declare further stages; they are imported.
        settings: of the operator; from the environment unless given.

    Raises:
        InvalidInput: with every finding, when one of them is an error.
    """
    request = Request(items, models, overrides, stages_files)
    located = locate(recipe)
    return check_located(located, request, settings or settings_from(project=located.home))


def check_located(located: Located, request: Request, settings: Settings) -> Checked:
    """As `check`, for a recipe that was found already."""
    sources = {**settings.sources, located.file: located.data.decode(errors="replace")}
    shipped = shipped_folder("prompts")
    library = Library([located.base / "prompts", shipped], trusted=[shipped], packages=True)
    caps = Caps(**settings.caps)
    try:
        stages = stages_with(request.stages_files, settings)
        reading = _read(located, request, stages, caps)
        sources.update(reading.sources)
        surroundings = _surroundings(
            located.base, stages, settings, _Shelf(library, sources, located.base)
        )
        review, judged = reviewing(located, caps), tuple[Diagnostic, ...]()
        if review is not None:
            surroundings = review.lenient(surroundings)
        graph, findings = _graph(reading, surroundings)
        if review is not None:
            graph, judged = review.applied(graph, surroundings, sources, request.items or ())
        exports, further = _exports(reading.recipe, graph, located, settings)
    except InvalidInput as error:
        raise type(error)(error.findings, {**sources, **error.sources}) from error
    of_settings = (*settings.findings, *unusable_settings(settings))
    findings = in_order_of_place([*stages.explained(findings), *judged, *further, *of_settings])
    if graph is None or has_errors(findings):
        raise InvalidInput(findings, sources)
    return Checked(graph, findings, sources, located, settings, exports)


def _read(located: Located, request: Request, stages: Stages, caps: Caps) -> Reading:
    guess = partial(likely_stage, stages.registry)
    files = RecipeFiles(located.base, located.drafts)
    return examine(located.data, located.file, caps, files, request.given, guess)


def _graph(reading: Reading, surroundings: Surroundings) -> tuple[Graph | None, tuple[Diagnostic, ...]]:
    """The graph of what could be read, and all findings; without a recipe those of its text."""
    if reading.recipe is None:
        return None, reading.findings
    return build(reading.recipe, surroundings, reading.findings)


def _exports(
    recipe: Recipe | None, graph: Graph | None, located: Located, settings: Settings
) -> tuple[tuple[PlannedExport, ...], tuple[Diagnostic, ...]]:
    if recipe is None:
        return (), ()
    planned: tuple[PlannedExport, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    if recipe.exports:
        from orchestrator.export.plan import Allowed, plan_exports

        planned, findings = plan_exports(recipe, graph, Allowed(located.home, settings.roots))
    if graph is not None and _may_be_long(recipe):
        from orchestrator.export.long_names import long_names

        findings = (*findings, *long_names(graph, planned))
    return planned, findings


def _may_be_long(recipe: Recipe) -> bool:
    """Whether a closer look at the names of files is due: three ids of the most bytes fit into one."""
    return bool(recipe.exports) or len(recipe.dimensions) > 3  # noqa: PLR2004 - 3 * 80 + `.png`


def _surroundings(base: Path, stages: Stages, settings: Settings, shelf: _Shelf) -> Surroundings:
    return Surroundings(
        registry=stages.registry,
        describe=partial(describe, settings=settings, base=base),
        find_resource=shelf.find,
        resource_names=shelf.names,
    )


class _Shelf(Frozen):
    """Library and input files as the graph sees them.

    `sources` collects the texts of resources that are broken; `base` is the recipe's folder.
    """

    library: Library
    sources: dict[str, str]
    base: Path

    def find(self, shelf: str, name: str) -> ResolvedResource | None:
        """The resource; InvalidInput where it is broken or refused."""
        if shelf == File.shelf:
            return self._files().find(name)
        try:
            return self.library.find(shelf, name)
        except InvalidInput as error:
            self.sources.update(error.sources)
            raise

    def names(self, shelf: str) -> tuple[str, ...]:
        """What there is."""
        return self._files().names() if shelf == File.shelf else self.library.names(shelf)

    def _files(self) -> InputFiles:
        from orchestrator.api.input_files import InputFiles

        return InputFiles(self.base)
