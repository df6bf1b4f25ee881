"""The one thread in which stages run, so that nobody has to wait for a stage that hangs."""

from __future__ import annotations

import contextlib
import contextvars
import queue
import threading
import time
from collections.abc import Callable
from typing import Final, TypeVar, cast

from orchestrator.errors import Cancelled

T = TypeVar("T")
PATIENCE: Final = 2.0
"""Seconds that a call which was told to stop has for it."""
_POLL: Final = 0.1


class _Answer:
    """How a call ended."""

    __slots__ = ("error", "value")

    def __init__(self, value: object, error: BaseException | None) -> None:
        self.value, self.error = value, error


class WorkThread:
    """Carries out calls one after the other, in one thread.

    The caller waits for each and hears meanwhile what it tells; once the user asked to stop it waits for some
    seconds, and then leaves the call behind.
    It is one thread for a whole run, for numeric libraries keep their own threads for each that calls them.
    """

    def __init__(self, stopped: Callable[[], bool], patience: float = PATIENCE) -> None:
        """Starts nothing yet.

        Args:
            stopped: whether the user asked to stop.
            patience: seconds that a call has for it.
        """
        self._stopped, self._patience = stopped, patience
        self._tasks: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._heard: queue.SimpleQueue[Callable[[], None] | _Answer] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self.broken_off = False
        self.left_behind = False
        self.deaf = False

    def call(self, function: Callable[[], T]) -> T:
        """What the function gives, or its exception, out of the thread.

        Raises:
            Cancelled: the user asked to stop, and the call did not end in time; see `left_behind`.
            KeyboardInterrupt: Ctrl-C, after the call had its time to end.
        """
        self._begin(cast("Callable[[], object]", function))
        until = float("inf")
        while True:
            try:
                answer = self._next(until)
            except KeyboardInterrupt:
                if self.broken_off:
                    self.left_behind = True
                    raise
                self.broken_off, until = True, time.monotonic() + self._time()
                continue
            if answer is not None:
                return self._ended(answer)
            if until == float("inf") and self._stopped():
                until = time.monotonic() + self._time()

    def tell(self, message: Callable[[], None]) -> None:
        """From within a call: has something done in the caller's thread, without waiting for it."""
        if threading.current_thread() is self._thread:
            self._heard.put(message)
        else:
            message()

    def close(self) -> None:
        """Ends the thread; one that was left behind ends with its call, or with the process."""
        if self._thread is not None:
            self._tasks.put(None)
            if not self.left_behind:
                self._thread.join(self._patience)

    def _begin(self, function: Callable[[], object]) -> None:
        if self._thread is None:
            context = contextvars.copy_context()
            self._thread = threading.Thread(
                target=context.run, args=(self._work,), name="orchestrator-stages", daemon=True
            )
            self._thread.start()
        self._tasks.put(function)

    def _next(self, until: float) -> _Answer | None:
        """The call's end; None after a message, or when nothing was heard for a moment."""
        heard: Callable[[], None] | _Answer | None = None
        with contextlib.suppress(queue.Empty):
            heard = self._heard.get(timeout=_POLL)
        if isinstance(heard, _Answer):
            return heard
        if heard is not None:
            heard()
        if time.monotonic() > until:
            self.left_behind = True
            raise KeyboardInterrupt if self.broken_off else Cancelled
        return None

    def _ended(self, answer: _Answer) -> T:  # pyright: ignore[reportInvalidTypeVarUse] - what the call gave
        if self.broken_off:
            raise KeyboardInterrupt
        if answer.error is not None:
            raise answer.error
        return cast("T", answer.value)

    def _time(self) -> float:
        """Who is deaf, as a model that loads is, is not waited for."""
        return 0.0 if self.deaf else self._patience

    def _work(self) -> None:
        while (function := self._tasks.get()) is not None:
            try:
                answer = _Answer(function(), None)
            except BaseException as error:  # noqa: BLE001 - whatever it is, it is the caller's to judge
                answer = _Answer(None, error)
            self._heard.put(answer)
            del function, answer
