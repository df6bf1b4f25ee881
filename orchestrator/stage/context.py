"""The context of one call of a stage: seeds, models, cards, resources, notes, progress, cancellation.

It is plain data and callables, so a unit test builds one by hand and calls the stage directly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any, TypeVar, cast

from orchestrator.errors import Cancelled
from orchestrator.frozen import Frozen
from orchestrator.stage.card import Card
from orchestrator.stage.params import (
    CardRole,
    File,
    Glossary,
    Lexicon,
    Resource,
    Role,
    Style,
    StylePreset,
    Template,
    TemplateText,
)

M = TypeVar("M")


def _no_step(done: int, total: int) -> None:
    """Progress that nobody watches."""
    del done, total


def _no_model(role: str) -> object:
    raise LookupError(f"this context has no model for the role {role!r}")


class Context(Frozen):
    """What a stage may look at besides its inputs and params.

    Attributes:
        seeds: a 63-bit seed for each item of the call (one, unless the stage is `batch=True`).
        models: loaded models by role name, made on first use.
        cards: cards by role name.
        resources: what a Resource param stands for, by (shelf, name).
        notes: one mapping for each item; stored with the result, shown on the page.
    """

    seeds: tuple[int, ...] = (0,)
    models: Callable[[str], object] = _no_model
    cards: Mapping[str, Card] = field(default_factory=dict[str, Card])
    resources: Mapping[tuple[str, str], object] = field(default_factory=dict[tuple[str, str], object])
    notes: tuple[dict[str, object], ...] = field(default_factory=lambda: ({},))
    cancelled: Callable[[], bool] = lambda: False
    on_step: Callable[[int, int], None] = _no_step

    @property
    def seed(self) -> int:
        """The seed of the only item."""
        (seed,) = self.seeds
        return seed

    def model(self, role: Role[M]) -> M:
        """The model behind a role, loaded now if it was not."""
        return cast("M", self.models(role.name))

    def card(self, role: CardRole[Any]) -> Card:
        """The card of the model behind a role; loads nothing."""
        return self.cards[role.name]

    def template(self, template: Template) -> TemplateText:
        """The compiled template."""
        return cast("TemplateText", self._resource(template))

    def glossary(self, glossary: Glossary) -> Mapping[str, str]:
        """Foreign words to English."""
        return cast("Mapping[str, str]", self._resource(glossary))

    def lexicon(self, lexicon: Lexicon) -> Mapping[str, Any]:
        """The tables of a lexicon, as its YAML file has them."""
        return cast("Mapping[str, Any]", self._resource(lexicon))

    def style(self, style: Style) -> StylePreset:
        """The preset of a style."""
        return cast("StylePreset", self._resource(style))

    def file(self, file: File) -> bytes:
        """The bytes of a file."""
        return cast("bytes", self._resource(file))

    def note(self, name: str, value: object, at: int = 0) -> None:
        """Keeps a JSON value beside the result: a reason, a count, the original text.

        A list of texts under `warnings` is told at the end of the run, on its page and in run.json, each kind
        once with its items; texts are of one kind where they differ in quotes and numbers alone.
        """
        self.notes[at][name] = value

    def stop_if_cancelled(self) -> None:
        """Raises Cancelled once the user asked to stop; call it in long loops."""
        if self.cancelled():
            raise Cancelled

    def _resource(self, resource: Resource) -> object:
        return self.resources[resource.shelf, resource.name]
