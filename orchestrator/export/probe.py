"""Whether an output folder can be written, asked before anything is rendered."""

from __future__ import annotations

import tempfile
from pathlib import Path

from orchestrator.errors import Diagnostic, Span

_COMMAND_LINE = Span.point("<command line>")
_ADVICE = "name another folder with --out"


def check_out(path: Path, span: Span = _COMMAND_LINE, advice: str = _ADVICE) -> Diagnostic | None:
    """Makes the folder and tries a file in it; the finding when that cannot be done.

    E420: a file stands where the folder, or one above it, should be. E421: the system refuses.
    """
    try:
        standing = (part for part in (path, *path.parents) if part.exists())
        in_the_way = next((part for part in standing if not part.is_dir()), None)
        if in_the_way is not None:
            return _file_in_the_way(path, in_the_way, span, advice)
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            return None
    except OSError as error:
        return _refused(path, error, span, advice)


def _file_in_the_way(path: Path, file: Path, span: Span, advice: str) -> Diagnostic:
    where = "it is a file" if file == path else f"{file.as_posix()} is a file"
    return Diagnostic(
        code="E420",
        message=f"the output folder {_short(path)} cannot be made: {where}",
        span=span,
        why="Pictures are written into a folder; this is checked before any work.",
        help=f"{advice}, or move the file away",
    )


def _refused(path: Path, error: OSError, span: Span, advice: str) -> Diagnostic:
    reason = error.strerror or type(error).__name__
    return Diagnostic(
        code="E421",
        message=f"the output folder {_short(path)} cannot be written: {reason}",
        span=span,
        why="Pictures are written into it; this is checked before any work.",
        help=f"{advice}, or see that you may write there",
    )


def _short(path: Path, most: int = 80) -> str:
    text = path.as_posix()
    return repr(text if len(text) <= most else f"{text[: most - 1]}…")
