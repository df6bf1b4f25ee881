"""The vocabulary's drawings, made into the layers of all pictures.

A drawing is `SOURCE:NAME`: Fluent Emoji (`flat`, and `3d` for its relief), Noto Emoji, Twemoji, FxEmojis, a
silhouette of game-icons.net (`gi`), one of our own (`own`), or a surface (`surface`).
"""

from __future__ import annotations

import base64
import io
import json
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image

from training import paint, surfaces
from training.settings import HERE, SIZE

SPAN, REACH = 204, 132
"""The longest side of a drawing, and how far from its middle it may go, in pixels."""

TONES = {
    "steel": "#AAB4C6",
    "iron": "#727A8C",
    "gold": "#F2B632",
    "wood": "#8F5937",
    "leather": "#A2643A",
    "dark": "#4A4560",
    "stone": "#9D9DA8",
    "bone": "#E9DEC5",
    "red": "#D8403A",
    "green": "#4FA04A",
    "orc": "#6B9B3F",
    "blue": "#3F7FD9",
    "purple": "#8455C6",
    "white": "#E6E9F1",
    "tan": "#D9A871",
    "brick": "#B9583C",
    "orange": "#F28A2E",
    "teal": "#2FA8A4",
    "flesh": "#D9785A",
    "parch": "#E5CF9B",
    "straw": "#E3C067",
    "pink": "#F08CB4",
}
"""Colours of silhouettes."""

OUTLINED = frozenset(
    [
        "bone",
        "ghost",
        "skull",
        "tooth",
        "dove",
        "swan",
        "crossbones",
        "eye",
        "cloud",
        "rain",
        "snow",
        "speech",
        "onigiri",
        "chicken",
        "panda",
    ]
) | {"polar bear", "white flag"}
"""Drawings that bring their own outline: an ink line inside it would double it."""

SPACE = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
LAYERS = 16


@dataclass(frozen=True)
class Noun:
    """A noun with its category, its drawing, the tones of a silhouette.

    And what a named colour leaves alone.
    """

    name: str
    category: str
    drawing: str
    tones: str = ""
    keep: str = ""

    @property
    def surface(self) -> bool:
        """Whether it fills the picture and repeats."""
        return self.drawing.startswith("surface:")

    @property
    def silhouette(self) -> bool:
        """Whether its drawing has one tone and must be coloured in."""
        return self.drawing.startswith("gi:")


