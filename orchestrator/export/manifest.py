"""`.orchestrator-manifest.json`: which files of a folder are ours, and as what bytes we wrote them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import cast

MANIFEST = ".orchestrator-manifest.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of ours: the recipe that owns it, and every digest that we may have left there.

    There are two digests only between the start of a write and its end, so that after a crash both the old
    and the new file are known as ours.
    """

    owner: str
    digests: tuple[str, ...]


def is_safe_name(name: str) -> bool:
    """Whether a name stays below the folder on every system: relative, with `/`, no `..`, no drive."""
    path = PurePosixPath(name)
    parts_fit = all(part not in {"", ".", ".."} for part in name.split("/"))
    return parts_fit and not path.is_absolute() and not set(name) & set('\\:\0<>"|?*') and name != MANIFEST


def read_manifest(folder: Path) -> dict[str, Entry]:
    """Files by name. A manifest that cannot be read claims nothing, so that nothing is removed by it."""
    try:
        document: object = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return {}
    files = _mapping(_mapping(document).get("files"))
    return {name: _entry(value) for name, value in files.items() if is_safe_name(name)}


def manifest_bytes(entries: Mapping[str, Entry]) -> bytes:
    """The manifest as a file."""
    files = {
        name: {"owner": entry.owner, "digests": list(entry.digests)}
        for name, entry in sorted(entries.items())
    }
    return (json.dumps({"format": _FORMAT, "files": files}, ensure_ascii=False, indent=1) + "\n").encode()


def _entry(value: object) -> Entry:
    fields = _mapping(value)
    digests = fields.get("digests")
    listed = cast("Iterable[object]", digests) if isinstance(digests, list) else ()
    return Entry(str(fields.get("owner", "")), tuple(str(digest) for digest in listed))


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}
