"""The journal: one SQLite file that says which results there are."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from pathlib import Path

from orchestrator.store.findings import damaged_journal, newer_journal
from orchestrator.store.model import StoredResult
from orchestrator.store.rows import COLUMNS, read_row, row_of

SCHEMA_VERSION = 2
_BUSY_SECONDS = 30.0
_ASKED_AT_ONCE = 500
_BROKEN = ("no such table", "no such column", "malformed")
"""What SQLite says of a file whose very tables are lost."""
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
    stored_at REAL NOT NULL,
    seal TEXT
)
"""
_SEAL = "ALTER TABLE results ADD COLUMN seal TEXT"
_INDEX = "CREATE INDEX results_by_key ON results (key, degraded, id)"
_BY_ARTIFACT = "CREATE INDEX IF NOT EXISTS results_by_artifact ON results (artifact_digest)"
_COLUMNS = ", ".join(COLUMNS)
_SET_ASIDE = "CREATE TABLE IF NOT EXISTS set_aside AS SELECT * FROM results WHERE 0"
_MOVE = "INSERT INTO set_aside SELECT * FROM results WHERE {}"
_INSERT = f"""
INSERT INTO results ({_COLUMNS}, stored_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12 WHERE NOT EXISTS (
    SELECT 1 FROM results WHERE key = ?1 AND artifact_digest = ?4 AND blob = ?5 AND degraded = ?10
)
"""  # noqa: S608 - the columns are a constant


class Journal:
    """Results by key. One connection under a lock: groups are short, and SQLite orders processes.

    Once it is closed, each question opens the file for its own time: who holds a run may still look at its
    pictures, and nothing stays open. `damaged` holds the keys of rows that were not as they were written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self.damaged: set[str] = set()
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
        rows = [(*row_of(result, document), now) for result, document in results]
        with self._connected() as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(_INSERT, rows)

    def candidates(self, keys: Sequence[str]) -> Iterator[tuple[StoredResult, bytes | None]]:
        """All results of these keys: sound ones before degraded ones, older ones before younger ones.

        A row that is not as it was written is put aside, so that its result is made again and found.
        """
        for start in range(0, len(keys), _ASKED_AT_ONCE):
            asked = keys[start : start + _ASKED_AT_ONCE]
            marks = ",".join("?" * len(asked))
            yield from self._read(f"key IN ({marks}) ORDER BY key, degraded, id", asked)

    def holding(self, artifact_digest: str) -> list[tuple[StoredResult, bytes | None]]:
        """All results with this artifact, older ones first."""
        return list(self._read("artifact_digest = ? ORDER BY id", [artifact_digest]))

    def put_aside(self, stored: StoredResult) -> None:
        """Takes a result that is not what it says out of the lookups; a table of its own keeps the row."""
        where = "key = ? AND artifact_digest = ? AND blob = ?"
        self._put_aside(where, [stored.key, stored.artifact_digest, stored.blob])

    def _read(self, where: str, values: Sequence[object]) -> Iterator[tuple[StoredResult, bytes | None]]:
        query = f"SELECT {_COLUMNS}, id FROM results WHERE {where}"  # noqa: S608 - written out by the callers
        with self._connected() as connection:
            rows = _rows(connection, query, values)
        for row in rows:
            found = read_row(row)
            if found is not None:
                yield found
                continue
            self.damaged.add(str(row[0]))
            self._put_aside("id = ?", [row[-1]])

    def _put_aside(self, where: str, values: Sequence[object]) -> None:
        """A disk that takes no change leaves the row where it is; it is seen through each time."""
        with contextlib.suppress(OSError), self._connected() as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(_SET_ASIDE)
            connection.execute(_MOVE.format(where), values)
            connection.execute(f"DELETE FROM results WHERE {where}", values)  # noqa: S608 - as above

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
            elif version < SCHEMA_VERSION:
                connection.execute(_SEAL)
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            connection.execute(_BY_ARTIFACT)

    @contextlib.contextmanager
    def _explained(self) -> Generator[None]:
        """A broken file is a finding; a disk that is full or locked stays an OSError for the item's sake."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if str(error).startswith(_BROKEN):
                raise damaged_journal(self._path, error) from error
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


def _rows(connection: sqlite3.Connection, query: str, values: Sequence[object]) -> list[tuple[object, ...]]:
    """The rows; a text that is no UTF-8 any more is for the seal to find."""
    try:
        return connection.execute(query, values).fetchall()
    except sqlite3.OperationalError as error:
        if "decode" not in str(error):
            raise
    connection.text_factory = _as_far_as_it_goes
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.text_factory = str


def _as_far_as_it_goes(data: bytes) -> str:
    return data.decode(errors="replace")
