"""For the tests of a studio's own code: doubles of models, a context for a stage, a throwaway store.

    from orchestrator.testing import PatternPainter, context

    def test_it_outlines():
        made = outline(picture, Outline(width=2), context(Outline(width=2), seed=7))

The doubles stand in for models behind the same Protocols, work at once, and give the same on every machine.
Nothing of this is imported by a run.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from orchestrator.config import Settings
from orchestrator.library import Library, shipped_folder
from orchestrator.stage import Card, Context, File, Params, Resource, Role

if TYPE_CHECKING:
    from orchestrator.api import Session
    from orchestrator.backends.clip.doubles import ConstantScorer, PatternScorer
    from orchestrator.backends.diffusion.pattern import PatternPainter
    from orchestrator.backends.doubles import ConstantChecker, CornerSegmenter, NearestUpscaler
    from orchestrator.backends.llm.scripted import ScriptedWriter, first_choices, preferring
    from orchestrator.store import Store

_HOMES: Final[Mapping[str, str]] = {
    "ConstantChecker": "orchestrator.backends.doubles",
    "ConstantScorer": "orchestrator.backends.clip.doubles",
    "CornerSegmenter": "orchestrator.backends.doubles",
    "NearestUpscaler": "orchestrator.backends.doubles",
    "PatternPainter": "orchestrator.backends.diffusion.pattern",
    "PatternScorer": "orchestrator.backends.clip.doubles",
    "ScriptedWriter": "orchestrator.backends.llm.scripted",
    "first_choices": "orchestrator.backends.llm.scripted",
    "preferring": "orchestrator.backends.llm.scripted",
}

N = TypeVar("N", Role[Any], Resource)

__all__ = [
    "ConstantChecker",
    "ConstantScorer",
    "CornerSegmenter",
    "NearestUpscaler",
    "PatternPainter",
    "PatternScorer",
    "ScriptedWriter",
    "context",
    "first_choices",
    "preferring",
    "throwaway_session",
    "throwaway_settings",
    "throwaway_store",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'orchestrator.testing' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def context(
    params: Params | None = None,
    *,
    seed: int = 0,
    seeds: Sequence[int] | None = None,
    models: Mapping[str, object] | None = None,
    resources: Mapping[str, object] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    on_step: Callable[[int, int], None] = lambda done, total: None,  # noqa: ARG005 - progress nobody watches
) -> Context:
    """A context for calling a stage directly; `ctx.notes[0]` holds what it notes.

    Args:
        params: those that the stage is called with; they say which roles and files it names.
        seed: of the only item.
        seeds: one for each item of a stage with `batch=True`, in place of `seed`.
        models: by the param that names the role: a double, or any object behind its Protocol. Its `card`, if
            it has one, or a Card in its place, is what `ctx.card` gives.
        resources: by param: bytes for a File, a StylePreset for a Style, tables for a Lexicon. A template,
            glossary, lexicon or style that is not given is the shipped one of its name.
        cancelled: whether the user asked to stop.
        on_step: hears of progress.

    Raises:
        ValueError: a name is no param that stands for a model, or for a file; or two roles without a name
            stand for different models.
    """
    all_seeds = tuple(seeds) if seeds is not None else (seed,)
    loaded, cards = _models(params, models or {})
    return Context(
        seeds=all_seeds,
        models=loaded.__getitem__,
        cards=cards,
        resources=_resources(params, resources or {}),
        notes=tuple(dict[str, object]() for _ in all_seeds),
        cancelled=cancelled,
        on_step=on_step,
    )


@contextmanager
def throwaway_settings() -> Generator[Settings]:
    """Settings of nobody, whose store is a temporary folder that goes at the end."""
    with tempfile.TemporaryDirectory(prefix="orchestrator-", ignore_cleanup_errors=True) as folder:
        yield Settings(store=Path(folder) / "store")


@contextmanager
def throwaway_store() -> Generator[Store]:
    """A store in a temporary folder that goes at the end."""
    from orchestrator.store import Store

    with throwaway_settings() as settings, Store.open(settings.store) as store:
        yield store


@contextmanager
def throwaway_session() -> Generator[Session]:
    """A session that reads no config and whose finished work goes at the end."""
    from orchestrator.api import Session

    with throwaway_settings() as settings, Session(settings) as session:
        yield session


def _models(params: Params | None, given: Mapping[str, object]) -> tuple[dict[str, object], dict[str, Card]]:
    """Models and cards by the name of the role."""
    loaded, cards = dict[str, object](), dict[str, Card]()
    for param, model in given.items():
        name = _named(params, param, Role).name
        if name in loaded and loaded[name] is not model:
            raise ValueError(f"name the role of {param!r} in the params: another model stands for {name!r}")
        loaded[name] = model
        card = model if isinstance(model, Card) else getattr(model, "card", None)
        if isinstance(card, Card):
            cards[name] = card
    return loaded, cards


def _resources(params: Params | None, given: Mapping[str, object]) -> dict[tuple[str, str], object]:
    """What resources say, by shelf and name."""
    held = {(each.shelf, each.name): value for param, value in given.items()
            for each in (_named(params, param, Resource),)}  # fmt: skip
    library = Library([shipped_folder("prompts")], packages=True)
    for each in _values(params):
        if not isinstance(each, Resource) or isinstance(each, File) or (each.shelf, each.name) in held:
            continue
        found = library.find(each.shelf, each.name) if each.name else None
        if found is not None:
            held[each.shelf, each.name] = found.value
    return held


def _values(params: Params | None) -> list[object]:
    return [] if params is None else [getattr(params, name) for name in type(params).model_fields]


def _named(params: Params | None, param: str, kind: type[N]) -> N:
    value: object = getattr(params, param, None)
    if not isinstance(value, kind):
        raise ValueError(  # noqa: TRY004 - the name is wrong, not its type
            f"{param!r} is no {kind.__name__} among the params {type(params).__name__}"
        )
    return value
