"""Writes a run's files into a folder that may hold a person's own, and later runs' too.

Only what the manifest names with the bytes that lie there is ever replaced or removed. A file that somebody
edited, that was there before us, or that another recipe made is kept and reported. Files are made one by one,
as they are written; one that cannot be written leaves all others written, and nothing is removed then.
"""

from __future__ import annotations

import contextlib
import errno
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from typing import Final

from orchestrator.export.lock import locked
from orchestrator.export.manifest import (
    ANNOUNCED,
    LOCK,
    MANIFEST,
    Entry,
    announcement,
    is_safe_name,
    manifest_bytes,
    read_manifest,
)
from orchestrator.export.owner import Owner
from orchestrator.format import OutputFile
from orchestrator.replace_file import replace_file
from orchestrator.stage.canonical import digest_of

_HALF_WRITTEN: Final = re.compile(r"\.writing-[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the folder, as names relative to it.

    Attributes:
        added: written now, new or changed.
        unchanged: there already with equal bytes; not touched.
        removed: ours, and no longer made.
        kept: left as they are because somebody edited them, or because they were not ours.
        blocked: could not be written, by name with the reason.
        stopped: the user stopped it before all were written; nothing was removed then.
    """

    added: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    blocked: Mapping[str, str] = field(default_factory=dict[str, str])
    stopped: bool = False


def _nobody_stops() -> bool:
    """For writing that ends by itself."""
    return False


def write_run(
    files: Iterable[OutputFile],
    out: Path,
    *,
    partial: bool | Callable[[], bool],
    owner: Owner = Owner(""),  # noqa: B008 - frozen
    stopped: Callable[[], bool] = _nobody_stops,
    root: Path | None = None,
    aside: dict[str, str] | None = None,
) -> Written:
    """Writes `files` into `out`, each at once or not at all; nothing is raised for what cannot be written.

    Args:
        files: everything that the run made, taken one by one.
        out: the folder; made where it is missing.
        partial: the run left things out, so nothing is removed; asked when all files were taken.
        owner: the recipe; only its own files are replaced or removed.
        stopped: asked before each file.
        root: where the folder lay, links resolved, when it was checked; one that leads elsewhere by now is
            not written through.
        aside: where a name is another recipe's, the file is written under the recipe's own name before it,
            and stands here as soon as it is; without this it is blocked.
    """
    writing = _Writing(out, owner, root, aside)
    try:
        writing.begin()
        with locked(out / LOCK, stopped):
            writing.run(files, partial, stopped)
    except (OSError, UnicodeError) as error:
        writing.blocked.setdefault(".", _reason(error))
    return writing.written()


class _Writing:
    """One pass over the folder."""

    def __init__(
        self, out: Path, owner: Owner, root: Path | None, aside: dict[str, str] | None = None
    ) -> None:
        self._out, self._owner, self._root, self._aside = out, owner, root or out.resolve(), aside
        self._known: dict[str, Entry] = {}
        self._log: FileIO | None = None
        self._added: list[str] = []
        self._unchanged: list[str] = []
        self._removed: list[str] = []
        self._kept: list[str] = []
        self._stopped = False
        self._unsettled: dict[str, str] = {}
        self.blocked: dict[str, str] = {}

    def written(self) -> Written:
        """What became of the folder."""
        return Written(
            tuple(self._added), tuple(self._unchanged), tuple(self._removed), tuple(self._kept),
            blocked={**self.blocked, **self._unsettled}, stopped=self._stopped,
        )  # fmt: skip

    def begin(self) -> None:
        """Makes the folder; OSError where it cannot be, or where it leads elsewhere by now."""
        if self._out.resolve() != self._root:
            raise OSError(0, "it is a link that leads elsewhere by now")
        self._out.mkdir(parents=True, exist_ok=True)

    def run(
        self, files: Iterable[OutputFile], partial: bool | Callable[[], bool], stopped: Callable[[], bool]
    ) -> None:
        """Writes the files, removes what is no longer made, and settles the manifest, whatever happens."""
        self._known = read_manifest(self._out)
        self._clear_half_written()
        self._settle()
        try:
            made = self._write_all(files, stopped)
            left_out = partial() if callable(partial) else partial
            if not (left_out or self._stopped or self.blocked):
                self._remove_all(made)
        except KeyboardInterrupt:
            self._stopped = True
        finally:
            self._settle()

    def _write_all(self, files: Iterable[OutputFile], stopped: Callable[[], bool]) -> set[str]:
        names = set[str]()
        try:
            for file in files:
                if stopped():
                    self._stopped = True
                    break
                name = self._name(file.name)
                names.add(name)
                self._attempt(name, lambda file=file, name=name: self._write(file, name))
        except Exception as error:  # noqa: BLE001 - a format from a package may raise anything half-way
            self.blocked["the rest"] = f"{type(error).__name__}: {' '.join(str(error).split())}"
        return names

    def _remove_all(self, made: set[str]) -> None:
        for name in [name for name in self._known if name not in made and self._is_mine(name)]:
            self._attempt(name, lambda name=name: self._remove(name))

    def _attempt(self, name: str, act: Callable[[], None]) -> None:
        try:
            act()
        except (OSError, UnicodeError, LookupError, ValueError) as error:
            self.blocked[name] = _reason(error)
        except Exception as error:  # noqa: BLE001 - what makes a file may raise anything; the others are written
            self.blocked[name] = f"{type(error).__name__}: {' '.join(str(error).split())}"

    def _name(self, name: str) -> str:
        """The name, or one aside where another recipe has a file of this name."""
        if self._aside is None or not self._is_others(name):
            return name
        self._aside[name] = f"{self._owner.recipe}_{name.replace('/', '_')}"
        return self._aside[name]

    def _is_others(self, name: str) -> bool:
        known = self._known.get(name)
        return known is not None and not self._is_mine(name) and (self._out / name).exists()

    def _write(self, file: OutputFile, name: str) -> None:
        if not is_safe_name(name):
            raise OSError(0, "its name would leave the folder")
        if self._is_others(name):
            raise OSError(0, f"the recipe {self._known[name].owner.shown(self._out)} made it")
        path, data = self._inside(name), file.read()
        digest, there = digest_of(data), _digest_at(path)
        if there == digest:
            self._unchanged.append(name)
        elif there is not None and not self._is_ours(name, there):
            self._kept.append(name)
            return
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._announce(name, Entry(self._owner, (digest,)))
            replace_file(path, data)
            self._added.append(name)
        self._known[name] = Entry(self._owner, (digest,))

    def _announce(self, name: str, entry: Entry) -> None:
        if self._log is None:
            self._log = (self._out / ANNOUNCED).open("xb", buffering=0)
        line = announcement(name, entry)
        if self._log.write(line) != len(line):
            raise OSError(errno.ENOSPC, "No space left on device")

    def _is_mine(self, name: str) -> bool:
        return self._owner.is_same(self._known[name].owner, self._out)

    def _is_ours(self, name: str, digest: str) -> bool:
        return name in self._known and digest in self._known[name].digests

    def _remove(self, name: str) -> None:
        path = self._inside(name)
        there = _digest_at(path)
        if there is not None and not self._is_ours(name, there):
            self._kept.append(name)
            return
        path.unlink(missing_ok=True)
        if there is not None:
            self._removed.append(name)
            _remove_empty(path.parent, self._out)
        del self._known[name]

    def _inside(self, name: str) -> Path:
        """The path of a name; a link that leads out of the folder is refused."""
        path = self._out / name
        if not path.parent.resolve().is_relative_to(self._root):
            raise OSError(0, "its folder is a link that leads elsewhere")
        if path.is_symlink() or path.is_dir():
            raise OSError(0, "a link or a folder of this name stands there")
        return path

    def _settle(self) -> None:
        """The manifest says what is; only then what was announced is forgotten."""
        if self._log is not None:
            with contextlib.suppress(OSError):
                self._log.close()
            self._log = None
        data, path = manifest_bytes(self._known), self._out / MANIFEST
        try:
            if (self._known or path.exists()) and _digest_at(path) != digest_of(data):
                replace_file(path, data)
            (self._out / ANNOUNCED).unlink(missing_ok=True)
        except OSError as error:
            self._unsettled = {MANIFEST: _reason(error)}
        else:
            self._unsettled = {}

    def _clear_half_written(self) -> None:
        """What a killed run left: nobody else writes here now, and a name like this is nobody's own."""
        folders = {self._out, *((self._out / name).parent for name in self._known)}
        for folder in folders:
            with contextlib.suppress(OSError):
                for path in folder.iterdir():
                    if _HALF_WRITTEN.fullmatch(path.name):
                        path.unlink(missing_ok=True)


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeError):
        return "this locale has no letters for its name; set PYTHONUTF8=1, or a locale of UTF-8"
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        return "its name is too long for this file system"
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(said.split())


def _digest_at(path: Path) -> str | None:
    try:
        return digest_of(path.read_bytes())
    except FileNotFoundError:
        return None


def _remove_empty(folder: Path, out: Path) -> None:
    if folder != out and not any(folder.iterdir()):
        folder.rmdir()
