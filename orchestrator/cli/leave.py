"""The end of the process: a thread or an exit hook that a stage left behind does not hold it."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from typing import Final

_PATIENCE: Final = 3.0
"""Seconds that what was left behind has to end by itself."""
_TOLD: Final = b"A stage left something running; the process ends without it. What is said above is done.\n"


def leave_in_time(status: int) -> None:
    """Sees to it that the process ends, with this status, where stages were run in it.

    Python waits for every thread that is no daemon, and for every function given to `atexit`, for ever.
    """
    if "orchestrator.runtime" not in sys.modules:
        return
    threading.Thread(target=_end, args=(status,), name="orchestrator-end", daemon=True).start()


def _end(status: int) -> None:
    """It does not come to its end where the process does before.

    Python marks the main thread as ended before it waits for others: a caller that goes on after `main`, as a
    test does, is not ended.
    """
    threading.main_thread().join()
    time.sleep(_PATIENCE)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    with contextlib.suppress(OSError):
        os.write(2, _TOLD)
    os._exit(status)
