"""Whether an output folder can be written, asked before anything is rendered."""

from __future__ import annotations

import tempfile
from pathlib import Path

from orchestrator.errors import Diagnostic, Span


def check_out(path: Path) -> Diagnostic | None:
    """Makes the folder and tries a file in it; the finding when that cannot be done.

    E420: a file stands where the folder, or one above it, should be. E421: the system refuses.
    """
    try:
        standing = (part for part in (path, *path.parents) if part.exists())
        in_the_way = next((part for part in standing if not part.is_dir()), None)
        if in_the_way is not None:
            return _file_in_the_way(path, in_the_way)
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            return None
    except OSError as error:
        return _refused(path, error)


def _file_in_the_way(path: Path, file: Path) -> Diagnostic:
    where = "it is a file" if file == path else f"{file.as_posix()} is a file"
    return Diagnostic(
        code="E420",
        message=f"the output folder {_short(path)} cannot be made: {where}",
        span=Span.point("<command line>"),
        why="Pictures, index.html and run.json are written into a folder; this is checked before any work.",
        help="name another folder with --out, or move the file away",
    )


def _refused(path: Path, error: OSError) -> Diagnostic:
    reason = error.strerror or type(error).__name__
    return Diagnostic(
        code="E421",
        message=f"the output folder {_short(path)} cannot be written: {reason}",
        span=Span.point("<command line>"),
        why="Pictures, index.html and run.json are written into it; this is checked before any work.",
        help="name another folder with --out, or see that you may write there",
    )


def _short(path: Path, most: int = 80) -> str:
    text = path.as_posix()
    return repr(text if len(text) <= most else f"{text[: most - 1]}…")
