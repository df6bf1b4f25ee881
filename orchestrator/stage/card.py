"""What a model says about itself. The planner and the prompts read it; nothing here loads the model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import ClassVar, Self, cast

from orchestrator.stage.validated import Field, Validated


class Card(Validated):
    """A model card for machines. Sizes in pixels.

    `schedulers` are the names that a plan may choose; `nouns`, `styles`, `colours` and `backgrounds`
    are the model's vocabulary, empty where it is open. `caption` is a str.format template over the
    fields of a Prompt in the wording that the model was trained on ("" means the general wording).
    `repeats` says whether the same seed gives the same picture again; behind an endpoint it seldom does.
    """

    name: str
    kind: str
    family: str = ""
    width: int = 512
    height: int = 512
    size_multiple: int = 8
    steps: int = 30
    guidance_scale: float = 7.5
    schedulers: tuple[str, ...] = ()
    prompt_tokens: int = 77
    takes_negative_prompt: bool = True
    nouns: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    backgrounds: tuple[str, ...] = ()
    caption: str = ""
    batch_size: int = Field(default=1, ge=1)
    licence: str = ""
    attribution: tuple[str, ...] = ()
    identity: str = ""
    repeats: bool = True
    LATER: ClassVar[Mapping[str, object]] = {"repeats": True}
    """Fields that came after keys were first made, with what they mean where a card does not name them."""

    @classmethod
    def shipped(cls, data: bytes) -> Self:
        """The card of a model that comes with the package, which the tests validate: a start need not."""
        held = cast("dict[str, str | int | float | list[str]]", json.loads(data))
        return cls.model_construct(
            **{name: tuple(value) if isinstance(value, list) else value for name, value in held.items()},
        )
