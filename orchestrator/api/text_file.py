"""A text written where the user says: a drawing, a schema, a recipe."""

from __future__ import annotations

from pathlib import Path

from orchestrator.errors import Diagnostic, InvalidInput, Span


def write_text(file: str | Path, text: str) -> Path:
    """Writes a text in UTF-8 with a line end behind it, over what stood there.

    Raises:
        InvalidInput: the system refuses (E407).
    """
    target = Path(file)
    try:
        target.write_text(text + "\n", encoding="utf-8", newline="\n")
    except (OSError, UnicodeError) as error:
        raise InvalidInput([unwritable(target, error)]) from error
    return target


def unwritable(target: Path, error: Exception) -> Diagnostic:
    """The finding for a file that the system does not let us write (E407)."""
    said = getattr(error, "strerror", None) or type(error).__name__
    return Diagnostic(
        code="E407",
        message=f"{target.as_posix()} cannot be written: {said}",
        span=Span.point("<command line>"),
        why="The folder must exist, and you must be allowed to write there.",
        help="name a file in a folder of your own",
    )
