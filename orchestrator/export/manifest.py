"""`.orchestrator-manifest.json`: which files of a folder are ours, and as what bytes we wrote them.

Beside it, while files are written, `.orchestrator-writing.jsonl`: a line for each file that is about to be
replaced. After a crash both the old bytes and the new are known as ours by it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import cast

from orchestrator.export.owner import Owner
from orchestrator.recipe import is_unsound

MANIFEST = ".orchestrator-manifest.json"
ANNOUNCED = ".orchestrator-writing.jsonl"
LOCK = ".orchestrator-writing.lock"
_OURS = frozenset({MANIFEST, ANNOUNCED, LOCK})
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of ours: the recipe that owns it, and every digest that we may have left there."""

    owner: Owner
    digests: tuple[str, ...]


def is_safe_name(name: str) -> bool:
    """Whether a name stays below the folder on every system: relative, with `/`, no `..`, drive or device."""
    path = PurePosixPath(name)
    parts_fit = all(part not in {"", ".", ".."} and not is_unsound(part) for part in name.split("/"))
    return parts_fit and not path.is_absolute() and not set(name) & set('\\:\0<>"|?*') and name not in _OURS


def read_manifest(folder: Path) -> dict[str, Entry]:
    """Files by name, those that were announced and not settled too.

    A manifest that cannot be read claims nothing, so that nothing is removed by it.
    """
    try:
        document: object = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError):
        document = None
    files = _mapping(_mapping(document).get("files"))
    known = {name: _entry(value) for name, value in files.items() if is_safe_name(name)}
    for name, entry in _announced(folder):
        before = known[name].digests if name in known else ()
        known[name] = Entry(entry.owner, tuple(dict.fromkeys((*before, *entry.digests))))
    return known


def manifest_bytes(entries: Mapping[str, Entry]) -> bytes:
    """The manifest as a file."""
    files = {name: _record(entry) for name, entry in sorted(entries.items())}
    return (json.dumps({"format": _FORMAT, "files": files}, ensure_ascii=False, indent=1) + "\n").encode(
        errors="surrogatepass"
    )


def announcement(name: str, entry: Entry) -> bytes:
    """A line that says which bytes a file is about to have; one that was cut short spoils no other."""
    return b"\n" + json.dumps({"name": name, **_record(entry)}).encode() + b"\n"


def _announced(folder: Path) -> Iterator[tuple[str, Entry]]:
    """What was announced; a line that a crash cut short announces nothing, for its file was not touched."""
    try:
        lines = (folder / ANNOUNCED).read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        try:
            record = _mapping(json.loads(line))
        except (ValueError, RecursionError):
            continue
        name = str(record.get("name", ""))
        if is_safe_name(name):
            yield name, _entry(record)


def _record(entry: Entry) -> dict[str, object]:
    place = {"recipe": entry.owner.place} if entry.owner.place else {}
    return {"owner": entry.owner.name, **place, "digests": list(entry.digests)}


def _entry(value: object) -> Entry:
    fields = _mapping(value)
    digests = fields.get("digests")
    listed = cast("Iterable[object]", digests) if isinstance(digests, list) else ()
    owner = Owner(str(fields.get("owner", "")), str(fields.get("recipe", "")))
    return Entry(owner, tuple(str(digest) for digest in listed))


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}
