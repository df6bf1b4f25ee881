"""Which backend serves which kind of model from which source: a row each, imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Final, TypeAlias, cast

from orchestrator.config import Settings
from orchestrator.frozen import Frozen
from orchestrator.recipe import Embedded, Folder, HandedIn, Hub, ModelChoice, Source
from orchestrator.stage import Description, Model

Describe: TypeAlias = Callable[[ModelChoice, Settings, Path], Description]
"""What is known of a model without loading it; a relative folder counts from the path."""
Load: TypeAlias = Callable[[Description, Settings], Model]

_FILES: Final = (Embedded, Folder, Hub, HandedIn)


class Backend(Frozen):
    """What serves a kind of model from some sources; `describe` and `load` are written `module:function`."""

    kind: str
    sources: tuple[type[Source | HandedIn], ...]
    describe: str
    load: str

    def describer(self) -> Describe:
        """Says what a model is; imports no heavy library."""
        return cast("Describe", _function(self.describe))

    def loader(self) -> Load:
        """Makes a model ready to work."""
        return cast("Load", _function(self.load))


_HERE: Final = "orchestrator.backends"
BACKENDS: Final = (
    Backend("llm", _FILES, f"{_HERE}.llm.describe:describe_writer", f"{_HERE}.llm.load:load_writer"),
    Backend(
        "diffusion", _FILES, f"{_HERE}.diffusion.describe:describe_painter",
        f"{_HERE}.diffusion.load:load_painter",
    ),
    Backend("clip", _FILES, f"{_HERE}.clip.describe:describe_scorer", f"{_HERE}.clip.load:load_scorer"),
)  # fmt: skip
_ANY_OBJECT: Final = (f"{_HERE}.handed_in:describe_object", f"{_HERE}.handed_in:load_object")


def backend_of(kind: str, source: Source | HandedIn) -> Backend | None:
    """What serves this kind from this source; an object of any kind is served from Python."""
    found = next((row for row in BACKENDS if row.kind == kind and type(source) in row.sources), None)
    if found is None and isinstance(source, HandedIn):
        return Backend(kind, (HandedIn,), *_ANY_OBJECT)
    return found


def loader_of(description: Description) -> Load:
    """What loads a model that was described: the backend that described it, else the first of its kind."""
    if description.loaded_by:
        return cast("Load", _function(description.loaded_by))
    backend = next((row for row in BACKENDS if row.kind == description.kind), None)
    return cast("Load", _function(_ANY_OBJECT[1])) if backend is None else backend.loader()


def sources_of(kind: str) -> Iterator[type[Source | HandedIn]]:
    """The sources from which a backend serves this kind."""
    return (source for row in BACKENDS if row.kind == kind for source in row.sources)


def _function(place: str) -> object:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
