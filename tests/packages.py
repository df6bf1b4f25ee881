"""Packages as pip leaves them, for tests of the doors: a folder to put on `sys.path`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

GROUPS = Mapping[str, Mapping[str, str]]


def packed(
    folder: Path,
    name: str,
    groups: GROUPS,
    files: Mapping[str, str] | None = None,
    *,
    version: str = "1.0",
    editable: bool = False,
) -> str:
    """Writes a package with its entry points; the path of what would be its `site-packages`."""
    site = folder / f"site-{name}-{version}"
    info = site / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", "utf-8")
    (info / "entry_points.txt").write_text("\n".join(_lines(groups)), "utf-8")
    if editable:
        (info / "direct_url.json").write_text('{"dir_info": {"editable": true}}', "utf-8")
    for path, text in (files or {}).items():
        file = site / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return str(site)


def _lines(groups: GROUPS) -> list[str]:
    return [
        line
        for group, points in groups.items()
        for line in (f"[{group}]", *(f"{name} = {target}" for name, target in points.items()), "")
    ]