@cache
def nouns() -> dict[str, Noun]:
    """All nouns, in the order of vocabulary.txt."""
    found: dict[str, Noun] = {}
    category = ""
    for line in (HERE / "vocabulary.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            category = line.strip("[] \n")
        elif "|" in line and not line.startswith("#"):
            name, drawing, tones, keep, *_ = [part.strip() for part in line.split("|")] + ["", "", ""]
            drawing = drawing if ":" in drawing else f"flat:{drawing}"
            found[name] = Noun(name, category, drawing, tones, keep.removeprefix("keep="))
    return found


@cache
def _sources() -> dict[str, str]:
    return json.loads((HERE / "drawings.json").read_text(encoding="utf-8"))


@cache
def _own() -> dict[str, str]:
    return json.loads((HERE / "own.json").read_text(encoding="utf-8"))


def _svg(drawing: str) -> str:
    source, _, name = drawing.partition(":")
    if source == "own":
        return f'<svg {SPACE} viewBox="0 0 32 32" width="@SIZE@" height="@SIZE@">{_own()[name]}</svg>'
    return _sources()[drawing]


def drawn(svg: str, size: int) -> Image.Image:
    """An SVG with `@SIZE@` in place of its size, at `size` pixels a side, RGBA."""
    import resvg_py

    made = resvg_py.svg_to_bytes(svg_string=svg.replace("@SIZE@", str(size)))
    return Image.open(io.BytesIO(bytes(made))).convert("RGBA")


def vector(drawing: str, size: int = 2 * SIZE) -> Image.Image:
    """The drawing at `size` pixels a side, RGBA."""
    return drawn(_svg(drawing), size)


def fitted(image: Image.Image, side: int = SIZE, longest: int = SPAN, reach: int = REACH) -> np.ndarray:
    """The drawing cut to its opaque box, scaled to `longest` pixels, centred; float32 RGBA in 0..1.

    What fills the corners of its box is made smaller, so that nothing is further than `reach` from the
    middle.
    """
    opaque = np.asarray(image)[..., 3] > 20
    ys, xs = np.where(opaque)
    top, left = int(ys.min()), int(xs.min())
    image = image.crop((left, top, int(xs.max()) + 1, int(ys.max()) + 1))
    far = float(np.hypot(ys - top + 0.5 - image.height / 2, xs - left + 0.5 - image.width / 2).max())
    scale = min(longest / max(image.size), reach / far)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    part = paint.premultiplied(np.asarray(image, np.float32) / 255)
    planes = [Image.fromarray(part[..., k]).resize(size, Image.Resampling.LANCZOS) for k in range(4)]
    out = np.zeros((side, side, 4), np.float32)
    y, x = (side - size[1]) // 2, (side - size[0]) // 2
    out[y : y + size[1], x : x + size[0]] = np.stack([np.asarray(plane) for plane in planes], -1)
    alpha = out[..., 3:].clip(0, 1)
    return np.concatenate([(out[..., :3] / alpha.clip(1e-3)).clip(0, 1), alpha], -1)


def flat_drawing(noun: Noun) -> np.ndarray:
    """The noun in flat natural colours, straight float RGBA."""
    image = fitted(vector(noun.drawing))
    if not noun.silhouette:
        return image
    return paint.filled(image[..., 3], *_tones(noun.tones), is_open="open" in noun.tones, lit=False)


def _tones(text: str) -> tuple[list[paint.Colour], str, list[float]]:
    names, _, place = text.replace("open", "").strip().partition("@")
    direction, *cuts = place.split(":") if place else ["n"]
    tones = [tuple(int(TONES[n][k : k + 2], 16) / 255 for k in (1, 3, 5)) for n in names.split("/")]
    return tones, direction, [float(cut) for cut in cuts]


def solid_drawing(noun: Noun) -> np.ndarray | None:
    """The drawing in relief that a source brings, if there is one; a silhouette is lit."""
    if noun.silhouette:
        mask = fitted(vector(noun.drawing))[..., 3]
        return paint.filled(mask, *_tones(noun.tones), is_open="open" in noun.tones, lit=True)
    data = _sources().get(f"3d:{noun.name}")
    if data is None or noun.drawing.startswith("own:"):
        return None
    image = Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA")
    return fitted(image.resize((512, 512), Image.Resampling.LANCZOS))


def kept(noun: Noun, image: np.ndarray) -> np.ndarray:
    """0 to 1 where a named colour changes nothing."""
    if not noun.keep:
        return np.zeros(image.shape[:2], np.float32)
    hue, saturation, value = paint.hsv(image)
    if noun.keep == "skin":
        return ((hue > 0.085) & (hue < 0.135) & (saturation > 0.45) & (value > 0.6)).astype(np.float32)
    return 1 - ((hue > 0.68) & (hue < 0.85) & (saturation > 0.2)).astype(np.float32)


def layers(noun: Noun) -> tuple[np.ndarray, np.ndarray]:
    """What all pictures of a noun come of: LAYERS × SIZE × SIZE uint8, and six tones for the gradient maps.

    Flat RGBA, what stays in it; relief RGBA, what stays in it; light (from -1 to 1), gleam, cast shadow;
    shade, inner strokes and contour of the ink. The tones: low, middle and high of the flat drawing and of
    the relief.
    """
    if noun.surface:
        return _layers_of_surface(noun)
    flat, relief = flat_drawing(noun), solid_drawing(noun)
    strength = 12.0 if relief is None or noun.silhouette else 7.0
    solid = flat if relief is None else relief
    stay, stay_solid = kept(noun, flat), kept(noun, solid)
    light, gleam = paint.light_of(solid, strength)
    if noun.silhouette:
        shade, (inner, outer) = paint.ink_of_silhouette(
            fitted(vector(noun.drawing))[..., 3], "open" in noun.tones
        )
    else:
        shade, (inner, outer) = paint.ink_of(flat, 31 if noun.name in OUTLINED else 5)
    planes = [
        *flat.transpose(2, 0, 1),
        paint.softened(stay),
        *solid.transpose(2, 0, 1),
        paint.softened(stay_solid),
        (light[..., 0] + 1) / 2,
        gleam[..., 0],
        paint.cast(solid[..., 3]),
        shade,
        inner,
        outer,
    ]
    return _bytes(planes), np.array([*paint.tones(flat, stay), *paint.tones(solid, stay_solid)], np.float32)


def _layers_of_surface(noun: Noun) -> tuple[np.ndarray, np.ndarray]:
    picture, height = surfaces.SURFACES[noun.drawing.partition(":")[2]]()
    whole, nothing = np.ones_like(height), np.zeros_like(height)
    flat = np.concatenate([picture, whole[..., None]], -1)
    light = paint.light_of_height(paint.round_about(height, lambda plane: paint.blurred(plane, 1.2)))
    shade, inner = paint.ink_of_surface(flat)
    four = [*flat.transpose(2, 0, 1), nothing]
    planes = [*four, *four, (light + 1) / 2, nothing, nothing, shade, inner, nothing]
    return _bytes(planes), np.array([*paint.tones(flat, nothing)] * 2, np.float32)


def _bytes(planes: list[np.ndarray]) -> np.ndarray:
    return (np.stack(planes).clip(0, 1) * 255).round().astype(np.uint8)
