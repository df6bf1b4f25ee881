"""What is known of a model before it is loaded: its card, its identity, and where the loader finds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from orchestrator.frozen import Frozen
from orchestrator.stage.card import Card


class Description(Frozen):
    """A model behind a role, described without loading it; pickles, so that a spawned worker can load it.

    Attributes:
        role: the name that the recipe gives it.
        kind: one of `KINDS`.
        source: as the recipe writes it: `embedded`, a folder, `huggingface:REPO@REVISION`; `<python>` for an
            object that was handed in, the name of an endpoint.
        identity: digest over kind and every file that the loader opens; it enters keys.
        location: the folder that the loader opens; "" for an object that was handed in.
        card: what the model says about itself.
        provider: the name of the provider that gives it; "" where a backend of this package does.
        loaded_by: the function that loads it, as `module:function`.
        steps: the least and the most steps of schedulers that do not do any number.
        handed_in: the object itself, when Python handed one in; such a model runs in this process only.
    """

    role: str
    kind: str
    source: str
    identity: str
    card: Card
    location: str = ""
    provider: str = ""
    loaded_by: str = ""
    steps: Mapping[str, tuple[int, int]] = field(
        default_factory=dict[str, tuple[int, int]], compare=False, repr=False
    )
    handed_in: object | None = field(default=None, compare=False)
