"""One thread that encodes and writes results while the next ones are made; commits go in groups."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, Self, TypeAlias, TypeVar

from orchestrator.store.model import NewResult, StoredResult
from orchestrator.store.store import Store

K = TypeVar("K")
GiveUp: TypeAlias = Callable[[], bool]
"""Whether to wait no longer."""
_GROUP = 256
_GROUP_SECONDS = 0.05
_POLL_SECONDS = 0.2
_WAITING_AT_MOST = 8  # pictures in memory between the painter and the disk


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Written(Generic[K]):
    """What became of a submitted result: `stored` once it is on the disk, else the error."""

    token: K
    stored: StoredResult | None
    error: BaseException | None = None


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
        self._group: list[tuple[K, tuple[StoredResult, bytes | None]]] = []
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="orchestrator-writer", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(self, token: K, result: NewResult, give_up: GiveUp = _never) -> None:
        """Hands a result over; waits while too many are before it, unless it is to give up."""
        self._put(_Task(token, result), give_up)

    def acknowledged(self) -> Iterator[Written[K]]:
        """What has been committed (or failed) since the last look; does not wait."""
        with contextlib.suppress(queue.Empty):
            while True:
                yield self._written.get_nowait()

    def flush(self, give_up: GiveUp = _never) -> Iterator[Written[K]]:
        """Waits until everything submitted is committed, and gives what was not given yet.

        An artifact is a stage's own code, and its encoding may hang: `give_up` is asked meanwhile.
        """
        done = threading.Event()
        if self._put(done, give_up):
            while not done.wait(_POLL_SECONDS):
                if give_up():
                    self._commit()  # what was encoded before the one that hangs
                    break
        return self.acknowledged()

    def close(self, give_up: GiveUp = _never) -> None:
        """Commits what was submitted and ends the thread; one that hangs is left behind."""
        if self._put(None, give_up):
            while self._thread.is_alive() and not give_up():
                self._thread.join(_POLL_SECONDS)

    def _put(self, task: _Task[K] | threading.Event | None, give_up: GiveUp) -> bool:
        """Whether the thread took it; it takes nothing once it is closed."""
        while self._thread.is_alive():
            with contextlib.suppress(queue.Full):
                self._tasks.put(task, timeout=_POLL_SECONDS)
                return True
            if give_up():
                return False
        return False

    def _work(self) -> None:
        deadline = 0.0
        while True:
            task = self._next(deadline if self._group else None)
            if isinstance(task, _Task):
                deadline = deadline if self._group else time.monotonic() + _GROUP_SECONDS
                self._write(task)
            if not isinstance(task, _Task) or len(self._group) >= _GROUP or time.monotonic() >= deadline:
                self._commit()
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

    def _write(self, task: _Task[K]) -> None:
        try:
            written = self._store.write(task.result)
        except BaseException as error:  # noqa: BLE001 - whatever disk or artifact do, the run is told
            self._written.put(Written(task.token, None, error))
        else:
            with self._lock:
                self._group.append((task.token, written))

    def _commit(self) -> None:
        with self._lock:
            group, self._group = self._group, []
            if not group:
                return
            try:
                self._store.commit([written for _, written in group])
            except BaseException as error:  # noqa: BLE001 - as above
                for token, _ in group:
                    self._written.put(Written(token, None, error))
            else:
                for token, (stored, _) in group:
                    self._written.put(Written(token, stored))
