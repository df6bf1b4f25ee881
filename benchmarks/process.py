"""A command as a whole process: its time, its CPU time, its peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds and bytes of one process."""

    wall: float
    cpu: float
    peak: int


def measured(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Figures:
    """Runs a command to its end; raises CalledProcessError with what it printed when it fails.

    Bytecode may be kept, as it is on a user's machine, whatever this machine says.
    """
    began = time.perf_counter()
    child = subprocess.Popen(
        command,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "", **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    printed = child.stdout.read() if child.stdout else ""
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.stderr.write(printed)
        raise subprocess.CalledProcessError(child.returncode, command)
    unit = 1 if sys.platform == "darwin" else 1024
    return Figures(time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)
