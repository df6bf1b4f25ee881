"""What could not be written, as findings: after the work, so that nothing of it is lost."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from orchestrator.errors import Diagnostic
from orchestrator.errors.phrases import listed
from orchestrator.export.folder import Written

_FULL = ("No space left", "Disk quota", "not enough space")


def blocked_files(written: Written, out: Path) -> tuple[Diagnostic, ...]:
    """E428: files that could not be written, one finding for each reason."""
    by_reason: dict[str, list[str]] = {}
    for name, reason in written.blocked.items():
        by_reason.setdefault(reason, []).append(name)
    return tuple(_blocked(out, reason, names) for reason, names in by_reason.items())


def _blocked(out: Path, reason: str, names: list[str]) -> Diagnostic:
    whole = names == ["."]
    what = "nothing" if whole else (names[0] if len(names) == 1 else f"{len(names)} files")
    could = "could be written" if whole else "could not be written"
    return Diagnostic(
        code="E428",
        message=f"{what} {could} in {out.as_posix()}: {reason}",
        why="What was made is in the store; nothing of it has to be made again."
        + ("" if len(names) < 2 else f" These files are missing: {listed(names)}."),  # noqa: PLR2004 - several
        help=_advice(reason),
    )


def _advice(reason: str) -> str:
    again = "then run the same command again"
    advice: Mapping[str, str] = {
        "full": f"free some space, or name another folder with --out; {again}",
        "recipe": "name another folder: `--out` for a run, `to:` for an export",
        "other": f"see that the folder can be written and that no other program has the files open; {again}",
    }
    if any(word in reason for word in _FULL):
        return advice["full"]
    return advice["recipe" if reason.startswith("the recipe ") else "other"]
