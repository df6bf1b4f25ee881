"""Writes a run's files into a folder that may hold a person's own, and later runs' too.

Only what the manifest names with the bytes that lie there is ever replaced or removed. A file that somebody
edited, or that was there before us, is kept and reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from orchestrator.export.manifest import MANIFEST, Entry, is_safe_name, manifest_bytes, read_manifest
from orchestrator.format import OutputFile
from orchestrator.replace_file import replace_file
from orchestrator.stage.canonical import digest_of


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the folder, as names relative to it.

    Attributes:
        added: written now, new or changed.
        unchanged: there already with equal bytes; not touched.
        removed: ours, and no longer made.
        kept: left as they are because somebody edited them, or because they were not ours.
        blocked: could not be written, by name with the reason.
    """

    added: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    blocked: Mapping[str, str] = field(default_factory=dict[str, str])


def write_run(files: Sequence[OutputFile], out: Path, *, partial: bool, owner: str = "") -> Written:
    """Writes `files` into `out`, each at once or not at all.

    Args:
        files: everything that the run made.
        out: the folder; made where it is missing.
        partial: the run left things out on purpose, so nothing is removed.
        owner: name of the recipe; only its own files are removed.

    Raises:
        ValueError: a name would leave the folder.
        OSError: the folder itself cannot be made or written.
    """
    unsafe = [file.name for file in files if not is_safe_name(file.name)]
    if unsafe:
        raise ValueError(f"these names would leave the output folder: {unsafe}")
    out.mkdir(parents=True, exist_ok=True)
    return _Writing(out, owner, read_manifest(out)).run(files, partial=partial)


class _Writing:
    """One pass over the folder."""

    def __init__(self, out: Path, owner: str, known: dict[str, Entry]) -> None:
        self._out, self._owner, self._known = out, owner, known
        self._added: list[str] = []
        self._unchanged: list[str] = []
        self._removed: list[str] = []
        self._kept: list[str] = []
        self._blocked: dict[str, str] = {}

    def run(self, files: Sequence[OutputFile], *, partial: bool) -> Written:
        """Announces the files in the manifest, writes them, and settles the manifest."""
        digests = {file.name: digest_of(file.data) for file in files}
        self._save_manifest(self._known | {name: self._announced(name, new) for name, new in digests.items()})
        for file in files:
            self._write(file, digests[file.name])
        if not partial:
            for name in [name for name in self._mine() if name not in digests]:
                self._remove(name)
        self._save_manifest(self._known)
        return Written(
            tuple(self._added), tuple(self._unchanged), tuple(self._removed), tuple(self._kept), self._blocked
        )

    def _announced(self, name: str, digest: str) -> Entry:
        known = self._known.get(name)
        before = known.digests if known else ()
        return Entry(self._owner, tuple(dict.fromkeys((*before, digest))))

    def _mine(self) -> list[str]:
        return [name for name, entry in self._known.items() if entry.owner == self._owner]

    def _write(self, file: OutputFile, digest: str) -> None:
        try:
            self._write_where_ours(file, digest)
        except OSError as error:
            self._blocked[file.name] = error.strerror or type(error).__name__

    def _write_where_ours(self, file: OutputFile, digest: str) -> None:
        path = self._inside(file.name)
        there = _digest_at(path)
        if there == digest:
            self._unchanged.append(file.name)
        elif there is not None and not self._is_ours(file.name, there):
            self._kept.append(file.name)
            return
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, file.data)
            self._added.append(file.name)
        self._known[file.name] = Entry(self._owner, (digest,))

    def _is_ours(self, name: str, digest: str) -> bool:
        return name in self._known and digest in self._known[name].digests

    def _remove(self, name: str) -> None:
        try:
            path = self._inside(name)
            there = _digest_at(path)
            if there is not None and not self._is_ours(name, there):
                self._kept.append(name)
                return
            path.unlink(missing_ok=True)
        except OSError as error:
            self._blocked[name] = error.strerror or type(error).__name__
            return
        if there is not None:
            self._removed.append(name)
            _remove_empty(path.parent, self._out)
        del self._known[name]

    def _inside(self, name: str) -> Path:
        """The path of a name; a link that leads out of the folder is refused."""
        path = self._out / name
        if not path.parent.resolve().is_relative_to(self._out.resolve()):
            raise OSError(0, "its folder is a link that leads elsewhere")
        if path.is_symlink() or path.is_dir():
            raise OSError(0, "a link or a folder of this name stands there")
        return path

    def _save_manifest(self, entries: Mapping[str, Entry]) -> None:
        data = manifest_bytes(entries)
        path = self._out / MANIFEST
        if _digest_at(path) != digest_of(data):
            replace_file(path, data)


def _digest_at(path: Path) -> str | None:
    try:
        return digest_of(path.read_bytes())
    except FileNotFoundError:
        return None


def _remove_empty(folder: Path, out: Path) -> None:
    if folder != out and not any(folder.iterdir()):
        folder.rmdir()
