"""Whether an output folder can be written, and is no other recipe's, asked before anything is rendered."""

from __future__ import annotations

import tempfile
from pathlib import Path

from orchestrator.errors import Diagnostic, Span
from orchestrator.export.manifest import read_manifest
from orchestrator.export.owner import Owner

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
    except (OSError, UnicodeError) as error:
        return _refused(path, error, span, advice)


def other_recipe(path: Path, owner: Owner) -> Diagnostic | None:
    """E425: the folder holds the run of another recipe of this name, so that nobody could tell them apart."""
    others = {
        entry.owner.shown(path): entry.owner
        for entry in read_manifest(path).values()
        if entry.owner.name == owner.name and not owner.is_same(entry.owner, path)
    }
    if not others:
        return None
    return Diagnostic(
        code="E425",
        message=f"the output folder {_short(path)} holds what the recipe {next(iter(others))} made",
        span=_COMMAND_LINE,
        why="Both have one name; in one folder they would replace each other's page and pictures.",
        help="name another folder; or delete this one, if nobody needs it any more",
        fix=f"--out {_quoted(path.with_name(f'{path.name}-2'))}",
    )


def led_elsewhere(path: Path) -> Diagnostic | None:
    """E426: the folder that nobody named is a link, or lies in one, and leads elsewhere."""
    link = next((part for part in (path, path.parent) if part.is_symlink()), None)
    if link is None:
        return None
    return Diagnostic(
        code="E426",
        message=f"{_short(link)} is a link to {_short(link.resolve())}",
        span=_COMMAND_LINE,
        why="Links come with clones and archives too; files go where one leads only if you name it.",
        help="name the folder yourself, if this is what you want",
        fix=f"--out {_quoted(path)}",
    )


def _quoted(path: Path) -> str:
    text = path.as_posix()
    return f'"{text}"' if " " in text else text


def _file_in_the_way(path: Path, file: Path, span: Span, advice: str) -> Diagnostic:
    where = "it is a file" if file == path else f"{file.as_posix()} is a file"
    return Diagnostic(
        code="E420",
        message=f"the output folder {_short(path)} cannot be made: {where}",
        span=span,
        why="Pictures are written into a folder; this is checked before any work.",
        help=f"{advice}, or move the file away",
    )


def _refused(path: Path, error: Exception, span: Span, advice: str) -> Diagnostic:
    reason = getattr(error, "strerror", None) or type(error).__name__
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
