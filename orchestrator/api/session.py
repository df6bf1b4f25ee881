"""What outlives a run: the store of finished work and the models that are loaded."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from orchestrator.api.request import UNWATCHED, Request, Watch, check_request
from orchestrator.api.selection import WHOLE, Part
from orchestrator.api.validate import Checked, Items
from orchestrator.config import Settings, settings_from
from orchestrator.errors import Diagnostic, InvalidInput

if TYPE_CHECKING:
    from orchestrator.api.result import Run
    from orchestrator.api.text_to_image import TextToImage
    from orchestrator.runtime import LoadedModels
    from orchestrator.store import Store


class Session:
    """Runs recipes one after the other, or several threads' at once, with one store and models loaded once.

        with orchestrator.Session() as session:
            icons = session.run("item-icons", items={"idea": ["fire sword"]})
            again = session.run("item-icons", items={"idea": ["ice sword"]})   # loads nothing

    Leaving it closes what it opened; runs that it handed back can still be looked at. A run that is broken
    off by Ctrl-C leaves the session interrupted: a stage may hang inside a model, so it takes no more work.
    """

    def __init__(self, settings: Settings | None = None, *, config: str | Path | None = None) -> None:
        """Opens nothing yet.

        Args:
            settings: of the operator; unless given, each recipe counts with those of the environment, of
                `config` and of its project.
            config: a config file of the operator's, as after `orchestrator --config`.
        """
        self._settings, self._config = settings, Path(config) if config is not None else None
        self._stores: dict[Path, Store] = {}
        self._models: dict[tuple[object, ...], LoadedModels] = {}
        self._over = ""
        self._lock = threading.RLock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of models and store; what is finished stays. Closing twice does no harm."""
        with self._lock:
            self._over = self._over or "it is closed"
            while self._models:
                self._models.popitem()[1].release_all()
            while self._stores:
                self._stores.popitem()[1].close()

    def check(
        self,
        recipe: str | Path,
        *,
        items: Items | None = None,
        models: Mapping[str, object] | None = None,
        overrides: Sequence[str] = (),
        stages_files: Sequence[str | Path] = (),
    ) -> Checked:
        """As `orchestrator.check`, with the session's settings; loads and runs nothing."""
        return self.check_request(recipe, Request(items, models, overrides, stages_files))

    def check_request(self, recipe: str | Path, request: Request) -> Checked:
        """As `check`, with all that the caller says in one value."""
        return check_request(recipe, request, self._settings, self._config)

    def run(
        self,
        recipe: str | Path,
        *,
        items: Items | None = None,
        models: Mapping[str, object] | None = None,
        overrides: Sequence[str] = (),
        stages_files: Sequence[str | Path] = (),
        out: str | Path | None = None,
        part: Part = WHOLE,
        watch: Watch = UNWATCHED,
    ) -> Run:
        """As `orchestrator.run`, with the session's store and models.

        Raises:
            InvalidInput: with every finding of the recipe, or because the session is over (E440).
        """
        request = Request(items, models, overrides, stages_files)
        return self.carry_out(self.check_request(recipe, request), out=out, part=part, watch=watch)

    def export(
        self,
        recipe: str | Path,
        *,
        items: Items | None = None,
        models: Mapping[str, object] | None = None,
        overrides: Sequence[str] = (),
        stages_files: Sequence[str | Path] = (),
        part: Part = WHOLE,
        watch: Watch = UNWATCHED,
    ) -> Run:
        """Writes the recipe's `export:` block, and nothing else; runs what is missing for it first.

        Raises:
            InvalidInput: as for `run`, or the recipe has no `export:` (E438).
        """
        checked = self.check_request(recipe, Request(items, models, overrides, stages_files))
        return self.carry_out(checked, part=part, watch=watch, export=True)

    def carry_out(
        self,
        checked: Checked,
        *,
        out: str | Path | None = None,
        part: Part = WHOLE,
        watch: Watch = UNWATCHED,
        export: bool = False,
    ) -> Run:
        """As `run`, for a recipe that was checked already; with `export` its `export:` block is written too.

        An export without `out` runs what it needs alone.
        """
        from orchestrator.api.carry_out import Means, carried_out

        self._refuse_where_over()
        means = Means(checked.settings, self._store, self._loaded)
        done = carried_out(checked, means, None if out is None else Path(out), part, watch, export=export)
        if done.results.left_behind or (done.results.interrupted and not watch.cancelled()):
            self._over = self._over or "a run of it was broken off"
        return done

    def pipeline(
        self, task: str = "text-to-image", model: object | None = None, *, writer: object | None = None
    ) -> TextToImage:
        """As `orchestrator.pipeline`, with the session's store and models."""
        from orchestrator.api.text_to_image import TextToImage, refuse_other

        refuse_other(task)
        settings = self._settings or settings_from(config=self._config)
        return TextToImage(model, writer, settings, self.carry_out, _stay_open)

    def _store(self, settings: Settings) -> Store:
        """The store of these settings, opened now if it was not."""
        from orchestrator.store import Store

        folder = settings.store.absolute()
        with self._lock:
            self._refuse_where_over()
            if folder not in self._stores:
                self._stores[folder] = Store.open(folder)
            return self._stores[folder]

    def _loaded(self, settings: Settings) -> LoadedModels:
        """The models that are loaded on the device and in the precision of these settings."""
        from orchestrator.backends.load import Loader
        from orchestrator.runtime import LoadedModels

        place = (settings.store.absolute(), settings.device, settings.dtype, settings.threads)
        with self._lock:
            self._refuse_where_over()
            if place not in self._models:
                self._models[place] = LoadedModels(Loader(settings))
            return self._models[place]

    def _refuse_where_over(self) -> None:
        if self._over:
            raise InvalidInput([_over(self._over)])


def _stay_open() -> None:
    """What a generator of a session does when it is closed: the session goes on."""


def _over(reason: str) -> Diagnostic:
    return Diagnostic(
        code="E440",
        message=f"the session takes no more work: {reason}",
        why="What it had loaded may be in the midst of a call, or is gone; what is finished is in the store.",
        help="begin a new one; the same call goes on where it stopped",
        fix="with orchestrator.Session() as session:",
    )
