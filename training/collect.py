"""Collects the drawings from unpacked npm packages into drawings.json: `python -m training.collect FOLDER`.

FOLDER holds `fluent-emoji-flat`, `game-icons`, `noto`, `twemoji`, `fxemoji` (of @iconify-json) and `3d`
(@lobehub/fluent-emoji-3d), each as `npm pack` gives it, unpacked. cards.SOURCES names versions and licences.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from training import drawings
from training.settings import HERE

SETS = {
    "flat": "fluent-emoji-flat",
    "gi": "game-icons",
    "noto": "noto",
    "tw": "twemoji",
    "fx": "fxemoji",
}
LIKE = 0.72
"""By so much the silhouettes of a flat drawing and its relief must cover one another."""


class Packages:
    """The unpacked packages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sets: dict[str, Any] = {
            source: json.loads((folder / name / "package" / "icons.json").read_text(encoding="utf-8"))
            for source, name in SETS.items()
        }
        self.points: dict[str, list[str]] = {}
        chars = folder / SETS["flat"] / "package" / "chars.json"
        for point, name in json.loads(chars.read_text(encoding="utf-8")).items():
            self.points.setdefault(name, []).append(point)

    def svg(self, drawing: str) -> str:
        """A drawing with `@SIZE@` in place of its size."""
        source, _, name = drawing.partition(":")
        data = self.sets[source]
        icon = data["icons"].get(name) or data["icons"][data["aliases"][name]["parent"]]
        side = data.get("width", data.get("height", 512))
        box = f'viewBox="0 0 {icon.get("width", side)} {icon.get("height", side)}"'
        body = icon["body"].replace("currentColor", "#ffffff")
        return f'<svg {drawings.SPACE} {box} width="@SIZE@" height="@SIZE@">{body}</svg>'

    def relief(self, name: str) -> Path | None:
        """The bitmap in relief of a flat drawing, by its code point."""
        for point in self.points.get(name, []):
            bare = point.replace("-fe0f", "")
            for stem in (point, bare, f"{point}-fe0f", point.replace("-200d", "-fe0f-200d", 1)):
                file = self.folder / "3d" / "package" / "assets" / f"{stem}.webp"
                if file.exists():
                    return file
        return None


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """How far two silhouettes cover one another, 0 to 1."""
    a, b = one[..., 3] > 0.5, other[..., 3] > 0.5
    return float((a & b).sum() / max(1, (a | b).sum()))


def main(folder: Path) -> None:
    """Writes drawings.json; a relief that is not like its flat drawing is left out."""
    packages, found = Packages(folder), {}
    for noun in drawings.nouns().values():
        source, _, name = noun.drawing.partition(":")
        if source not in SETS:
            continue
        found[noun.drawing] = packages.svg(noun.drawing)
        file = packages.relief(name) if source == "flat" else None
        if file is None:
            continue
        solid = Image.open(file).convert("RGBA").resize((96, 96), Image.Resampling.BILINEAR)
        flat = drawings.drawn(found[noun.drawing], 96)
        if likeness(drawings.fitted(flat, 96, 80), drawings.fitted(solid, 96, 80)) >= LIKE:
            found[f"3d:{noun.name}"] = base64.b64encode(file.read_bytes()).decode()
    text = json.dumps(found, indent=0) + "\n"
    (HERE / "drawings.json").write_text(text, encoding="utf-8", newline="\n")
    print(len(found), "drawings,", len(text), "characters")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
