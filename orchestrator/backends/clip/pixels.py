"""From a picture to what an image tower sees, by preprocessor_config.json; Pillow and numpy alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_MEAN, _DEVIATION = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)


@dataclass(frozen=True, slots=True)
class Preparation:
    """The shorter edge is brought to `shortest`, and the middle `width` × `height` px cut out.

    Where `shortest` is None the picture is stretched. Means and deviations are of RGB from 0 to 1.
    """

    width: int
    height: int
    shortest: int | None
    resample: Image.Resampling = Image.Resampling.BICUBIC
    mean: tuple[float, ...] = _MEAN
    deviation: tuple[float, ...] = _DEVIATION

    @classmethod
    def read(cls, settings: Mapping[str, Any]) -> Self:
        """From preprocessor_config.json of a CLIPImageProcessor."""
        size: Any = settings.get("size", {"shortest_edge": 224})
        size = {"shortest_edge": size} if isinstance(size, int) else size
        crop: Any = settings.get("crop_size", size) if settings.get("do_center_crop", True) else size
        crop = {"height": crop, "width": crop} if isinstance(crop, int) else crop
        side = int(size.get("shortest_edge") or size.get("height") or 224)
        return cls(
            width=int(crop.get("width") or side),
            height=int(crop.get("height") or side),
            shortest=int(size["shortest_edge"]) if size.get("shortest_edge") else None,
            resample=Image.Resampling(int(settings.get("resample", Image.Resampling.BICUBIC))),
            mean=tuple(settings.get("image_mean", _MEAN)),
            deviation=tuple(settings.get("image_std", _DEVIATION)),
        )

    def prepare(self, picture: Image.Image) -> NDArray[np.float32]:
        """3 × height × width, normalised; transparency lies on white."""
        seen = self._framed(_on_white(picture))
        pixels = np.asarray(seen, np.float32) / 255
        normal = (pixels - np.asarray(self.mean, np.float32)) / np.asarray(self.deviation, np.float32)
        return np.ascontiguousarray(normal.transpose(2, 0, 1), np.float32)

    def _framed(self, picture: Image.Image) -> Image.Image:
        if self.shortest is None:
            return picture.resize((self.width, self.height), self.resample)
        factor = self.shortest / min(picture.size)
        wide, high = (max(1, round(side * factor)) for side in picture.size)
        resized = picture.resize((wide, high), self.resample)
        left, top = (wide - self.width) // 2, (high - self.height) // 2
        return resized.crop((left, top, left + self.width, top + self.height))


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):
        return Image.fromarray((np.asarray(picture, np.uint32) >> 8).astype(np.uint8)).convert("RGB")
    if "A" not in picture.getbands():
        return picture.convert("RGB")
    ground = Image.new("RGBA", picture.size, "white")
    ground.alpha_composite(picture.convert("RGBA"))
    return ground.convert("RGB")
