"""What a run made: each asset with all that made it, read from the results along the wires."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, cast

from orchestrator.api.frame_counts import FrameCounts, numbered_ids
from orchestrator.graph import IDEA_SOURCE, Graph, StageNode
from orchestrator.graph.walk import reached
from orchestrator.runtime import ItemResult, Results
from orchestrator.stage import Artifact, Atlas, Description, Many, Picture, Prompt, RenderPlan, Sheet, draws
from orchestrator.stage.many import is_many, member_type
from orchestrator.store import DamagedResultError
from orchestrator.work import Coordinates, dimensions_at, index_name

if TYPE_CHECKING:
    from PIL import Image as PillowImage

T = TypeVar("T")


class LastMany:
    """Reads `Many[T]` from the store and keeps the last one, whose members are asked for one by one."""

    def __init__(self) -> None:
        self._key, self._many = "", cast("Many[Artifact] | None", None)

    def of(self, result: ItemResult) -> Many[Artifact]:
        """The output of an item of a stage that gives several."""
        if self._many is None or self._key != result.key:
            self._many = None  # or two were held while the second is read
            self._key, self._many = result.key, cast("Many[Artifact]", result.artifact())
        return self._many


@dataclass(frozen=True)
class Asset:
    """One finished item of a stage whose output is left open, with the steps that led to it.

    Attributes:
        stage: the stage of the recipe that gave it.
        coordinates: id by dimension.
        result: the item's result; its key is the item's identity.
        steps: results of the stages up its wires by stage name, nearest first, itself included.
        frames: how many there are of it, by dimension whose length only a run knows.
        whole: reads the `Many[T]` of which it is a member, `member` being its index; None for what stands
            alone.
    """

    graph: Graph
    stage: str
    coordinates: Mapping[str, str]
    result: ItemResult
    steps: Mapping[str, ItemResult]
    frames: Mapping[str, int] = field(default_factory=dict[str, int], repr=False)
    whole: LastMany | None = field(default=None, repr=False)
    member: int = 0

    @property
    def artifact(self) -> Artifact:
        """The output itself, read from the store at each access: who holds assets holds no pictures.

        Raises:
            DamagedResultError: it was lost since.
        """
        made = self.result.artifact() if self.whole is None else self.whole.of(self.result)[self.member]
        if isinstance(made, Picture):
            self.__dict__["size"] = made.size
        return made

    @cached_property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture, px; (0, 0) where it was lost since."""
        try:
            return cast("Picture", self.artifact).size
        except DamagedResultError:
            return (0, 0)

    @property
    def file_ids(self) -> Mapping[str, str]:
        """Id by dimension as it stands in names of files, where frames sort as they play."""
        return numbered_ids(self.coordinates, self.frames)

    @property
    def shows(self) -> bool:
        """Whether the output is a picture."""
        return issubclass(member_type(self.graph.nodes[self.stage].spec.output), Picture)

    @property
    def digest(self) -> str:
        """Digest of the output."""
        return self.result.artifact_digest if self.whole is None else self.artifact.digest

    @property
    def image(self) -> PillowImage.Image:
        """The picture, as a fresh PIL image; TypeError where the output is no picture."""
        made = self.artifact
        if not isinstance(made, Picture):
            raise TypeError(f"{self.stage} gives {type(made).__name__}, not a picture")
        return made.pil

    @property
    def idea(self) -> str:
        """The idea as it was typed; "" where the items have none."""
        dimension = self.graph.recipe.dimension("idea")
        record = dimension.record(self.coordinates.get("idea", "")) if dimension else None
        return str(record.fields.get("value", "")) if record else ""

    @cached_property
    def prompt(self) -> Prompt | None:
        """The structured prompt nearest up the wires."""
        return self._nearest(Prompt)

    @cached_property
    def settings(self) -> RenderPlan | None:
        """The render plan nearest up the wires: final texts, size, steps, guidance, scheduler."""
        return self._nearest(RenderPlan)

    @property
    def seed(self) -> int | None:
        """The seed of the nearest seeded stage."""
        return next(
            (step.seed for name, step in self.steps.items() if self.graph.nodes[name].spec.seeded), None
        )

    @property
    def identity(self) -> str:
        """The key of the item: a digest over everything that decides it."""
        return self.result.key

    @property
    def notes(self) -> Mapping[str, Mapping[str, object]]:
        """Notes by stage: reasons, the original text, what was dropped."""
        return {name: step.notes for name, step in self.steps.items() if step.notes}

    @property
    def model(self) -> Description | None:
        """The painter of the nearest stage that has one."""
        roles = (role for name, step in self.steps.items() for role in self._roles(name, step))
        painters = (self.graph.models[role] for role in roles)
        return next((model for model in painters if draws(model.kind)), None)

    def _roles(self, name: str, step: ItemResult) -> Iterator[str]:
        """The roles of a stage at its item."""
        node = self.graph.nodes[name]
        yield from node.roles.values()
        if node.item_roles:
            params = step.params
            yield from (str(params[param]) for param in node.item_roles)

    def _nearest(self, wanted: type[T]) -> T | None:
        for name, step in self.steps.items():
            if self.graph.nodes[name].spec.output is wanted and step.artifact_digest:
                with suppress(DamagedResultError):
                    return cast("T", step.artifact())
        return None


