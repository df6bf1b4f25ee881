"""Where boxes and wires lie: layers by grandalf (Sugiyama, Tagawa and Toda 1981), which knows their sizes.

A wire's label is a small box of its own on the way, so that nothing is ever written over it.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Point: TypeAlias = tuple[float, float]

_GAP_ACROSS = 28.0
_GAP_DOWN = 22.0
_CALLS_A_BOX = 4


@dataclass(slots=True)
class Extent:
    """Size of a thing, and, once it is laid out, its centre (`xy` is grandalf's word)."""

    w: float
    h: float
    xy: Point = (0.0, 0.0)


@dataclass(slots=True)
class _Route:
    """The way of a line; grandalf sets it."""

    points: list[Point] = field(default_factory=list[Point])

    def setpath(self, points: Sequence[Point]) -> None:
        self.points = list(points)


@dataclass(frozen=True, slots=True)
class Layout:
    """Centres by name, and the points of each line; the upper left corner is the origin."""

    width: float
    height: float
    centres: Mapping[str, Point]
    routes: Mapping[tuple[str, str], Sequence[Point]]


def lay_out(sizes: Mapping[str, tuple[float, float]], edges: Sequence[tuple[str, str]]) -> Layout:
    """Lays out a graph without cycles from top to bottom; the parts that hang together side by side."""
    from grandalf.graphs import Edge, Graph, Vertex  # pyright: ignore[reportMissingTypeStubs]

    extents = {name: Extent(*size) for name, size in sizes.items()}
    vertices: dict[str, Any] = {name: Vertex(name) for name in sizes}
    for name, vertex in vertices.items():
        vertex.view = extents[name]
    routes = {edge: _Route() for edge in edges}
    lines: list[Any] = [Edge(vertices[source], vertices[target]) for source, target in routes]
    for line, route in zip(lines, routes.values(), strict=True):
        line.view = route
    graph: Any = Graph(list(vertices.values()), lines)
    right = 0.0
    with _deep(len(sizes)):
        for part in graph.C:
            right = _lay_part(part, right) + _GAP_ACROSS
    return _layout(extents, routes)


@contextmanager
def _deep(count: int) -> Generator[None]:
    """Grandalf goes down a chain by recursion, a call or two for each box; Python's own limit is 1,000."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, 1000 + _CALLS_A_BOX * count))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _lay_part(part: Any, left: float) -> float:
    """Lays one connected part out beside the others; its right edge."""
    from grandalf.layouts import SugiyamaLayout  # pyright: ignore[reportMissingTypeStubs]
    from grandalf.routing import route_with_lines  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

    sugiyama: Any = SugiyamaLayout(part)
    sugiyama.xspace, sugiyama.yspace = _GAP_ACROSS, _GAP_DOWN
    sugiyama.route_edge = route_with_lines
    vertices: list[Any] = list(part.sV)
    sugiyama.init_all(roots=[vertex for vertex in vertices if not vertex.e_in()])
    sugiyama.draw(8)
    extents: list[Extent] = [vertex.view for vertex in vertices]
    routes: list[_Route] = [line.view for line in part.sE]
    return _moved(extents, routes, left)


def _moved(extents: Sequence[Extent], routes: Sequence[_Route], left: float) -> float:
    points = [point for route in routes for point in route.points]
    lefts = [extent.xy[0] - extent.w / 2 for extent in extents] + [x for x, _ in points]
    tops = [extent.xy[1] - extent.h / 2 for extent in extents]
    across, down = left - min(lefts), -min(tops)
    for extent in extents:
        extent.xy = (extent.xy[0] + across, extent.xy[1] + down)
    for route in routes:
        route.points = [(x + across, y + down) for x, y in route.points]
    rights = [extent.xy[0] + extent.w / 2 for extent in extents]
    return max(rights + [x + across for x, _ in points])


def _layout(extents: Mapping[str, Extent], routes: Mapping[tuple[str, str], _Route]) -> Layout:
    rights = [extent.xy[0] + extent.w / 2 for extent in extents.values()]
    rights += [x for route in routes.values() for x, _ in route.points]
    bottoms = [extent.xy[1] + extent.h / 2 for extent in extents.values()]
    return Layout(
        width=max(rights, default=0.0),
        height=max(bottoms, default=0.0),
        centres={name: extent.xy for name, extent in extents.items()},
        routes={edge: route.points for edge, route in routes.items()},
    )
