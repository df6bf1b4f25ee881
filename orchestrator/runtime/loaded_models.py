"""Loaded models: each is loaded once, on first use; a memory budget can empty it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from orchestrator.errors import Cancelled, Diagnostic, ModelUnavailable
from orchestrator.stage import Description, Model

Load = Callable[[Description], Model]
_LOADING_STILL = 0.5


class LoadedModels:
    """Models by identity, so that two roles of the same model share one copy.

    An object that Python hands in is known by itself: one that vouches for nothing has another identity in
    each run, and would pile up.
    A model that could not be loaded is not tried again until the next run begins.
    """

    def __init__(self, load: Load) -> None:
        self._load = load
        self._models: dict[tuple[str, str], Model] = {}
        self._unavailable: dict[tuple[str, str], ModelUnavailable] = {}
        self._lock = threading.RLock()

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """Why models could not be loaded, each once."""
        return tuple(dict.fromkeys(error.finding for error in self._unavailable.values()))

    def begin_run(self) -> None:
        """Forgets what could not be loaded: a person may have mended it."""
        self._unavailable.clear()

    def get(self, description: Description, on_loading: Callable[[Description], None]) -> Model:
        """The model, loaded now if it was not; `on_loading` is told before a load begins.

        Raises:
            ModelUnavailable: now, and each time again.
        """
        place = _place(description)
        with self._lock:
            if place in self._unavailable:
                raise self._unavailable[place]
            if place not in self._models:
                on_loading(description)
                try:
                    self._models[place] = self._load(description)
                except Cancelled:
                    raise
                except ModelUnavailable as error:
                    self._unavailable[place] = error
                    raise
                except Exception as error:
                    self._unavailable[place] = ModelUnavailable(_unexpected(description, error))
                    raise self._unavailable[place] from error
            return self._models[place]

    def release(self, description: Description) -> None:
        """Lets go of one model: its `release` method is called, if it has one."""
        with self._lock:
            _let_go(self._models.pop(_place(description), None))

    def release_all(self) -> None:
        """Lets go of every model; of none while one is loading still, in a call that was left behind."""
        if not self._lock.acquire(timeout=_LOADING_STILL):
            return
        try:
            while self._models:
                _let_go(self._models.popitem()[1])
        finally:
            self._lock.release()


def _place(description: Description) -> tuple[str, str]:
    given = description.handed_in
    return description.kind, description.identity if given is None else f"object {id(given)}"


def _let_go(model: Model | None) -> None:
    release: object = getattr(model, "release", None)
    if callable(release):
        release()


def _unexpected(description: Description, error: Exception) -> Diagnostic:
    said = " ".join(str(error).split())
    return Diagnostic(
        code="E536",
        message=f"the model {description.source!r} of the role {description.role!r} cannot be loaded: "
        f"{type(error).__name__}: {said}",
        why="Loading stopped with an error that the backend does not know.",
        help="see that the folder is complete and that memory is free, then run again",
    )
