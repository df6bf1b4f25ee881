"""The store of finished work: put by key, found by key, read by digest."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from orchestrator.stage import Artifact, Document
from orchestrator.stage.canonical import digest_of
from orchestrator.store.blobs import Blobs, DamagedBlobError, DiskFiles, Files
from orchestrator.store.findings import unusable_folder
from orchestrator.store.journal import Journal
from orchestrator.store.model import NewResult, StoredResult
from orchestrator.store.types import artifact_types

_INLINE_BELOW = 64 * 1024


class DamagedResultError(Exception):
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

    def find_many(self, keys: Sequence[str]) -> dict[str, StoredResult]:
        """The results of those keys that have one; one whose bytes are gone or changed does not count."""
        found: dict[str, StoredResult] = {}
        try:
            for stored, document in self._journal.candidates(list(dict.fromkeys(keys))):
                if stored.key not in found and self._is_sound(stored, document):
                    found[stored.key] = stored
        except OSError as error:
            raise unusable_folder(self.folder, error) from error
        return found

    def holding(self, artifact_digest: str, kind: str) -> StoredResult | None:
        """The oldest sound result that has this artifact, under whatever key."""
        for stored, document in self._journal.holding(artifact_digest):
            if stored.type == kind and self._is_sound(stored, document):
                return stored
        return None

    def was_damaged(self, key: str) -> bool:
        """Whether a lookup met a result of this key whose bytes were gone or changed."""
        return key in self._damaged

    def artifact(self, stored: StoredResult, expected: type[Artifact] | None = None) -> Artifact:
        """The artifact of a result, decoded as `expected`, or as the imported class of its type's name.

        Raises:
            DamagedResultError: its bytes are gone or changed, or no such class is known.
        """
        kind = expected or artifact_types().get(stored.type)
        if kind is None or kind.__name__ != stored.type:
            raise DamagedResultError(f"a stored result is a {stored.type}, which is not asked for here")
        try:
            return kind.decode(self._bytes(stored))
        except (DamagedBlobError, ValueError, OSError) as error:
            raise DamagedResultError(f"a stored {stored.type} cannot be read: {error}") from error

    def recorded(self, key: str, artifact_digest: str) -> StoredResult | None:
        """What the journal says of the result under a key that has this artifact; no blob is opened."""
        candidates = (stored for stored, _ in self._journal.candidates([key]))
        return next((stored for stored in candidates if stored.artifact_digest == artifact_digest), None)

    def read(self, key: str, artifact_digest: str, expected: type[Artifact] | None = None) -> Artifact:
        """The artifact of this digest under a key, whichever of its results has it still.

        Raises:
            DamagedResultError: none has.
        """
        problem = DamagedResultError(f"the store has no result {key} any more")
        for stored, _ in self._journal.candidates([key]):
            if stored.artifact_digest == artifact_digest:
                try:
                    return self.artifact(stored, expected)
                except DamagedResultError as error:
                    problem = error
        raise problem

    def encoded(self, stored: StoredResult) -> bytes:
        """The bytes of a result as they were encoded (for a picture a PNG without metadata)."""
        try:
            return self._bytes(stored)
        except DamagedBlobError as error:
            raise DamagedResultError(f"a stored {stored.type} cannot be read: {error}") from error

    def _bytes(self, stored: StoredResult) -> bytes:
        if not stored.inline:
            return self._blobs.read(stored.blob)
        for candidate, document in self._journal.candidates([stored.key]):
            if candidate.blob == stored.blob and document is not None:
                return document
        raise DamagedBlobError(f"{self.folder}: the journal has lost {stored.key}")

    def _is_sound(self, stored: StoredResult, document: bytes | None) -> bool:
        try:
            sound = digest_of(self._blobs.read(stored.blob) if document is None else document) == stored.blob
        except DamagedBlobError:
            sound = False
        if not sound:
            self._damaged.add(stored.key)
        return sound


def _plain(notes: Mapping[str, object]) -> dict[str, object]:
    """Notes as JSON holds them: tuples become lists, and what JSON does not know becomes its text."""
    text = json.dumps(dict(notes), default=str, ensure_ascii=False).encode(errors="replace")
    return json.loads(text, parse_constant=str)