def assets_of(graph: Graph, results: Results, ends: tuple[str, ...]) -> Iterator[Asset]:
    """Every finished item of the stages `ends`, in the order of the recipe; a `Many[T]` member by member.

    What a review file made run once more for another item alone is an input of that item, and no asset.
    """
    last = LastMany()
    for stage in ends:
        counts = FrameCounts(graph, results, stage)
        for (name, at), result in results.items.items():
            if name == stage and result.artifact_digest and len(at) == len(graph.nodes[stage].dimensions):
                steps = steps_of(graph, results, stage, at)
                yield from parts_of(Asset(graph, stage, dict(at), result, steps, counts.of(at)), last)


def parts_of(asset: Asset, last: LastMany) -> Iterator[Asset]:
    """The members of a `Many[T]`, numbered; any other asset as it is. One that was lost since has none."""
    if not is_many(asset.graph.nodes[asset.stage].spec.output):
        yield asset
        return
    try:
        count = len(last.of(asset.result))
    except DamagedResultError:
        return
    index = index_name(asset.graph)
    for member in range(count):
        numbered = {**asset.coordinates, index: str(member)}
        frames = {**asset.frames, index: count}
        yield replace(asset, coordinates=numbered, frames=frames, whole=last, member=member)


def steps_of(graph: Graph, results: Results, stage: str, at: Coordinates) -> dict[str, ItemResult]:
    """Results up the plain wires of an item, breadth first; a gather is not entered.

    Nor is what stands above an approved picture, where it would give another one by now.
    """

    def result_of(name: str) -> ItemResult | None:
        node = graph.nodes.get(name)
        return results.items.get((name, _projected(graph, node, at))) if node else None

    def sources(name: str) -> list[str]:
        result = result_of(name)
        above = _plain_sources(graph.nodes[name]) if result is not None else []
        if result is None or not (graph.nodes[name].spec.gate and result.artifact_digest):
            return above
        return [each for each in above if _gave(graph, results, each, at) == result.artifact_digest]

    found = ((name, result_of(name)) for name in reached([stage], sources))
    return {name: result for name, result in found if result is not None}


def is_sheet(asset: Asset) -> bool:
    """Whether the asset shows many items."""
    return issubclass(member_type(asset.graph.nodes[asset.stage].spec.output), (Sheet, Atlas))


def _projected(graph: Graph, node: StageNode, at: Coordinates) -> Coordinates:
    """The coordinates of a stage's item behind an item below it."""
    ids = dict(at)
    return tuple((name, ids[name]) for name in dimensions_at(graph, node, ids) if name in ids)


def _gave(graph: Graph, results: Results, stage: str, at: Coordinates) -> str:
    result = results.items.get((stage, _projected(graph, graph.nodes[stage], at)))
    return result.artifact_digest if result is not None else ""


def _plain_sources(node: StageNode) -> list[str]:
    return [
        wire.source
        for name, wire in node.wires.items()
        if name not in node.gathered and wire.source != IDEA_SOURCE
    ]
