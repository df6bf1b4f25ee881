"""Ctrl-C: the first one stops in good order, the second at once."""

from __future__ import annotations

import os
import signal
from types import FrameType, TracebackType
from typing import Any, Self

from orchestrator.cli.status import STOPPED
from orchestrator.events import Event, Listener, ModelLoading

_MESSAGE = b"\nStopping; what is finished stays. Press Ctrl-C again to stop at once.\n"
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupt:
    """While it is entered, the first signal sets a flag that the run looks at between steps.

    While a model is loading nobody looks at the flag, for many seconds at times, and nothing would be lost:
    there it raises KeyboardInterrupt.

    The second one ends the process where it stands; results are journalled as they are made, so nothing that
    was finished is lost by it.
    """

    def __init__(self) -> None:
        self._asked = False
        self._loading = False
        self._before: dict[signal.Signals, Any] = {}

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
        for number in _SIGNALS:
            try:
                self._before[number] = signal.signal(number, self._handle)
            except ValueError:
                return self
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Gives the signals back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if self._asked:
            os._exit(STOPPED)
        self._asked = True
        os.write(2, _MESSAGE)  # a stream may be in the midst of a write of its own
        if self._loading:
            raise KeyboardInterrupt
