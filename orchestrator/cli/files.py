"""Files that a command writes where it would print."""

from __future__ import annotations

from pathlib import Path


def write_text(file: Path, text: str) -> str:
    """Writes the text and says so.

    Raises:
        InvalidInput: the system refuses (E407).
    """
    from orchestrator.api.new_recipe import unwritable
    from orchestrator.errors import InvalidInput

    try:
        file.write_text(text + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise InvalidInput([unwritable(file, error)]) from error
    return f"Wrote {file.as_posix()}."
