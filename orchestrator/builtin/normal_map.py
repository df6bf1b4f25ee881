"""`normal-map`: the slopes of a picture taken as a relief, for the lights of a game engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from orchestrator.builtin.pictures.pixels import as_floats, as_picture, has_alpha, luma
from orchestrator.stage import Context, Field, Image, NormalMap, Params, stage

if TYPE_CHECKING:
    from orchestrator.builtin.pictures.pixels import Floats


class NormalMapping(Params):
    """Make a normal map: brightness is height, what is bright stands out."""

    strength: float = Field(
        default=8.0, ge=0, le=256, description="height of white above black, px; grows with the size"
    )
    invert: bool = Field(default=False, description="whether dark stands out, not bright")
    wrap: bool = Field(
        default=True, description="whether the picture is a tile, whose slopes go on across its borders"
    )
    convention: Literal["opengl", "directx"] = Field(
        default="opengl", description="green up (opengl: Godot, Unity, Blender) or down (directx: Unreal)"
    )


@stage("normal-map", version=1)
def normal_map(image: Image, params: NormalMapping, ctx: Context) -> NormalMap:
    """Tangent space normals from Scharr slopes; alpha is kept, and transparent ground lies at height 0."""
    import numpy as np

    values = as_floats(image)
    normals = _normals(_heights(values, image.mode, params), params)
    ctx.note("steepest", f"{np.degrees(np.arccos(normals[:, :, 2].min())):.0f} degrees")
    encoded = normals * np.float32(0.5) + np.float32(0.5)
    if has_alpha(image.mode):
        return NormalMap.of(as_picture(np.concatenate([encoded, values[:, :, -1:]], axis=2), "RGBA"))
    return NormalMap.of(as_picture(encoded, "RGB"))


def _heights(values: Floats, mode: str, params: NormalMapping) -> Floats:
    """In pixels."""
    import numpy as np

    heights = luma(values)
    if params.invert:
        heights = 1 - heights
    if has_alpha(mode):
        heights = heights * values[:, :, -1]
    return heights * np.float32(params.strength)


def _normals(heights: Floats, params: NormalMapping) -> Floats:
    """Unit vectors: x to the right, y up (down for DirectX), z to the viewer."""
    import numpy as np

    padded = np.pad(heights, 1, mode="wrap" if params.wrap else "edge")
    right, down = _slopes(padded), _slopes(padded.T).T
    up = -down if params.convention == "opengl" else down
    normals = np.stack([-right, -up, np.ones_like(heights)], axis=2)
    return normals / np.sqrt((normals * normals).sum(axis=2, keepdims=True))


def _slopes(padded: Floats) -> Floats:
    """Rise to the right of each pixel, by Scharr's weights, which err least over directions."""
    rise = (padded[:, 2:] - padded[:, :-2]) / 2
    return (3 * rise[:-2] + 10 * rise[1:-1] + 3 * rise[2:]) / 16
