"""A recipe by path or by the name of a ready one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Final

from orchestrator.errors import Diagnostic, InvalidInput, Span, UnknownRecipe, unknown
from orchestrator.frozen import Frozen
from orchestrator.library import ready_recipes
from orchestrator.plain_file import read_plain_file

_MOST_BYTES: Final = 64 * 1024 * 1024
"""More is not even read; the cap of recipes, which an operator may raise, is far below."""


class Located(Frozen):
    """A recipe's bytes, the name to show for it, and the folder against which its paths count.

    `ready` says that it is one of ours, which writes nothing beside itself. `drafts` are bytes that count in
    place of those of files beside it, by their whole path with links followed.
    """

    data: bytes
    file: str
    base: Path
    ready: bool = False
    drafts: Mapping[Path, bytes] = field(default_factory=dict[Path, bytes], repr=False)

    @property
    def home(self) -> Path:
        """The folder that exports count from: the recipe's own, for a ready one the current folder."""
        return Path() if self.ready else self.base


def locate(recipe: str | Path) -> Located:
    """Reads a recipe file, or the ready recipe of this name.

    Raises:
        UnknownRecipe: neither exists (E401), or the file cannot be read (E402).
    """
    path = Path(recipe)
    ready = ready_recipes()
    ours = not path.exists() and str(recipe) in ready
    if ours:
        path = ready[str(recipe)]
    if not path.exists():
        raise UnknownRecipe([_unknown(str(recipe), tuple(ready))])
    try:
        data = read_plain_file(path, _MOST_BYTES)
        return Located(data, path.name if ours else str(recipe), path.parent, ready=ours)
    except OSError as error:
        raise UnknownRecipe([_unreadable(str(recipe), error)]) from error


def _unknown(name: str, ready: tuple[str, ...]) -> Diagnostic:
    return unknown(
        "E401",
        f"there is no recipe {name!r}",
        name,
        Span.point("<command line>"),
        ready,
        why=f"It is no file, and the ready recipes are: {', '.join(ready)}.",
        otherwise="name a file, or a ready recipe",
    )


def _unreadable(name: str, error: OSError) -> Diagnostic:
    kind = "it is a folder" if Path(name).is_dir() else (error.strerror or type(error).__name__)
    return Diagnostic(
        code="E402",
        message=f"the recipe {name!r} cannot be read: {kind}",
        span=Span.point(name),
        why="A recipe is one text file.",
        help="name the .yaml file itself, and see that you may read it",
    )


def require_text(finding: Diagnostic, located: Located) -> InvalidInput:
    """The finding with the recipe's text beside it, so that a renderer shows the lines."""
    return InvalidInput([finding], {located.file: located.data.decode(errors="replace")})
