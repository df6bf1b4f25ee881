"""The journal: one SQLite file that says which results there are."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from pathlib import Path

from orchestrator.stage.canonical import canonical_json
from orchestrator.store.findings import damaged_journal, newer_journal
from orchestrator.store.model import StoredResult

SCHEMA_VERSION = 1
_BUSY_SECONDS = 30.0
_ASKED_AT_ONCE = 500
_TABLE = """
CREATE TABLE results (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    stage TEXT NOT NULL,
    type TEXT NOT NULL,
    artifact_digest TEXT NOT NULL,
    blob TEXT NOT NULL,
    document BLOB,
    notes TEXT NOT NULL,
    environment TEXT NOT NULL,
    seconds REAL NOT NULL,
    degraded INTEGER NOT NULL,
    stored_at REAL NOT NULL
)
"""
_INDEX = "CREATE INDEX results_by_key ON results (key, degraded, id)"
_BY_ARTIFACT = "CREATE INDEX IF NOT EXISTS results_by_artifact ON results (artifact_digest)"
_COLUMNS = "key, stage, type, artifact_digest, blob, document, notes, environment, seconds, degraded"
_INSERT = f"""
INSERT INTO results ({_COLUMNS}, stored_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11 WHERE NOT EXISTS (
    SELECT 1 FROM results WHERE key = ?1 AND artifact_digest = ?4 AND blob = ?5 AND degraded = ?10
)
"""  # noqa: S608 - the columns are a constant


class Journal:
    """Results by key. One connection under a lock: groups are short, and SQLite orders processes.

    Once it is closed, each question opens the file for its own time: who holds a run may still look at its
    pictures, and nothing stays open.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        with self._explained():
            connection = _opened(path)
            try:
                self._prepare(connection)
            except BaseException:
                connection.close()
                raise
        self._connection = connection

    def close(self) -> None:
        """Ends the connection; what was added is on the disk already."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextlib.contextmanager
    def _connected(self) -> Generator[sqlite3.Connection]:
        """The connection, for one caller at a time; its errors are explained."""
        with self._lock, self._explained():
            if self._connection is not None:
                yield self._connection
                return
            with contextlib.closing(_opened(self._path)) as connection:
                yield connection

    def add(self, results: Iterable[tuple[StoredResult, bytes | None]]) -> None:
        """Adds results (with their bytes where they lie inline) in one commit; on return they are safe.

        A row that says the same again is not added: two runs that made the same picture agree on one.
        """
        now = time.time()
        rows = [_row(result, document, now) for result, document in results]
        with self._connected() as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(_INSERT, rows)

    def candidates(self, keys: Sequence[str]) -> Iterator[tuple[StoredResult, bytes | None]]:
        """All results of these keys: sound ones before degraded ones, older ones before younger ones."""
        for start in range(0, len(keys), _ASKED_AT_ONCE):
            asked = keys[start : start + _ASKED_AT_ONCE]
            marks = ",".join("?" * len(asked))
            query = f"SELECT {_COLUMNS} FROM results WHERE key IN ({marks}) ORDER BY key, degraded, id"  # noqa: S608 - marks only
            with self._connected() as connection:
                rows = connection.execute(query, asked).fetchall()
            yield from map(_result, rows)

    def holding(self, artifact_digest: str) -> list[tuple[StoredResult, bytes | None]]:
        """All results with this artifact, older ones first."""
        query = f"SELECT {_COLUMNS} FROM results WHERE artifact_digest = ? ORDER BY id"  # noqa: S608 - a constant
        with self._connected() as connection:
            rows = connection.execute(query, [artifact_digest]).fetchall()
        return list(map(_result, rows))

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Makes the table in a new file; refuses a file of a newer version."""
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version > SCHEMA_VERSION:
                raise newer_journal(self._path, version, SCHEMA_VERSION)
            if version == 0:
                connection.execute(_TABLE)
                connection.execute(_INDEX)
                connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            connection.execute(_BY_ARTIFACT)

    @contextlib.contextmanager
    def _explained(self) -> Generator[None]:
        """A broken file is a finding; a disk that is full or locked stays an OSError for the item's sake."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise OSError(f"{self._path}: {error}") from error
        except sqlite3.DatabaseError as error:
            raise damaged_journal(self._path, error) from error


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        _set_up(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_up(connection: sqlite3.Connection) -> None:
    """Commits shall survive kill -9 and a power cut.

    WAL lets a second run read while one writes. `synchronous = FULL` waits for the disk at each commit: at
    20 groups a second at most that is cheap, and NORMAL could lose the last, acknowledged, groups.
    """
    _patiently(connection, "PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def _patiently(connection: sqlite3.Connection, statement: str) -> None:
    """Two first runs may change the journal mode at once, and SQLite's own waiting does not cover that."""
    until = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute(statement).fetchall()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _row(result: StoredResult, document: bytes | None, now: float) -> tuple[object, ...]:
    return (
        result.key, result.stage, result.type, result.artifact_digest, result.blob, document,
        canonical_json(dict(result.notes)).decode(), canonical_json(dict(result.environment)).decode(),
        result.seconds, int(result.degraded), now,
    )  # fmt: skip


def _result(
    row: tuple[str, str, str, str, str, bytes | None, str, str, float, int],
) -> tuple[StoredResult, bytes | None]:
    key, stage, kind, digest, blob, document, notes, environment, seconds, degraded = row
    stored = StoredResult(
        key=key, stage=stage, type=kind, artifact_digest=digest, blob=blob, inline=document is not None,
        notes=json.loads(notes), environment=json.loads(environment), seconds=seconds,
        degraded=bool(degraded),
    )  # fmt: skip
    return stored, document
