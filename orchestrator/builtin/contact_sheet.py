"""`contact-sheet`: all pictures of a run on one sheet, each with its name."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

from orchestrator.builtin.pictures.lettering import (
    can_shape,
    drawable,
    lacking,
    length,
    needs_shaping,
    wrapped,
    write,
)
from orchestrator.stage import Context, Field, Gathered, Image, Member, Params, Sheet, StageFailure, stage

if TYPE_CHECKING:
    from PIL import Image as PillowImage
    from PIL.ImageDraw import ImageDraw

_SMALLEST, _LARGEST = 128, 384
_MOST_PIXELS = 36_000_000
_SUPERSAMPLED = 4
_PIXEL_ART_COLOURS = 64
_LABEL_LINES = 2
_REASON_LINES = 6
_BRIGHT = 140


class ContactSheet(Params):
    """Show all pictures on one sheet, labelled by the ids of their items."""

    columns: int | None = Field(default=None, ge=1, le=100, description="left out: near a square")
    cell: int | None = Field(
        default=None, ge=32, le=1024, description="side of a tile, px; left out: the size of the pictures"
    )
    padding: int = Field(default=16, ge=0, le=256, description="room between tiles, px")
    background: str = Field(default="#f3f2ee", pattern="^#[0-9a-fA-F]{6}$", description="colour of the sheet")
    labels: bool = Field(default=True, description="whether each tile has its name")
    fonts: Literal["noto-6083234c97e1cd90"] = Field(
        default="noto-6083234c97e1cd90", description="the fonts that come with this version, by their digest"
    )


@dataclass(frozen=True, slots=True)
class _Layout:
    """Sizes in pixels. `text` is the size of letters, `label` the height of the room for them."""

    columns: int
    rows: int
    cell: int
    padding: int
    text: int
    label: int

    @property
    def size(self) -> tuple[int, int]:
        """Of the whole sheet."""
        width = self.columns * (self.cell + self.padding) + self.padding
        return width, self.rows * (self.cell + self.label + self.padding) + self.padding

    def corner(self, at: int) -> tuple[int, int]:
        """Upper left of a tile."""
        row, column = divmod(at, self.columns)
        x = self.padding + column * (self.cell + self.padding)
        return x, self.padding + row * (self.cell + self.label + self.padding)


@dataclass(frozen=True, slots=True)
class _Colours:
    ground: tuple[int, int, int]
    tile: tuple[int, int, int]
    edge: tuple[int, int, int]
    ink: tuple[int, int, int]
    alarm: tuple[int, int, int]


@stage("contact-sheet", version=2, missing="skip")
def contact_sheet(images: Gathered[Image], params: ContactSheet, ctx: Context) -> Sheet:
    """A grid in the order of the items; one that failed shows as an empty tile with its reason."""
    from PIL import Image as PillowImage
    from PIL import ImageDraw

    if not images:
        raise StageFailure("there is no picture to show", help="add items to the recipe")
    layout, colours = _layout(images, params), _colours(params.background)
    sheet = PillowImage.new("RGB", layout.size, colours.ground)
    pen = ImageDraw.Draw(sheet)
    mask = _rounded(layout.cell)
    _tell_of_letters(images, params, ctx)
    for at, (member, label) in enumerate(zip(images, _labels(images), strict=True)):
        ctx.stop_if_cancelled()
        sheet.paste(_tile(member, layout, colours), layout.corner(at), mask)
        _outline(pen, layout.corner(at), layout, colours)
        if params.labels:
            _write_label(pen, label, layout.corner(at), layout, colours)
    return Sheet.of(sheet)


def _tell_of_letters(images: Gathered[Image], params: ContactSheet, ctx: Context) -> None:
    """Says which letters no font has, and whether this machine can lay out all scripts."""
    labels = _ids(images) if params.labels else []
    warnings = [
        f"the label '{label}' shows letters by their numbers: no font of the sheets has {', '.join(missing)}"
        for label in labels
        if (missing := lacking(label))
    ]
    if not can_shape() and any(needs_shaping(label) for label in labels):
        warnings.append(
            "labels have letters neither joined nor from right to left: Pillow finds no raqm with FriBiDi "
            "here; the names of files are right"
        )
    if warnings:
        ctx.note("warnings", warnings)


def _layout(images: Gathered[Image], params: ContactSheet) -> _Layout:
    columns = min(params.columns or math.ceil(math.sqrt(len(images))), len(images))
    cell = params.cell or _usual_cell(images, params)
    text = max(11, min(20, round(cell / 12)))
    lines = max(len(_lines(label, cell, text)) for label in _labels(images))
    label = (lines * round(text * 1.3) + text // 2) if params.labels else 0
    return _Layout(columns, math.ceil(len(images) / columns), cell, params.padding, text, label)


def _usual_cell(images: Gathered[Image], params: ContactSheet) -> int:
    """The pictures' own size within bounds, less where the sheet would grow beyond what viewers open."""
    own = max(
        (max(member.artifact.size) for member in images if member.artifact is not None), default=_SMALLEST
    )
    room = math.isqrt(_MOST_PIXELS // len(images)) - params.padding
    return max(32, min(own, _LARGEST, room) if own >= _SMALLEST else min(_SMALLEST, room))


def _labels(images: Gathered[Image]) -> list[str]:
    """The ids in letters that the fonts have."""
    return [drawable(label) for label in _ids(images)]


def _ids(images: Gathered[Image]) -> list[str]:
    """Ids of the dimensions in which the pictures differ; all ids where there is but one picture."""
    varied = {
        name for name in images[0].coordinates if len({member.coordinates.get(name) for member in images}) > 1
    }
    return [
        " · ".join(value for name, value in member.coordinates.items() if name in varied or not varied)
        for member in images
    ]  # fmt: skip


def _tile(member: Member[Image], layout: _Layout, colours: _Colours) -> PillowImage.Image:
    from PIL import Image as PillowImage

    tile = PillowImage.new("RGB", (layout.cell, layout.cell), colours.tile)
    if member.artifact is None:
        _write_reason(tile, member.missing or "missing", layout, colours)
        return tile
    picture = _to_fit(member.artifact.pil, layout.cell)
    place = ((layout.cell - picture.width) // 2, (layout.cell - picture.height) // 2)
    tile.paste(picture, place, picture.getchannel("A"))
    return tile


def _to_fit(picture: PillowImage.Image, side: int) -> PillowImage.Image:
    """The picture as large as a tile; pictures of few colours keep their hard pixels when they grow."""
    from PIL import Image as PillowImage

    picture = _eight_bit(picture)
    scale = side / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    hard = scale > 1 and picture.getcolors(_PIXEL_ART_COLOURS) is not None
    way = PillowImage.Resampling.NEAREST if hard else PillowImage.Resampling.LANCZOS
    return picture if scale == 1 else picture.resize(size, way)


def _eight_bit(picture: PillowImage.Image) -> PillowImage.Image:
    """RGBA; sixteen bits of grey are scaled, where Pillow alone would clip them."""
    if picture.mode == "I;16":
        picture = picture.convert("I").point(lambda value: value / 257).convert("L")
    return picture.convert("RGBA")


def _rounded(side: int) -> PillowImage.Image:
    from PIL import Image as PillowImage
    from PIL import ImageDraw

    large = side * _SUPERSAMPLED
    mask = PillowImage.new("L", (large, large), 0)
    ImageDraw.Draw(mask).rounded_rectangle(
        (0, 0, large - 1, large - 1), _radius(side) * _SUPERSAMPLED, fill=255
    )
    return mask.resize((side, side), PillowImage.Resampling.LANCZOS)


def _radius(side: int) -> int:
    return max(4, side // 20)


def _outline(pen: ImageDraw, corner: tuple[int, int], layout: _Layout, colours: _Colours) -> None:
    """A hair line, so that a white picture ends somewhere on a white sheet."""
    x, y = corner
    box = (x, y, x + layout.cell - 1, y + layout.cell - 1)
    pen.rounded_rectangle(box, _radius(layout.cell), outline=colours.edge, width=1)


def _lines(label: str, width: int, text: int) -> list[str]:
    return wrapped(label, width, _LABEL_LINES, partial(length, size=text))


def _write_label(
    pen: ImageDraw, label: str, corner: tuple[int, int], layout: _Layout, colours: _Colours
) -> None:
    x, y = corner[0] + layout.cell / 2, corner[1] + layout.cell + layout.text // 2
    for line in _lines(label, layout.cell, layout.text):
        write(pen, (x, y), line, colours.ink, layout.text)
        y += round(layout.text * 1.3)


def _write_reason(tile: PillowImage.Image, reason: str, layout: _Layout, colours: _Colours) -> None:
    from PIL import ImageDraw

    pen = ImageDraw.Draw(tile)
    size = max(10, layout.text - 2)
    lines = wrapped(drawable(reason), layout.cell * 0.84, _REASON_LINES, partial(length, size=size))
    height = round(size * 1.35)
    y = (layout.cell - len(lines) * height) / 2
    for line in lines:
        write(pen, (layout.cell / 2, y), line, colours.alarm, size)
        y += height


def _colours(background: str) -> _Colours:
    red, green, blue = (int(background[at : at + 2], 16) for at in (1, 3, 5))
    bright = (299 * red + 587 * green + 114 * blue) / 1000 > _BRIGHT
    ground = (red, green, blue)
    return _Colours(
        ground,
        tile=_towards(ground, 255 if bright else 0, 0.55),
        edge=_towards(ground, 0 if bright else 255, 0.12),
        ink=_towards(ground, 0 if bright else 255, 0.78),
        alarm=(176, 64, 48) if bright else (240, 140, 124),
    )


def _towards(colour: tuple[int, int, int], goal: int, part: float) -> tuple[int, int, int]:
    red, green, blue = (round(value + (goal - value) * part) for value in colour)
    return red, green, blue
