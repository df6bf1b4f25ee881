"""The store of finished work: put by key, found by key, read by digest."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Self

from orchestrator.errors import OrchestratorError
from orchestrator.stage import Artifact, Document, Many
from orchestrator.stage.canonical import digest_of
from orchestrator.store.blobs import Blobs, DamagedBlobError, DiskFiles, Files
from orchestrator.store.findings import unusable_folder
from orchestrator.store.journal import Journal
from orchestrator.store.model import NewResult, StoredResult
from orchestrator.store.types import artifact_types

_INLINE_BELOW = 64 * 1024


class DamagedResultError(OrchestratorError):
    """A result was found, but its bytes cannot be read any more."""


class Store:
    """Results by the key of their work item; several processes may use one folder at once."""

    def __init__(self, folder: Path, files: Files | None = None) -> None:
        self.folder = folder
        self._damaged: set[str] = set()
        try:
            self._blobs = Blobs(folder / "blobs", files or DiskFiles())
            self._journal = Journal(folder / "journal.sqlite")
        except OSError as error:
            raise unusable_folder(folder, error) from error

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Opens the store in a folder, made if it is not there.

        Raises:
            InvalidInput: the folder cannot be written (E531), a newer version wrote it (E532), or its
                journal is damaged (E533).
        """
        return cls(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the file; results can still be read, each question opening it anew."""
        self._journal.close()

    def put(self, result: NewResult) -> StoredResult:
        """Stores one result; on return it is on the disk."""
        (stored,) = self.put_many([result])
        return stored

    def put_many(self, results: Sequence[NewResult]) -> tuple[StoredResult, ...]:
        """Stores results in one commit; on return all are on the disk.

        Raises:
            OSError: the disk is full, or the journal stayed locked; none of them counts as stored.
        """
        return self.commit([self.write(result) for result in results])

    def write(self, result: NewResult) -> tuple[StoredResult, bytes | None]:
        """Encodes a result and writes its blob; it counts as stored after `commit`."""
        data = result.artifact.encode()
        inline = isinstance(result.artifact, Document) and len(data) < _INLINE_BELOW
        stored = StoredResult(
            key=result.key, stage=result.stage, type=type(result.artifact).__name__,
            artifact_digest=result.artifact.digest, blob=digest_of(data), inline=inline,
            notes=_plain(result.notes), environment=result.environment, seconds=result.seconds,
            degraded=result.degraded,
        )  # fmt: skip
        if not inline:
            self._blobs.write(stored.blob, data)
        return stored, data if inline else None

    def commit(self, written: Sequence[tuple[StoredResult, bytes | None]]) -> tuple[StoredResult, ...]:
        """Adds written results to the journal in one commit."""
        self._journal.add(written)
        return tuple(stored for stored, _ in written)

    def find(self, key: str) -> StoredResult | None:
        """The oldest sound result of a key, else the oldest degraded one."""
        return self.find_many([key]).get(key)

    def find_many(self, keys: Sequence[str], kind: str = "") -> dict[str, StoredResult]:
        """The results of those keys that have one; one that is not as it was written does not count.

        Args:
            keys: of work items.
            kind: class name of the artifact that is asked for; a result of another is put aside.

        Raises:
            InvalidInput: the journal cannot be read (E531, E533).
        """
        found: dict[str, StoredResult] = {}
        with self._told():
            for stored, _ in self._journal.candidates(list(dict.fromkeys(keys))):
                if kind not in ("", stored.type):
                    self._put_aside(stored)
                elif stored.key not in found and self._is_sound(stored):
                    found[stored.key] = stored
        return found

    def holding(self, artifact_digest: str, kind: type[Artifact]) -> StoredResult | None:
        """The oldest result that has this artifact, under whatever key: read, and its digest taken."""
        with self._told():
            candidates = self._journal.holding(artifact_digest)
        for stored, document in candidates:
            if stored.type == kind.__name__:
                with contextlib.suppress(DamagedResultError):
                    self._decoded(stored, document, kind)
                    return stored
        return None

    def was_damaged(self, key: str) -> bool:
        """Whether a lookup met a result of this key that was gone, changed, or not what it says."""
        return key in self._damaged or key in self._journal.damaged

    def artifact(self, stored: StoredResult, expected: type[Artifact] | None = None) -> Artifact:
        """The artifact of a result, decoded as `expected`, or as the imported class of its type's name.

        Its digest is taken and compared, but for a `Many[T]`, whose members are read when they are asked for.

        Raises:
            DamagedResultError: its bytes are gone or changed, it is another artifact than it says, or no such
                class is known.
        """
        return self._decoded(stored, None, expected)

    def _decoded(
        self, stored: StoredResult, document: bytes | None, expected: type[Artifact] | None
    ) -> Artifact:
        """The artifact of a result, whose bytes are at hand where a document was just looked at."""
        kind = expected or artifact_types().get(stored.type)
        if kind is None or kind.__name__ != stored.type:
            raise DamagedResultError(f"a stored result is a {stored.type}, which is not asked for here")
        try:
            artifact = kind.decode(self._bytes(stored) if document is None else document)
        except (DamagedBlobError, OSError) as error:
            raise DamagedResultError(f"a stored {stored.type} cannot be read: {error}") from error
        except Exception as error:  # whatever a decoder raises over bytes that are none of its own
            self._put_aside(stored)
            raise DamagedResultError(f"a stored {stored.type} cannot be read: {error}") from error
        if not _is_as_it_says(artifact, stored):
            self._put_aside(stored)
            raise DamagedResultError(f"a stored {stored.type} is another than the journal says")
        return artifact

    def recorded(self, key: str, artifact_digest: str) -> StoredResult | None:
        """What the journal says of the result under a key that has this artifact; no blob is opened."""
        with self._told():
            candidates = (stored for stored, _ in self._journal.candidates([key]))
            return next((stored for stored in candidates if stored.artifact_digest == artifact_digest), None)

    def read(self, key: str, artifact_digest: str, expected: type[Artifact] | None = None) -> Artifact:
        """The artifact of this digest under a key, whichever of its results has it still.

        Raises:
            DamagedResultError: none has.
        """
        problem = DamagedResultError(f"the store has no result {key} any more")
        with self._told():
            candidates = list(self._journal.candidates([key]))
        for stored, document in candidates:
            if stored.artifact_digest == artifact_digest:
                try:
                    return self._decoded(stored, document, expected)
                except DamagedResultError as error:
                    problem = error
        raise problem

    def encoded(self, stored: StoredResult) -> bytes:
        """The bytes of a result as they were encoded (for a picture a PNG without metadata)."""
        try:
            return self._bytes(stored)
        except (DamagedBlobError, OSError) as error:
            raise DamagedResultError(f"a stored {stored.type} cannot be read: {error}") from error

    def _bytes(self, stored: StoredResult) -> bytes:
        if not stored.inline:
            return self._blobs.read(stored.blob)
        for candidate, document in self._journal.candidates([stored.key]):
            if candidate.blob == stored.blob and document is not None:
                return document
        raise DamagedBlobError(f"{self.folder}: the journal has lost {stored.key}")

    def _is_sound(self, stored: StoredResult) -> bool:
        """Whether its bytes are there; those of a document were looked at with its row."""
        try:
            if not stored.inline:
                self._blobs.read(stored.blob)
        except DamagedBlobError:
            self._damaged.add(stored.key)
            return False
        return True

    def _put_aside(self, stored: StoredResult) -> None:
        self._damaged.add(stored.key)
        self._journal.put_aside(stored)

    @contextlib.contextmanager
    def _told(self) -> Generator[None]:
        """A journal that cannot be read is a finding."""
        try:
            yield
        except OSError as error:
            raise unusable_folder(self.folder, error) from error


def _is_as_it_says(artifact: Artifact, stored: StoredResult) -> bool:
    """A document's digest is that of its bytes, which were compared already."""
    known = isinstance(artifact, Document) and stored.artifact_digest == stored.blob
    return known or isinstance(artifact, Many) or artifact.digest == stored.artifact_digest


def _plain(notes: Mapping[str, object]) -> dict[str, object]:
    """Notes as JSON holds them: tuples become lists, and what JSON does not know becomes its text."""
    text = json.dumps(dict(notes), default=str, ensure_ascii=False).encode(errors="replace")
    return json.loads(text, parse_constant=str)
