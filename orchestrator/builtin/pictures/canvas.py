"""A picture made ready to be painted over: of the plan's size, without alpha."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.builtin.pictures.pixels import as_rgba

if TYPE_CHECKING:
    from PIL import Image as PillowImage

    from orchestrator.stage import Image, RenderPlan


def canvas(image: Image, plan: RenderPlan, ground: str) -> PillowImage.Image:
    """RGB, what is transparent over `ground` (`#rrggbb`), scaled and cropped to fill the plan's size."""
    from PIL import Image as PillowImage
    from PIL import ImageOps

    seen = as_rgba(image)
    flat = PillowImage.alpha_composite(PillowImage.new("RGBA", seen.size, ground), seen).convert("RGB")
    size = plan.width, plan.height
    return flat if flat.size == size else ImageOps.fit(flat, size, PillowImage.Resampling.LANCZOS)
