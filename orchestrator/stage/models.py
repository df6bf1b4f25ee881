"""Protocols of what stands behind a role. Backends implement them; each has a double beside it.

Every call takes many requests and gives as many replies in the same order, a `Failure` in the place of
one that failed. A reply depends on its own request alone, never on what shares the call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from orchestrator.frozen import Frozen
from orchestrator.stage.gathered import Failure

if TYPE_CHECKING:
    from PIL import Image as PillowImage

    from orchestrator.stage.artifacts import RenderPlan


class Message(Frozen):
    """One chat message; `role` is system, user or assistant."""

    role: str
    content: str


class Example(Frozen):
    """The same question about another subject; `answers` has the right value of each slot where one is known.

    A writer that scores by likelihood takes the mean over the examples off each value's score, so that a
    frequent word is no better answer than a rare one; a writer that answers in JSON is shown them.
    """

    messages: tuple[Message, ...]
    cues: Mapping[str, str] = field(default_factory=dict[str, str])
    answers: Mapping[str, str] = field(default_factory=dict[str, str])


class WriteRequest(Frozen):
    """What a writer is asked.

    `choices` maps a slot to the values allowed for it: the writer ranks them (best first). `cues` maps a slot
    to the beginning of the answer that a value completes (`A fire sword is made of`). `schema`, when
    given, is a JSON Schema that free text must satisfy; `seed` makes sampling reproducible.
    """

    messages: tuple[Message, ...]
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    cues: Mapping[str, str] = field(default_factory=dict[str, str])
    examples: tuple[Example, ...] = ()
    schema: Mapping[str, object] | None = None
    seed: int = 0


class WriteReply(Frozen):
    """`ranked` holds each slot's choices, best first; `fields` what was written freely by the schema.

    `scores` says how good each value is, where the writer knows: higher is better, 0 no better than chance.
    """

    ranked: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    scores: Mapping[str, Mapping[str, float]] = field(default_factory=dict[str, Mapping[str, float]])
    fields: Mapping[str, object] = field(default_factory=dict[str, object])
    notes: Mapping[str, object] = field(default_factory=dict[str, object])


class PaintRequest(Frozen):
    """A plan and the seed of its noise; with `image`, that picture is painted over.

    `image` is RGB, of the plan's size. `strength` says how much of it may change: 1 draws as if there were
    none, near 0 leaves it (SDEdit, Meng et al. 2022: it is noised to that part of the way, then denoised).
    """

    plan: RenderPlan
    seed: int
    image: PillowImage.Image | None = None
    strength: float = 1.0


class PaintReply(Frozen):
    """The picture, and notes (token counts, what was cut off)."""

    image: PillowImage.Image
    notes: Mapping[str, object] = field(default_factory=dict[str, object])


class UpscaleRequest(Frozen):
    """A picture to enlarge to `width` × `height` pixels; its own proportions are the asker's to keep."""

    image: PillowImage.Image
    width: int
    height: int
    seed: int = 0


Cancelled = Callable[[], bool]
"""True once the user asked to stop; a backend looks at it at least once a step."""
OnStep = Callable[[int, int], None]
"""Told (done, total) as steps end."""


@runtime_checkable
class Model(Protocol):
    """What every loaded model has."""

    environment: Mapping[str, str]
    """Library versions, device, dtype, threads: recorded with each result."""


@runtime_checkable
class Writer(Model, Protocol):
    """A language model."""

    def write(self, requests: Sequence[WriteRequest], cancelled: Cancelled) -> Sequence[WriteReply | Failure]:
        """Answers each request."""
        ...


@runtime_checkable
class Painter(Model, Protocol):
    """A text-to-image model. One that cannot paint over pictures answers such requests by Failures (E525)."""

    def paint(
        self, requests: Sequence[PaintRequest], cancelled: Cancelled, on_step: OnStep
    ) -> Sequence[PaintReply | Failure]:
        """Draws each request with a generator of its own."""
        ...


@runtime_checkable
class Scorer(Model, Protocol):
    """A model that compares pictures with texts (CLIP, Radford et al. 2021)."""

    def score(
        self, images: Sequence[PillowImage.Image], texts: Sequence[str], cancelled: Cancelled
    ) -> Sequence[float | Failure]:
        """The cosine of each picture with the text at its place."""
        ...

    def classify(
        self, images: Sequence[PillowImage.Image], vocabulary: Sequence[str], cancelled: Cancelled
    ) -> Sequence[Mapping[str, float] | Failure]:
        """For each picture the probability of each text: a softmax over the vocabulary."""
        ...


@runtime_checkable
class Segmenter(Model, Protocol):
    """A model that finds what a picture is of."""

    def segment(
        self, images: Sequence[PillowImage.Image], cancelled: Cancelled
    ) -> Sequence[PillowImage.Image | Failure]:
        """For each picture a mask of its size, mode L: 255 where the subject covers it, 0 elsewhere."""
        ...


@runtime_checkable
class Upscaler(Model, Protocol):
    """A model that draws a picture larger."""

    def upscale(
        self, requests: Sequence[UpscaleRequest], cancelled: Cancelled
    ) -> Sequence[PillowImage.Image | Failure]:
        """For each request the picture at the size that it asks for, in the mode of the one given."""
        ...


@runtime_checkable
class Checker(Model, Protocol):
    """A model that says what a picture shows of what it must not."""

    def check(
        self, images: Sequence[PillowImage.Image], cancelled: Cancelled
    ) -> Sequence[Mapping[str, float] | Failure]:
        """For each picture the probability of each label, such as `{"nsfw": 0.02}`; they need not add up."""
        ...
