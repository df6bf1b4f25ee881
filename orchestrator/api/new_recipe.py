"""new: a ready recipe copied beside one's own work, to be changed there."""

from __future__ import annotations

from pathlib import Path

from orchestrator.api.text_file import unwritable
from orchestrator.errors import Diagnostic, InvalidInput, Span, unknown
from orchestrator.library import ready_recipes


def new(name: str, to: str | Path | None = None) -> Path:
    """Copies the ready recipe `name` to a file (`NAME.yaml` here unless told) and returns its path.

    Raises:
        InvalidInput: no such recipe (E404), a file stands there (E405), or it cannot be written (E407).
    """
    ready = ready_recipes()
    if name not in ready:
        raise InvalidInput([_unknown(name, tuple(ready))])
    target = Path(to) if to is not None else Path(f"{name}.yaml")
    if target.is_dir():
        target /= f"{name}.yaml"
    _write(target, ready[name].read_text(encoding="utf-8"))
    return target


def _write(target: Path, text: str) -> None:
    try:
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise InvalidInput([_stands(target)]) from error
    except (OSError, UnicodeError) as error:
        raise InvalidInput([unwritable(target, error)]) from error


def _unknown(name: str, ready: tuple[str, ...]) -> Diagnostic:
    point = Span.point("<command line>")
    why = f"The ready recipes are: {', '.join(ready)}."
    return unknown("E404", f"there is no ready recipe {name!r}", name, point, ready, why=why)


def _stands(target: Path) -> Diagnostic:
    return Diagnostic(
        code="E405",
        message=f"{target.as_posix()} exists already",
        span=Span.point("<command line>"),
        why="A recipe may hold hours of work; it is never overwritten.",
        help="name another file: `orchestrator new NAME OTHER.yaml`",
    )
