"""Ctrl-C: the first one stops in good order and within seconds, the second at once."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
from types import FrameType, TracebackType
from typing import Any, Final, Self

from orchestrator.cli.status import STOPPED
from orchestrator.events import Event, Listener, ModelLoading

_MESSAGE: Final = b"\nStopping; what is finished stays. Press Ctrl-C again to stop at once.\n"
_GIVEN_UP: Final = (
    b"Stopped, though something did not end; what is finished stays. The same command goes on from here.\n"
)
_PATIENCE: Final = 3.0
"""Seconds in which a stage may still end by itself; a stage that hangs never does."""
_NAMES: Final = ("SIGINT", "SIGTERM", "SIGHUP")
_SIGNALS: Final = tuple(getattr(signal, name) for name in _NAMES if hasattr(signal, name))


class Interrupt:
    """While it is entered, the first signal sets a flag that the run looks at between steps.

    While a model is loading nobody looks at the flag, for many seconds at times, and nothing would be lost:
    there it raises KeyboardInterrupt.

    The second one ends the process where it stands, and so does a thread three seconds after the first, for a
    stage may hang, in Python or in a library. Results are journalled as they are made, so nothing that was
    finished is lost by it.
    """

    def __init__(self) -> None:
        self._asked = False
        self._loading = False
        self._before: dict[int, Any] = {}
        self._ears: tuple[socket.socket, socket.socket] | None = None
        self._wakeup_before = -1

    def __call__(self) -> bool:
        """Whether the user asked to stop."""
        return self._asked

    def watching(self, listener: Listener) -> Listener:
        """The listener, seen to: an event after that of a model's loading says that it is there."""

        def listen(event: Event) -> None:
            self._loading = isinstance(event, ModelLoading)
            listener(event)

        return listen

    def __enter__(self) -> Self:
        """Takes over the signals; in a thread that cannot, they stay as they are."""
        if threading.current_thread() is not threading.main_thread():
            return self
        self._listen()
        for number in _SIGNALS:
            self._before[number] = signal.signal(number, self._handle)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Gives the signals back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        if self._ears is not None:
            signal.set_wakeup_fd(self._wakeup_before)
            for ear in self._ears:
                ear.close()

    def _listen(self) -> None:
        """A signal is heard by a thread of its own, also while the main one is in the midst of a call."""
        self._ears = heard, told = socket.socketpair()
        told.settimeout(0)
        self._wakeup_before = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
        threading.Thread(target=_end_in_time, args=(heard,), name="orchestrator-stop", daemon=True).start()

    def _handle(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if self._asked:
            os._exit(STOPPED)
        self._asked = True
        _tell(_MESSAGE)
        if self._loading:
            raise KeyboardInterrupt


def _end_in_time(heard: socket.socket) -> None:
    """Ends the process at the second signal, or when the first was long ago; not when it is closed."""
    with contextlib.suppress(OSError):
        if not heard.recv(1):
            return
        heard.settimeout(_PATIENCE)
        try:
            if not heard.recv(1):
                return
        except TimeoutError:
            _tell(_GIVEN_UP)
        os._exit(STOPPED)


def _tell(message: bytes) -> None:
    """Past the stream, which may be in the midst of a write of its own; nobody may be there to read it."""
    with contextlib.suppress(OSError):
        os.write(2, message)
