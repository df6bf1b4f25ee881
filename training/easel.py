"""The pictures, on the device: all nouns' layers, made into sprites of a style.

A colour and a material, on a ground.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F

from training import materials
from training.drawings import nouns
from training.settings import CELLS, DEVICE, SIZE
from training.vocabulary import BACKGROUNDS, COLOURS, MATERIALS, NOUNS, STYLES, SURFACES

INK, CHALK, PAPER = (0.09, 0.09, 0.12), (0.93, 0.93, 0.93), (0.97, 0.96, 0.92)
FLAT, SOLID, INKED, PIXELS = range(4)
DARK = 1
"""Index of the ground on which ink is drawn with chalk."""

NATURAL, MADE, BOTH = 0.22, 0.4, 0.2
"""Share of pictures without a named colour, of those with a material, and of these also with a colour."""

SHIFT, SCALE, TURN = 5.0, (0.965, 1.04), 2.5
"""How far a picture is moved: pixels, range of scales, degrees."""


class Subjects(NamedTuple):
    """Indexes of noun, colour (0 natural), background, style, material (0 usual), each N, on the CPU."""

    noun: torch.Tensor
    colour: torch.Tensor
    ground: torch.Tensor
    style: torch.Tensor
    material: torch.Tensor

    def rows(self) -> torch.Tensor:
        """N × 5, in the order of ATTRIBUTES."""
        return torch.stack(self, 1)

    def part(self, rows: torch.Tensor | slice) -> Subjects:
        """Some of them."""
        return Subjects(*(values[rows] for values in self))


class Poses(NamedTuple):
    """Affine matrices N × 2 × 3 for `affine_grid`, and how many pixels a surface is rolled, N × 2."""

    matrices: torch.Tensor
    rolls: torch.Tensor

    def part(self, rows: torch.Tensor | slice) -> Poses:
        """Some of them."""
        return Poses(self.matrices[rows], self.rolls[rows])


_STRAIGHT = torch.tensor([nouns()[noun].category == "interface" for noun in NOUNS])
_SURFACE = torch.tensor([noun in SURFACES for noun in NOUNS])


def some(count: int, generator: torch.Generator | None = None, *, made: float = MADE) -> Subjects:
    """Subjects by chance; every noun as often as the others, give or take one."""

    def pick(many: int) -> torch.Tensor:
        return torch.randint(0, many, (count,), generator=generator)

    def chance(share: float) -> torch.Tensor:
        return torch.rand(count, generator=generator) < share

    rounds = -(-count // len(NOUNS))
    noun = torch.cat([torch.randperm(len(NOUNS), generator=generator) for _ in range(rounds)])[:count]
    colour, material = pick(len(COLOURS)) + 1, pick(len(MATERIALS) - 1) + 1
    material[~chance(made) | _SURFACE[noun]] = 0
    colour[torch.where(material > 0, ~chance(BOTH), chance(NATURAL))] = 0
    return Subjects(noun, colour, pick(len(BACKGROUNDS)), pick(len(STYLES)), material)


def poses(count: int, generator: torch.Generator | None = None) -> Poses:
    """How each picture is moved, by chance."""
    u = torch.rand(4, count, generator=generator) * 2 - 1
    scale = SCALE[0] + (SCALE[1] - SCALE[0]) * (u[0] + 1) / 2
    turn, dx, dy = torch.deg2rad(u[1] * TURN), u[2] * SHIFT * 2 / SIZE, u[3] * SHIFT * 2 / SIZE
    c, s = turn.cos() / scale, turn.sin() / scale
    matrices = torch.stack(
        [torch.stack([c, -s, s * dy - c * dx], 1), torch.stack([s, c, -s * dx - c * dy], 1)], 1
    )
    return Poses(matrices, torch.randint(0, SIZE, (count, 2), generator=generator))


class Easel:
    """Keeps the layers of all nouns on the device, N × 16 × SIZE × SIZE bytes.

    And draws batches of pictures.
    """

    def __init__(self, layers: np.ndarray, tones: np.ndarray, device: torch.device = DEVICE) -> None:
        self.device, self.count = device, len(layers)
        self.layers = torch.empty(layers.shape, dtype=torch.uint8, device=device)
        for k in range(0, self.count, 32):
            self.layers[k : k + 32] = torch.from_numpy(np.array(layers[k : k + 32])).to(device)
        self.tones = torch.from_numpy(np.array(tones)).to(device)
        self.palette = torch.tensor([(0.0, 0.0, 0.0), *COLOURS.values()], device=device)
        self.grounds = torch.tensor(list(BACKGROUNDS.values()), device=device)
        self.fields = torch.from_numpy(materials.fields()).to(device)
        kinds = [materials.Material((), "#000000", "#000000", "#000000"), *materials.MATERIALS.values()]
        self.ramps = torch.tensor(
            [[materials.rgb(c) for c in (m.dark, m.middle, m.bright)] for m in kinds], device=device
        )
        self.manner = torch.tensor([[m.contrast, m.gleam, m.clear, m.seam] for m in kinds], device=device)

    @torch.no_grad()
    def draw(self, subjects: Subjects, moved: Poses | None) -> torch.Tensor:
        """Pictures from -1 to 1, N × 3 × SIZE × SIZE; unmoved without poses."""
        out = torch.empty(len(subjects.noun), 3, SIZE, SIZE, device=self.device)
        for style in range(len(STYLES)):
            rows = (subjects.style == style).nonzero()[:, 0]
            if len(rows):
                out[rows.to(self.device)] = self._in_style(
                    style, subjects.part(rows), moved and moved.part(rows)
                )
        return out.clamp(0, 1) * 2 - 1

    def _in_style(self, style: int, subjects: Subjects, moved: Poses | None) -> torch.Tensor:
        image = self.sprites(style, subjects)
        if moved is not None:
            image = _placed(image, moved, _SURFACE[subjects.noun], _STRAIGHT[subjects.noun])
        paper = self.grounds[subjects.ground.to(self.device)][:, :, None, None]
        if style == PIXELS:
            return pixelated(image, paper)
        return image[:, :3] + paper * (1 - image[:, 3:])

    def sprites(self, style: int, subjects: Subjects) -> torch.Tensor:
        """Premultiplied RGBA from 0 to 1, N × 4 × SIZE × SIZE."""
        noun, colour, ground, _, material = (values.to(self.device) for values in subjects)
        p, tones = self.layers[noun].float() / 255, self.tones[noun]
        if style == INKED:
            return self._inked(p, colour, material, ground)
        if style == SOLID:
            return self._relief(p, tones[:, 3:], colour, material)
        rgb = self._coloured(p[:, :3], p[:, 4:5], tones[:, :3], colour, material, flat=True)
        rgb, alpha = self._clear(rgb, p[:, 3:4], material)
        return torch.cat([rgb * alpha, alpha], 1)

    def _relief(
        self, p: torch.Tensor, tones: torch.Tensor, colour: torch.Tensor, material: torch.Tensor
    ) -> torch.Tensor:
        rgb = self._coloured(p[:, 5:8], p[:, 9:10], tones, colour, material, flat=False)
        shine = 0.75 * self.manner[material, 1].view(-1, 1, 1, 1)
        rgb = _lit(
            rgb,
            p[:, 10:11] * 2 - 1,
            (p[:, 11:12] * torch.where(material.view(-1, 1, 1, 1) > 0, shine, 0.75)).clamp(max=1),
        )
        rgb, solid = self._clear(rgb, p[:, 8:9], material)
        return torch.cat([rgb * solid, solid + (1 - solid) * p[:, 12:13] * (1 - p[:, 8:9])], 1)

    def _coloured(
        self,
        rgb: torch.Tensor,
        stay: torch.Tensor,
        tones: torch.Tensor,
        colour: torch.Tensor,
        material: torch.Tensor,
        *,
        flat: bool,
    ) -> torch.Tensor:
        light = (rgb * rgb.new_tensor([0.3, 0.59, 0.11]).view(1, 3, 1, 1)).sum(1, keepdim=True)
        low, middle, high = (tones[:, k].view(-1, 1, 1, 1) for k in range(3))
        shade = 0.9 * (light - middle) / (high - low).clamp(min=0.3)
        tinted = _ramp((0.52 + shade).clamp(0, 1), _ramp_of(self.palette[colour]))
        tinted = tinted * (1 - stay) + rgb * stay
        out = torch.where(colour.view(-1, 1, 1, 1) > 0, tinted, rgb)
        made = (material > 0).nonzero()[:, 0]
        if len(made):
            out[made] = self._made(shade[made], colour[made], material[made], flat=flat)
        return out

    def _made(
        self, shade: torch.Tensor, colour: torch.Tensor, material: torch.Tensor, *, flat: bool
    ) -> torch.Tensor:
        tone, lines, shine = (self.fields[material, k][:, None] for k in range(3))
        named = (colour > 0).view(-1, 1, 1)
        ramp = torch.where(named, _ramp_of(self.palette[colour]), self.ramps[material])
        t = (0.5 + shade * self.manner[material, 0].view(-1, 1, 1, 1) + tone).clamp(0, 1)
        t = (t * 6).round() / 6 if flat else t
        rgb = _ramp(t, ramp)
        rgb = rgb * (1 - lines) + ramp[:, 0, :, None, None] * 0.8 * lines
        return rgb + (1 - rgb) * shine * 0.85

    def _clear(
        self, rgb: torch.Tensor, alpha: torch.Tensor, material: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """A rim and stitches where the material has them, and the ground shining through."""
        clear, seam = (self.manner[material, k].view(-1, 1, 1, 1) for k in (2, 3))
        inner = _shrunk(alpha, 9)
        rim = ((alpha - inner) * (clear > 0)).clamp(0, 1)
        rgb = rgb * (1 - 0.45 * rim)
        if bool((seam > 0).any()):
            rgb = _stitched(rgb, alpha, seam)
        return rgb, alpha * (1 - clear * inner)

    def _inked(
        self, p: torch.Tensor, colour: torch.Tensor, material: torch.Tensor, ground: torch.Tensor
    ) -> torch.Tensor:
        wash = torch.where((colour > 0)[:, None], self.palette[colour], self.ramps[material, 1])
        plain = ((colour == 0) & (material == 0))[:, None]
        wash = torch.where(plain, wash.new_tensor(PAPER), 0.8 * wash + 0.2 * wash.new_tensor(PAPER))
        tone, lines, shine = (self.fields[material, k][:, None] for k in range(3))
        rgb = wash[:, :, None, None] * (1 + 0.5 * tone) * p[:, 13:14]
        rgb = rgb + (1 - rgb) * shine * 0.7
        contour = torch.where((ground == DARK)[:, None], rgb.new_tensor(CHALK), rgb.new_tensor(INK))[
            :, :, None, None
        ]
        ink = rgb.new_tensor(INK).view(1, 3, 1, 1)
        for stroke, shade in ((lines * 0.85 * p[:, 3:4], ink), (p[:, 14:15], ink), (p[:, 15:16], contour)):
            rgb = rgb * (1 - stroke) + shade * stroke
        opacity = torch.maximum(p[:, 15:16], p[:, 3:4])
        return torch.cat([rgb * opacity, opacity], 1)


def _ramp_of(colour: torch.Tensor) -> torch.Tensor:
    """Dark, middle and bright of named colours, N × 3 × 3."""
    dark = colour * colour.new_tensor([0.5, 0.42, 0.45])
    return torch.stack([dark, colour, colour * 0.4 + 0.6], 1)


def _ramp(t: torch.Tensor, ramp: torch.Tensor) -> torch.Tensor:
    dark, middle, bright = (ramp[:, k, :, None, None] for k in range(3))
    return torch.where(t < 0.5, dark + (middle - dark) * t * 2, middle + (bright - middle) * (t - 0.5) * 2)


def _lit(rgb: torch.Tensor, light: torch.Tensor, gleam: torch.Tensor) -> torch.Tensor:
    rgb = torch.where(light > 0, rgb + (1 - rgb) * light, rgb * (1 + light))
    return (rgb + (1 - rgb) * gleam).clamp(0, 1)


def _shrunk(alpha: torch.Tensor, side: int) -> torch.Tensor:
    tall = F.max_pool2d(-alpha, (side, 1), 1, (side // 2, 0))
    return -F.max_pool2d(tall, (1, side), 1, (0, side // 2))


def _stitched(rgb: torch.Tensor, alpha: torch.Tensor, seam: torch.Tensor) -> torch.Tensor:
    """Light dashes along the contour, a few pixels inside."""
    ring = (_shrunk(alpha, 15) - _shrunk(alpha, 23)).clamp(0, 1)
    places = torch.arange(SIZE, device=rgb.device)
    dash = (
        ((places[:, None] + places[None]) % 20 < 11) & ((places[:, None] - places[None]) % 20 < 14)
    ).float()
    return rgb + (0.97 - rgb) * ring * dash * seam


def _placed(image: torch.Tensor, moved: Poses, surface: torch.Tensor, straight: torch.Tensor) -> torch.Tensor:
    """Turned, scaled and shifted; a part of an interface is not turned, a surface is rolled."""
    matrices = moved.matrices.clone()
    matrices[:, (0, 1), (1, 0)] *= (~straight)[:, None]
    grid = F.affine_grid(matrices.to(image.device), list(image.shape), align_corners=False)
    out = F.grid_sample(image, grid, mode="bicubic", padding_mode="zeros", align_corners=False).clamp(0, 1)
    for row in surface.nonzero()[:, 0].tolist():
        out[row] = torch.roll(image[row], moved.rolls[row].tolist(), (1, 2))
    return out


def pixelated(image: torch.Tensor, paper: torch.Tensor) -> torch.Tensor:
    """Premultiplied RGBA to a picture of CELLS blocks a side: hard edges, a dark outline."""
    block = SIZE // CELLS
    parts = F.avg_pool2d(image, block)
    cover = parts[:, 3:]
    rgb = parts[:, :3] / cover.clamp(min=1e-3)
    solid = (cover > 0.5).float()
    opacity = (cover / F.max_pool2d(cover, 3, 1, 1).clamp(min=1e-3)).clamp(0, 1)
    rgb = (rgb.clamp(0, 1) * 15).round() / 15
    clear = solid * (cover < 0.999).float() * (opacity > 0.98).float()
    rgb = rgb * solid * (1 - clear) + (rgb * cover + paper * (1 - cover)) * clear + paper * (1 - solid)
    kernel = image.new_tensor([[0, 1, 0], [1, 0, 1], [0, 1, 0]]).view(1, 1, 3, 3)
    near = F.conv2d(solid, kernel, padding=1)
    total = F.conv2d(rgb * solid, kernel.expand(3, 1, 3, 3), padding=1, groups=3)
    edge = ((near > 0.5) & (solid < 0.5)).float()
    rgb = rgb * (1 - edge) + total / near.clamp(min=1) * 0.35 * edge
    return rgb.repeat_interleave(block, 2).repeat_interleave(block, 3)


def as_bytes(pictures: torch.Tensor) -> torch.Tensor:
    """-1 to 1, N × 3 × H × W, to uint8 N × H × W × 3."""
    return ((pictures.float().clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1)


def as_pictures(made: torch.Tensor) -> torch.Tensor:
    """The way back."""
    return made.permute(0, 3, 1, 2).float() / 127.5 - 1
