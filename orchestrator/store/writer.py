"""One thread that encodes and writes results while the next ones are made; commits go in groups."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

from orchestrator.store.model import NewResult, StoredResult
from orchestrator.store.store import Store

K = TypeVar("K")
_GROUP = 256
_GROUP_SECONDS = 0.05
_WAITING_AT_MOST = 8  # pictures in memory between the painter and the disk


@dataclass(frozen=True, slots=True)
class Written(Generic[K]):
    """What became of a submitted result: `stored` once it is on the disk, else the error."""

    token: K
    stored: StoredResult | None
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class _Task(Generic[K]):
    token: K
    result: NewResult


class GroupedWriter(Generic[K]):
    """Takes results from one thread and acknowledges them to it after their commit.

    A commit ends each group: 256 results, or 50 ms after the first of them, or when `flush` asks.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tasks: queue.Queue[_Task[K] | threading.Event | None] = queue.Queue(_WAITING_AT_MOST)
        self._written: queue.SimpleQueue[Written[K]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="orchestrator-writer", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(self, token: K, result: NewResult) -> None:
        """Hands a result over; waits while too many are before it."""
        self._tasks.put(_Task(token, result))

    def acknowledged(self) -> Iterator[Written[K]]:
        """What has been committed (or failed) since the last look; does not wait."""
        with contextlib.suppress(queue.Empty):
            while True:
                yield self._written.get_nowait()

    def flush(self) -> Iterator[Written[K]]:
        """Waits until everything submitted is committed, and gives what was not given yet."""
        done = threading.Event()
        self._tasks.put(done)
        done.wait()
        return self.acknowledged()

    def close(self) -> None:
        """Commits what was submitted and ends the thread."""
        if self._thread.is_alive():
            self._tasks.put(None)
            self._thread.join()

    def _work(self) -> None:
        group: list[tuple[K, tuple[StoredResult, bytes | None]]] = []
        deadline = 0.0
        while True:
            task = self._next(deadline if group else None)
            if isinstance(task, _Task):
                deadline = deadline if group else time.monotonic() + _GROUP_SECONDS
                self._write(task, group)
            if not isinstance(task, _Task) or len(group) >= _GROUP or time.monotonic() >= deadline:
                self._commit(group)
            if isinstance(task, threading.Event):
                task.set()
            if task is None:
                return

    def _next(self, deadline: float | None) -> _Task[K] | threading.Event | str | None:
        """The next task; "late" when the group's time is over before one comes."""
        if deadline is None:
            return self._tasks.get()
        try:
            return self._tasks.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            return "late"

    def _write(self, task: _Task[K], group: list[tuple[K, tuple[StoredResult, bytes | None]]]) -> None:
        try:
            group.append((task.token, self._store.write(task.result)))
        except Exception as error:  # noqa: BLE001 - whatever the disk or an artifact does, the run is told
            self._written.put(Written(task.token, None, error))

    def _commit(self, group: list[tuple[K, tuple[StoredResult, bytes | None]]]) -> None:
        if not group:
            return
        try:
            self._store.commit([written for _, written in group])
        except Exception as error:  # noqa: BLE001 - as above
            for token, _ in group:
                self._written.put(Written(token, None, error))
        else:
            for token, (stored, _) in group:
                self._written.put(Written(token, stored))
        group.clear()
