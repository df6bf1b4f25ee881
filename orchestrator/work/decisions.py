"""Decisions of the review file at the items that they judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from orchestrator.errors import Diagnostic
from orchestrator.graph import Graph
from orchestrator.graph.review_plan import Judged
from orchestrator.work.causes import Causes
from orchestrator.work.gathering import dimensions_at
from orchestrator.work.model import Coordinates


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided of an item.

    `stale` says that the picture would be made from something else now; it is False where a model of it is
    not on this machine, so that nobody can tell.
    """

    approved: bool
    artifact: str
    stale: bool
    reason: str = ""


class Decisions:
    """Verdicts by review stage and coordinates."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.causes = Causes(graph)
        self._lost: set[int] = set()

    def at(self, review: str, coordinates: Coordinates) -> Verdict | None:
        """The verdict on an item; None where nobody has decided."""
        return self._verdicts.get((review, coordinates))

    def approves(self, review: str, coordinates: Coordinates) -> bool:
        """Whether the picture of an item is approved."""
        verdict = self.at(review, coordinates)
        return verdict is not None and verdict.approved

    def findings(self) -> Iterator[Diagnostic]:
        """Decisions that judge another picture than would be made now, or that name too few dimensions."""
        known = self._verdicts
        if any(judged.review in self._beyond_check for judged in self._graph.review.decisions):
            yield _not_checked(self._graph)
        for judged in self._graph.review.decisions:
            if id(judged) in self._lost:
                yield _too_few(judged, self._graph.nodes[judged.review].dimensions)
                continue
            at = tuple(pair for pair in self._exact(judged))
            verdict = known.get((judged.review, at))
            if verdict is not None and verdict.stale:
                yield _stale(judged, self.causes.made_from(judged.review, at))

    @cached_property
    def _verdicts(self) -> Mapping[tuple[str, Coordinates], Verdict]:
        exact: dict[tuple[str, Coordinates], Verdict] = {}
        wider: dict[tuple[str, Coordinates], Verdict] = {}
        for judged in self._graph.review.decisions:
            dimensions = self._dimensions(judged)
            if set(judged.item) == set(dimensions):
                at = self._exact(judged)
                known = judged.review not in self._beyond_check
                stale = known and self.causes.made_from(judged.review, at) != judged.made_from
                exact[judged.review, at] = _verdict(judged, stale=stale)
            elif (found := self._first(judged, dimensions)) is not None:
                wider.setdefault((judged.review, found), _verdict(judged, stale=False))
            else:
                self._lost.add(id(judged))
        return {**wider, **exact}

    @cached_property
    def _beyond_check(self) -> frozenset[str]:
        """The review stages below a stage whose model is not on this machine."""
        found: set[str] = set()
        for node in self._graph.nodes.values():
            if node.sources & found or self._graph.review.unresolved & {role for _, role in node.all_roles}:
                found.add(node.name)
        return frozenset(found)

    def _exact(self, judged: Judged) -> Coordinates:
        names = self._dimensions(judged)
        return tuple((name, judged.item[name]) for name in names if name in judged.item)

    def _dimensions(self, judged: Judged) -> tuple[str, ...]:
        """Those of the review stage, and of an item for which it runs apart."""
        return dimensions_at(self._graph, self._graph.nodes[judged.review], judged.item)

    def _first(self, judged: Judged, dimensions: tuple[str, ...]) -> Coordinates | None:
        """The first item with the entry's coordinates and more that is made from what was judged."""
        if any(name in self._graph.run_time for name in set(dimensions) - set(judged.item)):
            return None
        items = self._graph.lattice.members(dimensions, judged.item)
        return next(
            (at for at in items if self.causes.made_from(judged.review, at) == judged.made_from), None
        )


def _verdict(judged: Judged, *, stale: bool) -> Verdict:
    return Verdict(judged.approved, judged.artifact, stale, judged.reason)


def _said(judged: Judged) -> str:
    item = ", ".join(judged.item.values()) or "the only item"
    return f"{item} was {'approved' if judged.approved else 'rejected'} at {judged.review!r}"


def _stale(judged: Judged, made_from: str) -> Diagnostic:
    return Diagnostic(
        code="W660",
        message=f"{_said(judged)}, and would be made from something else now",
        span=judged.span,
        why="What stands above it has changed: a param, a seed, the idea, a file or a model."
        + (" The approved picture stands until somebody decides anew." if judged.approved else ""),
        help="look at the picture of a new run; to keep the decision as it is, write the causes of today",
        fix=f"made_from: {made_from}",
        severity="warning",
    )


def _not_checked(graph: Graph) -> Diagnostic:
    roles = ", ".join(sorted(graph.review.unresolved))
    return Diagnostic(
        code="W662",
        message=f"whether decisions are stale was not checked: {roles} is not on this machine",
        span=graph.review.decisions[0].span,
        why="What a picture is made from counts the model that draws it. Approved pictures pass without it.",
        help="check it where the model is",
        severity="warning",
    )


def _too_few(judged: Judged, dimensions: tuple[str, ...]) -> Diagnostic:
    lacking = [name for name in dimensions if name not in judged.item]
    item = ", ".join(f"{name}: {judged.item.get(name, '…')}" for name in dimensions)
    return Diagnostic(
        code="W661",
        message=f"{_said(judged)}, but which of several pictures was meant is not known",
        span=judged.span,
        why=f"{judged.review!r} runs over {', '.join(lacking)} too by now, and none of those pictures "
        "is made from what was judged, so the decision counts for none.",
        help="say which one it is",
        fix=f"item: {{{item}}}",
        severity="warning",
    )
