"""trust: which stage files and project settings this machine takes from a clone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from orchestrator.config import config_folder
from orchestrator.config.trust import Trust
from orchestrator.errors import Diagnostic, InvalidInput, Span


def trust(file: str | Path) -> str:
    """Trusts a stage file, or a project's `orchestrator.toml`, as it is now; nothing is imported. Its digest.

    Raises:
        InvalidInput: the file cannot be read, or the list not be written (E453).
    """
    try:
        return Trust(config_folder()).add(Path(file))
    except OSError as error:
        raise InvalidInput([_impossible(str(file), error)]) from error


def distrust(file: str | Path) -> bool:
    """Takes a file off the list; whether it stood there."""
    return Trust(config_folder()).remove(Path(file))


def trusted() -> Mapping[str, str]:
    """Digest by path of all that is trusted."""
    return Trust(config_folder()).files()


def _impossible(file: str, error: OSError) -> Diagnostic:
    return Diagnostic(
        code="E453",
        message=f"{file!r} cannot be trusted: {error.strerror or type(error).__name__}",
        span=Span.point("<command line>"),
        why="Its bytes are read and their digest is kept in your config folder.",
        help="name a file that you may read: a stage file, or an orchestrator.toml",
    )
