"""Tiny stages, a painter's double and a graph of them: idea → words → draw → sheet."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image as PillowImage

from orchestrator.errors import Diagnostic, ModelUnavailable
from orchestrator.events import Event, ItemEnded
from orchestrator.graph import Graph
from orchestrator.runtime import Call, InProcess, Reply, Results, Workshop, execute
from orchestrator.stage import (
    Batch,
    Context,
    Description,
    Failure,
    Gathered,
    Idea,
    Image,
    Model,
    Painter,
    PaintReply,
    PaintRequest,
    Params,
    Prompt,
    RenderPlan,
    Role,
    Sheet,
    StageFailure,
    Writer,
    stage,
)
from orchestrator.store import DiskFiles, Store
from orchestrator.work import EVERYTHING, Selection
from tests import graphs

CALLS: list[tuple[str, ...]] = []
"""Every call of a stage of this file: its name and what it was given."""


class DrawParams(Params):
    model: Role[Painter] = Role()
    style: str = "flat"


class WriteParams(Params):
    model: Role[Writer] = Role()


@stage("t.words", version=1)
def words(idea: Idea, ctx: Context) -> Prompt:
    CALLS.append(("words", idea.text))
    ctx.note("seen", ctx.seed)
    if idea.text.startswith("refused"):
        raise StageFailure("nothing to\n  draw", code="E511", help="give a noun")
    if idea.text.startswith("broken"):
        raise ValueError("line one\nline two")
    if idea.text.startswith("wrong"):
        return idea  # type: ignore[return-value]
    return Prompt(subject=idea.text)


@stage("t.write", version=1, batch=True)
def write(ideas: Batch[Idea], params: WriteParams, ctx: Context) -> Sequence[Prompt | Failure]:
    CALLS.append(("write", *(idea.text for idea in ideas)))
    ctx.model(params.model)
    if any(idea.text.startswith("poison") for idea in ideas):
        raise RuntimeError("poison")
    refused = Failure("no", "E512", notes={"asked": 1})
    return tuple(
        refused if idea.text.startswith("refused") else Prompt(subject=idea.text) for idea in ideas
    )


@stage("t.draw", version=1, seeded=True, variants=True, batch=True)
def draw(prompts: Batch[Prompt], params: DrawParams, ctx: Context) -> Sequence[Image | Failure]:
    CALLS.append(("draw", *(prompt.subject for prompt in prompts)))
    plan = RenderPlan(prompt="", width=16, height=16, steps=1, guidance_scale=1)
    requests = [PaintRequest(plan, seed) for seed in ctx.seeds]
    replies = ctx.model(params.model).paint(requests, ctx.cancelled, ctx.on_step)
    for at, reply in enumerate(replies):
        if isinstance(reply, PaintReply):
            ctx.note("tokens", reply.notes["tokens"], at)
    return tuple(Image.of(reply.image) if isinstance(reply, PaintReply) else reply for reply in replies)


@stage("t.sheet", version=1, missing="skip")
def sheet(images: Gathered[Image]) -> Sheet:
    CALLS.append(("sheet", *(str(member.artifact is not None) for member in images)))
    return Sheet.of(PillowImage.new("L", (len(images), len(images.present)), 7))


@stage("t.atlas", version=1, missing="refuse")
def atlas(images: Gathered[Image]) -> Sheet:
    return sheet(images)


class FlatPainter:
    """A painter's double: one colour from the seed; `slow` seconds for each picture."""

    batch_size = 8

    def __init__(self, slow: float = 0.0) -> None:
        self.environment: Mapping[str, str] = {"painter": "double"}
        self.slow = slow
        self.released = False

    def paint(
        self,
        requests: Sequence[PaintRequest],
        cancelled: Callable[[], bool],
        on_step: Callable[[int, int], None],
    ) -> Sequence[PaintReply | Failure]:
        replies: list[PaintReply | Failure] = []
        for request in requests:
            if cancelled():
                replies.append(Failure("stopped"))
                continue
            time.sleep(self.slow)
            on_step(1, 1)
            colour = tuple(request.seed >> shift & 255 for shift in (0, 8, 16))
            replies.append(PaintReply(PillowImage.new("RGB", (16, 16), colour), {"tokens": 3}))
        return replies

    def release(self) -> None:
        self.released = True


class QuickFiles(DiskFiles):
    """Does not wait for the disk: a power cut is not what these tests are about."""

    def write(self, path: Path, data: bytes) -> None:
        path.write_bytes(data)


@dataclass
class Loader:
    """Loads doubles, counts them, and fails where it is told to."""

    missing: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    slow: float = 0.0
    loaded: list[str] = field(default_factory=list[str])
    models: list[FlatPainter] = field(default_factory=list[FlatPainter])

    def __call__(self, description: Description) -> Model:
        self.loaded.append(description.role)
        if description.role in self.missing:
            raise ModelUnavailable(Diagnostic("E301", f"no model {description.role}", help="get it"))
        if description.role in self.broken:
            raise MemoryError("no\nroom")
        self.models.append(FlatPainter(self.slow))
        return self.models[-1]


class Threads:
    """An executor of two threads, as a stand-in for remote ones."""

    def __init__(self, workshop: Workshop) -> None:
        self._one = InProcess(workshop)
        self.names: set[str] = set()

    def run(self, calls: Iterable[Call]) -> Iterator[Reply]:
        with ThreadPoolExecutor(2) as pool:
            for call, outcomes in [(call, pool.submit(self._carry_out, call)) for call in calls]:
                yield Reply(call, outcomes.result())

    def _carry_out(self, call: Call) -> tuple[object, ...]:  # type: ignore[override]
        self.names.add(threading.current_thread().name)
        return self._one.outcomes(call)


def a_graph(
    ideas: Sequence[str],
    *,
    variants: int = 1,
    styles: Sequence[str] = ("flat",),
    last: Callable[..., Sheet] = sheet,
    gather: tuple[str, ...] = ("idea", "style", "variant"),
    batch_size: int = 1,
) -> Graph:
    dimensions = ("idea", "style", "variant")
    return graphs.graph(
        {
            "idea": {f"i{place}": {"value": text} for place, text in enumerate(ideas)},
            "style": styles,
            "variant": [str(number + 1) for number in range(variants)],
        },
        [
            graphs.node("words", words, {"idea": graphs.IDEA}, ("idea",)),
            graphs.node(
                "draw", draw, {"prompts": "words"}, dimensions,
                model="painter", style=graphs.reference("style"),
            ),
            graphs.node(
                "sheet", last, {"images": "draw"}, tuple(name for name in dimensions if name not in gather),
                gather=gather,
            ),
        ],
        models=[graphs.model("painter", batch_size=batch_size)],
    )  # fmt: skip


def run(
    graph: Graph,
    store: Store,
    loader: Callable[[Description], Model] | None = None,
    *,
    selection: Selection = EVERYTHING,
    events: list[Event] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Results:
    listener = (events if events is not None else []).append
    return execute(graph, selection, store, loader or Loader(), listener, cancelled)


def ended(events: Iterable[Event], stage_name: str = "") -> list[ItemEnded]:
    found = [event for event in events if isinstance(event, ItemEnded)]
    return [event for event in found if not stage_name or event.stage == stage_name]
