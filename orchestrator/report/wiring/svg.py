"""The wiring as SVG: alone, or inside a page whose policy allows no style but its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from unicodedata import east_asian_width
from xml.sax.saxutils import escape

from orchestrator.report.wiring.layout import Layout, Point, lay_out
from orchestrator.report.wiring.model import Box, Line, Wiring

_EDGE = 12.0
_ROW = 17.0
_PADDING = 10.0
_FONT = "system-ui, 'Segoe UI', 'Noto Sans CJK SC', 'DejaVu Sans', sans-serif"
_INK, _PAPER = "#1d2126", "#ffffff"
_FILL = 'fill="currentColor" fill-opacity="0.06" stroke="currentColor"'
_MOST_BOXES = 150
"""Of a drawing inside a page; a larger one is asked for outright, by `orchestrator graph`."""


def as_svg(wiring: Wiring, *, embedded: bool = False) -> str:
    """The drawing; embedded, it takes the colour of the text around it, and a large one is empty."""
    if embedded and len(wiring.boxes) > _MOST_BOXES:
        return ""
    labels = {_label_name(number): line for number, line in enumerate(wiring.lines)}
    sizes = {box.name: _size(_said(box), 7.4) for box in wiring.boxes}
    sizes |= {name: (_width(line.label, 6.4) + 6, 14.0) for name, line in labels.items()}
    ends = ((source, name, line.target) for name, line in labels.items() for source in (line.source,))
    edges = [edge for source, name, target in ends for edge in ((source, name), (name, target))]
    layout = lay_out(sizes, edges)
    drawn = [
        *(_wire(layout, name, line, sizes) for name, line in labels.items()),
        *(_box(box, layout.centres[box.name], sizes[box.name]) for box in wiring.boxes),
    ]
    return "\n".join([*_head(wiring, layout, embedded=embedded), *drawn, "</svg>"])


def _label_name(number: int) -> str:
    return f"label {number}"  # a blank: no stage has this name


def _said(box: Box) -> list[str]:
    return [box.name.removeprefix("items."), *([f"({box.use})"] if box.use else []), *box.facts]


def _size(said: Sequence[str], letter: float) -> tuple[float, float]:
    width = max(_width(said[0], letter + 0.6), *(_width(part, letter - 0.6) for part in said))
    return width + 2 * _PADDING, _ROW * len(said) + _PADDING


def _width(text: str, letter: float) -> float:
    return sum(1.9 * letter if east_asian_width(character) in "WF" else letter for character in text)


def _head(wiring: Wiring, layout: Layout, *, embedded: bool) -> Iterator[str]:
    width, height = layout.width + 2 * _EDGE, layout.height + 2 * _EDGE
    size = f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}"'
    colour = "" if embedded else f' color="{_INK}"'
    title = escape(f"{wiring.name}: {wiring.items}")
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {size}{colour} role="img" font-family="{_FONT}">'
    yield f"<title>{title}</title>"
    if not embedded:
        yield f'<rect width="100%" height="100%" fill="{_PAPER}"/>'


def _box(box: Box, centre: Point, size: tuple[float, float]) -> str:
    x, y, (width, height) = centre[0] + _EDGE, centre[1] + _EDGE, size
    round_ = 5 if box.is_stage else height / 2
    thick = 2.5 if box.end else 1
    corner = f'x="{x - width / 2:.1f}" y="{y - height / 2:.1f}" rx="{round_:.0f}"'
    parts = [f'<rect {corner} width="{width:.1f}" height="{height:.1f}" {_FILL} stroke-width="{thick}"/>']
    said = _said(box)
    top = y - _ROW * (len(said) - 1) / 2
    for row, text in enumerate(said):
        look = 'font-size="14" font-weight="600"' if row == 0 else 'font-size="12" fill-opacity="0.75"'
        parts.append(_text(text, x, top + row * _ROW, look))
    return "\n".join(parts)


def _wire(layout: Layout, name: str, line: Line, sizes: dict[str, tuple[float, float]]) -> str:
    """The line into its label, the label, and the line out of it, which ends in an arrow."""
    x, y = layout.centres[name]
    above = [*layout.routes[line.source, name][:-1], (x, y - sizes[name][1] / 2)]
    below = [(x, y + sizes[name][1] / 2), *layout.routes[name, line.target][1:]]
    return "\n".join([
        _polyline(above), _polyline(below), _arrow(below),
        _text(line.label, x + _EDGE, y + _EDGE, 'font-size="12" font-style="italic"'),
    ])  # fmt: skip


def _polyline(points: Sequence[Point]) -> str:
    shown = " ".join(f"{x + _EDGE:.1f},{y + _EDGE:.1f}" for x, y in points)
    return f'<polyline points="{shown}" fill="none" stroke="currentColor" stroke-opacity="0.6"/>'


def _arrow(points: Sequence[Point]) -> str:
    """A head of three points; markers would need ids, which clash where a page holds two drawings."""
    (x0, y0), (x1, y1) = points[-2], points[-1]
    length = max(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5, 1e-6)
    dx, dy = (x1 - x0) / length, (y1 - y0) / length
    corners = [(x1, y1), *((x1 - 8 * dx + side * dy, y1 - 8 * dy - side * dx) for side in (3.5, -3.5))]
    shown = " ".join(f"{x + _EDGE:.1f},{y + _EDGE:.1f}" for x, y in corners)
    return f'<polygon points="{shown}" fill="currentColor" fill-opacity="0.6"/>'


def _text(text: str, x: float, y: float, look: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle" fill="currentColor" {look}>'
        f"{escape(text)}</text>"
    )
